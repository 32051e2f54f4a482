package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * GETPATH tells where the directory {@code node} stands at present: its path from the mount's root, without a slash at either
 * end, and empty for the root. The guest, which has lost the way to a directory that it still holds, finds it again by that;
 * the path may be of the past when it arrives. ESTALE when the directory is not in the mount any more.
 *
 * <pre>
 * request: node u64
 * reply  : path data
 * </pre>
 */
public final class Getpath {
    private static final int NODE = RequestFrame.SIZE;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NODE + 8;
    /** Where the data of the reply begin; they reach to the end of the frame. */
    public static final int REPLY_PATH = ReplyFrame.SIZE;

    private Getpath() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long node) {
        frame.putLong(NODE, node);
        return RequestFrame.encode(frame, Opcode.GETPATH, REQUEST_SIZE);
    }

    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Writes a successful reply around a path that lies already at {@link #REPLY_PATH}; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final int pathLength) {
        return ReplyFrame.encode(frame, Opcode.GETPATH, id, REPLY_PATH + pathLength);
    }

    /** How many bytes of path a successful reply holds; at least 0 for any frame. */
    public static int pathLength(final ByteBuffer frame) {
        return Math.max(0, ReplyFrame.length(frame) - REPLY_PATH);
    }
}
