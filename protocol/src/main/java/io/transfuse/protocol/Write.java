package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * WRITE writes the data at {@code offset}, or at the end of a file opened with APPEND. See pwrite(2).
 *
 * <pre>
 * request: handle u64, offset u64, flags u32, data data
 * reply  : count u32
 * </pre>
 */
public final class Write {
    private static final int HANDLE = RequestFrame.SIZE;
    private static final int OFFSET = HANDLE + 8;
    private static final int FLAGS = OFFSET + 8;
    private static final int DATA = FLAGS + 4;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = DATA;

    private static final int REPLY_COUNT = ReplyFrame.SIZE;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_COUNT + 4;

    private Write() {}

    /** Writes the request around data that lie already at {@link #REQUEST_SIZE}; returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame, final long handle, final long offset, final int flags, final int dataLength) {
        frame.putLong(HANDLE, handle);
        frame.putLong(OFFSET, offset);
        frame.putInt(FLAGS, flags);
        return RequestFrame.encode(frame, Opcode.WRITE, REQUEST_SIZE + dataLength);
    }

    /** Handle of the open file or directory; 0 where the request may do without one. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** Position in bytes, at most 2^63-1. */
    public static long offset(final ByteBuffer frame) {
        return frame.getLong(OFFSET);
    }

    /** 0 or bits of {@link WriteFlags}. */
    public static int flags(final ByteBuffer frame) {
        return frame.getInt(FLAGS);
    }

    /** How many bytes of data the request holds, from {@link #REQUEST_SIZE} to its end. */
    public static int dataLength(final ByteBuffer frame) {
        return RequestFrame.length(frame) - REQUEST_SIZE;
    }

    /** Bytes written. */
    public static int replyCount(final ByteBuffer frame) {
        return frame.getInt(REPLY_COUNT);
    }

    /** Writes a successful reply; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final int count) {
        frame.putInt(REPLY_COUNT, count);
        return ReplyFrame.encode(frame, Opcode.WRITE, id, REPLY_SIZE);
    }
}
