package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * RMDIR removes an empty directory. See unlinkat(2) with AT_REMOVEDIR.
 *
 * <pre>
 * request: parent u64, name name
 * reply  : (empty)
 * </pre>
 */
public final class Rmdir {
    private static final int PARENT = RequestFrame.SIZE;
    private static final int NAME = PARENT + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NAME;

    private Rmdir() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame, final long parent, final ByteBuffer name, final int nameAt, final int nameLength) {
        frame.putLong(PARENT, parent);
        final int end = Name.put(frame, NAME, name, nameAt, nameLength);
        return RequestFrame.encode(frame, Opcode.RMDIR, end);
    }

    /** Node of the directory. */
    public static long parent(final ByteBuffer frame) {
        return frame.getLong(PARENT);
    }

    /** Where the {@link Name} {@code name} begins: the component to act on. */
    public static int name() {
        return NAME;
    }
}
