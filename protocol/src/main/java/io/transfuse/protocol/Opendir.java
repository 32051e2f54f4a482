package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * OPENDIR opens a directory for {@link Readdir}. See opendir(3).
 *
 * <pre>
 * request: node u64
 * reply  : handle u64
 * </pre>
 */
public final class Opendir {
    private static final int NODE = RequestFrame.SIZE;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NODE + 8;

    private static final int REPLY_HANDLE = ReplyFrame.SIZE;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_HANDLE + 8;

    private Opendir() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long node) {
        frame.putLong(NODE, node);
        return RequestFrame.encode(frame, Opcode.OPENDIR, REQUEST_SIZE);
    }

    /** Node of the directory. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Reads handle from a reply. */
    public static long replyHandle(final ByteBuffer frame) {
        return frame.getLong(REPLY_HANDLE);
    }

    /** Writes a successful reply; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final long handle) {
        frame.putLong(REPLY_HANDLE, handle);
        return ReplyFrame.encode(frame, Opcode.OPENDIR, id, REPLY_SIZE);
    }
}
