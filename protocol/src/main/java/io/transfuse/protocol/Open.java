package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * OPEN opens {@code node}, a regular file; {@code flags} are those of {@link OpenFlags}. See open(2).
 *
 * <pre>
 * request: node u64, flags u32
 * reply  : handle u64
 * reply to {@link OpenFlags#CONTENT}: handle u64, attributes attributes, content data
 * </pre>
 *
 * <p>The content is that of the whole file or empty. With the content of a file that is not empty the handle is 0: nothing
 * is open on the host.
 */
public final class Open {
    private static final int NODE = RequestFrame.SIZE;
    private static final int FLAGS = NODE + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = FLAGS + 4;

    private static final int REPLY_HANDLE = ReplyFrame.SIZE;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_HANDLE + 8;

    private Open() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long node, final int flags) {
        frame.putLong(NODE, node);
        frame.putInt(FLAGS, flags);
        return RequestFrame.encode(frame, Opcode.OPEN, REQUEST_SIZE);
    }

    /** Node of the file. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Access mode and bits of {@link OpenFlags}. */
    public static int flags(final ByteBuffer frame) {
        return frame.getInt(FLAGS);
    }

    /** Reads handle from a reply. */
    public static long replyHandle(final ByteBuffer frame) {
        return frame.getLong(REPLY_HANDLE);
    }

    /** Where the longer reply holds its {@link Attributes}. */
    public static final int REPLY_ATTRIBUTES = REPLY_SIZE;

    /** Where the longer reply holds the content. */
    public static final int REPLY_CONTENT = REPLY_ATTRIBUTES + Attributes.SIZE;

    /** Writes the longer reply around attributes and content that lie in their places; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final long handle, final int contentLength) {
        frame.putLong(REPLY_HANDLE, handle);
        return ReplyFrame.encode(frame, Opcode.OPEN, id, REPLY_CONTENT + contentLength);
    }

    /** Bytes of content in the longer reply. */
    public static int contentLength(final ByteBuffer frame) {
        return ReplyFrame.length(frame) - REPLY_CONTENT;
    }

    /** Writes a successful reply; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final long handle) {
        frame.putLong(REPLY_HANDLE, handle);
        return ReplyFrame.encode(frame, Opcode.OPEN, id, REPLY_SIZE);
    }
}
