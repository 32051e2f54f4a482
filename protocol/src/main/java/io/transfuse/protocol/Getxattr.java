package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * GETXATTR reads an extended attribute. Errors: ENODATA; ERANGE when the value is larger than {@code size}. See getxattr(2).
 * With {@code size} 0 only the size is asked for and the reply holds no value.
 *
 * <pre>
 * request: node u64, size u32, name name
 * reply  : valueSize u32, value data
 * </pre>
 */
public final class Getxattr {
    private static final int NODE = RequestFrame.SIZE;
    private static final int SIZE = NODE + 8;
    private static final int NAME = SIZE + 4;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NAME;

    private static final int REPLY_VALUE_SIZE = ReplyFrame.SIZE;
    /** Where the data of the reply begin; they reach to the end of the frame. */
    public static final int REPLY_VALUE = REPLY_VALUE_SIZE + 4;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_VALUE;

    private Getxattr() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame,
            final long node,
            final int size,
            final ByteBuffer name,
            final int nameAt,
            final int nameLength) {
        frame.putLong(NODE, node);
        frame.putInt(SIZE, size);
        final int end = Name.put(frame, NAME, name, nameAt, nameLength);
        return RequestFrame.encode(frame, Opcode.GETXATTR, end);
    }

    /** Node of the object. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Largest value wanted in bytes; 0 asks for the size. */
    public static int size(final ByteBuffer frame) {
        return frame.getInt(SIZE);
    }

    /** Where the {@link Name} {@code name} begins: the attribute with its namespace. */
    public static int name() {
        return NAME;
    }

    /** Bytes of the value. */
    public static int replyValueSize(final ByteBuffer frame) {
        return frame.getInt(REPLY_VALUE_SIZE);
    }

    /** Writes a successful reply around value that lie already at {@link #REPLY_VALUE}; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final int valueSize, final int valueLength) {
        frame.putInt(REPLY_VALUE_SIZE, valueSize);
        return ReplyFrame.encode(frame, Opcode.GETXATTR, id, REPLY_VALUE + valueLength);
    }

    /** How many bytes of value a successful reply holds; at least 0 for any frame. */
    public static int valueLength(final ByteBuffer frame) {
        return Math.max(0, ReplyFrame.length(frame) - REPLY_VALUE);
    }
}
