package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * LISTXATTR reads the NUL-ended names of the extended attributes. Errors: ERANGE when they need more than {@code size}. See listxattr(2).
 * With {@code size} 0 only the size is asked for and the reply holds no names.
 *
 * <pre>
 * request: node u64, size u32
 * reply  : listSize u32, names data
 * </pre>
 */
public final class Listxattr {
    private static final int NODE = RequestFrame.SIZE;
    private static final int SIZE = NODE + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = SIZE + 4;

    private static final int REPLY_LIST_SIZE = ReplyFrame.SIZE;
    /** Where the data of the reply begin; they reach to the end of the frame. */
    public static final int REPLY_NAMES = REPLY_LIST_SIZE + 4;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_NAMES;

    private Listxattr() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long node, final int size) {
        frame.putLong(NODE, node);
        frame.putInt(SIZE, size);
        return RequestFrame.encode(frame, Opcode.LISTXATTR, REQUEST_SIZE);
    }

    /** Node of the object. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Most bytes wanted; 0 asks for the size. */
    public static int size(final ByteBuffer frame) {
        return frame.getInt(SIZE);
    }

    /** Bytes of the list. */
    public static int replyListSize(final ByteBuffer frame) {
        return frame.getInt(REPLY_LIST_SIZE);
    }

    /** Writes a successful reply around names that lie already at {@link #REPLY_NAMES}; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final int listSize, final int namesLength) {
        frame.putInt(REPLY_LIST_SIZE, listSize);
        return ReplyFrame.encode(frame, Opcode.LISTXATTR, id, REPLY_NAMES + namesLength);
    }

    /** How many bytes of names a successful reply holds; at least 0 for any frame. */
    public static int namesLength(final ByteBuffer frame) {
        return Math.max(0, ReplyFrame.length(frame) - REPLY_NAMES);
    }
}
