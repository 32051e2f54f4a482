package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * SETXATTR sets an extended attribute; {@code flags} are those of {@link XattrFlags}. See setxattr(2).
 *
 * <pre>
 * request: node u64, flags u32, name name, value bytes
 * reply  : (empty)
 * </pre>
 */
public final class Setxattr {
    private static final int NODE = RequestFrame.SIZE;
    private static final int FLAGS = NODE + 8;
    private static final int NAME = FLAGS + 4;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NAME;

    private Setxattr() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame,
            final long node,
            final int flags,
            final ByteBuffer name,
            final int nameAt,
            final int nameLength,
            final ByteBuffer value,
            final int valueAt,
            final int valueLength) {
        frame.putLong(NODE, node);
        frame.putInt(FLAGS, flags);
        final int nameEnd = Name.put(frame, NAME, name, nameAt, nameLength);
        final int end = Bytes.put(frame, nameEnd, value, valueAt, valueLength);
        return RequestFrame.encode(frame, Opcode.SETXATTR, end);
    }

    /** Node of the object. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** 0 or bits of {@link XattrFlags}. */
    public static int flags(final ByteBuffer frame) {
        return frame.getInt(FLAGS);
    }

    /** Where the {@link Name} {@code name} begins: the attribute with its namespace. */
    public static int name() {
        return NAME;
    }

    /** Where the {@link Bytes} {@code value} begins: at most {@link Limits#XATTR_SIZE_MAX}. */
    public static int value(final ByteBuffer frame) {
        return Name.end(frame, name());
    }
}
