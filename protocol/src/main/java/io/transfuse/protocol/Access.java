package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * ACCESS asks whether the caller may do what {@code mask} says (access(2), chdir(2)); needs {@link Features#PERMISSIONS}.
 * Errors: EACCES; EINVAL for unknown bits; ESTALE when the node is not to be found any more.
 *
 * <pre>
 * request: node u64, mask u32, zero u32
 * reply  : nothing
 * </pre>
 */
public final class Access {
    private static final int NODE = RequestFrame.SIZE;
    private static final int MASK = NODE + 8;
    private static final int ZERO = MASK + 4;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = ZERO + 4;

    private Access() {}

    /**
     * Writes the request and returns its length in bytes.
     *
     * @param mask bits of {@link AccessMask}
     */
    public static int encode(final ByteBuffer frame, final long node, final int mask) {
        frame.putLong(NODE, node);
        frame.putInt(MASK, mask);
        frame.putInt(ZERO, 0);
        return RequestFrame.encode(frame, Opcode.ACCESS, REQUEST_SIZE);
    }

    /** Node of the object. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Bits of {@link AccessMask}. */
    public static int mask(final ByteBuffer frame) {
        return frame.getInt(MASK);
    }
}
