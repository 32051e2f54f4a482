package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * READ reads up to {@code size} bytes at {@code offset}; fewer come back only at the end of the file. See pread(2).
 *
 * <pre>
 * request: handle u64, offset u64, size u32
 * reply  : data data
 * </pre>
 */
public final class Read {
    private static final int HANDLE = RequestFrame.SIZE;
    private static final int OFFSET = HANDLE + 8;
    private static final int SIZE = OFFSET + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = SIZE + 4;
    /** Where the data of the reply begin; they reach to the end of the frame. */
    public static final int REPLY_DATA = ReplyFrame.SIZE;

    private Read() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long handle, final long offset, final int size) {
        frame.putLong(HANDLE, handle);
        frame.putLong(OFFSET, offset);
        frame.putInt(SIZE, size);
        return RequestFrame.encode(frame, Opcode.READ, REQUEST_SIZE);
    }

    /** Handle of the open file or directory; 0 where the request may do without one. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** Position in bytes, at most 2^63-1. */
    public static long offset(final ByteBuffer frame) {
        return frame.getLong(OFFSET);
    }

    /** Bytes wanted, at most the transfer limit of the handshake. */
    public static int size(final ByteBuffer frame) {
        return frame.getInt(SIZE);
    }

    /** Writes a successful reply around data that lie already at {@link #REPLY_DATA}; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final int dataLength) {
        return ReplyFrame.encode(frame, Opcode.READ, id, REPLY_DATA + dataLength);
    }

    /** How many bytes of data a successful reply holds; at least 0 for any frame. */
    public static int dataLength(final ByteBuffer frame) {
        return Math.max(0, ReplyFrame.length(frame) - REPLY_DATA);
    }
}
