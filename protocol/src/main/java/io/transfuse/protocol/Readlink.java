package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * READLINK reads the target of the symbolic link {@code node}. See readlink(2).
 *
 * <pre>
 * request: node u64
 * reply  : target data
 * </pre>
 */
public final class Readlink {
    private static final int NODE = RequestFrame.SIZE;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NODE + 8;
    /** Where the data of the reply begin; they reach to the end of the frame. */
    public static final int REPLY_TARGET = ReplyFrame.SIZE;

    private Readlink() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long node) {
        frame.putLong(NODE, node);
        return RequestFrame.encode(frame, Opcode.READLINK, REQUEST_SIZE);
    }

    /** Node of the symbolic link. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Writes a successful reply around target that lie already at {@link #REPLY_TARGET}; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final int targetLength) {
        return ReplyFrame.encode(frame, Opcode.READLINK, id, REPLY_TARGET + targetLength);
    }

    /** How many bytes of target a successful reply holds; at least 0 for any frame. */
    public static int targetLength(final ByteBuffer frame) {
        return Math.max(0, ReplyFrame.length(frame) - REPLY_TARGET);
    }
}
