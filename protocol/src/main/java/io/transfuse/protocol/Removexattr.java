package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * REMOVEXATTR removes an extended attribute. Errors: ENODATA. See removexattr(2).
 *
 * <pre>
 * request: node u64, name name
 * reply  : (empty)
 * </pre>
 */
public final class Removexattr {
    private static final int NODE = RequestFrame.SIZE;
    private static final int NAME = NODE + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NAME;

    private Removexattr() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame, final long node, final ByteBuffer name, final int nameAt, final int nameLength) {
        frame.putLong(NODE, node);
        final int end = Name.put(frame, NAME, name, nameAt, nameLength);
        return RequestFrame.encode(frame, Opcode.REMOVEXATTR, end);
    }

    /** Node of the object. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Where the {@link Name} {@code name} begins: the attribute with its namespace. */
    public static int name() {
        return NAME;
    }
}
