package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * LSEEK finds data or a hole at or after {@code offset}. Errors: ENXIO past the end. See lseek(2), SEEK_DATA, SEEK_HOLE.
 *
 * <pre>
 * request: handle u64, offset u64, whence u32
 * reply  : offset u64
 * </pre>
 */
public final class Lseek {
    private static final int HANDLE = RequestFrame.SIZE;
    private static final int OFFSET = HANDLE + 8;
    private static final int WHENCE = OFFSET + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = WHENCE + 4;

    private static final int REPLY_OFFSET = ReplyFrame.SIZE;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_OFFSET + 8;

    private Lseek() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long handle, final long offset, final int whence) {
        frame.putLong(HANDLE, handle);
        frame.putLong(OFFSET, offset);
        frame.putInt(WHENCE, whence);
        return RequestFrame.encode(frame, Opcode.LSEEK, REQUEST_SIZE);
    }

    /** Handle of the open file or directory; 0 where the request may do without one. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** Where to look from, in bytes. */
    public static long offset(final ByteBuffer frame) {
        return frame.getLong(OFFSET);
    }

    /** One of {@link SeekWhence}. */
    public static int whence(final ByteBuffer frame) {
        return frame.getInt(WHENCE);
    }

    /** Position found. */
    public static long replyOffset(final ByteBuffer frame) {
        return frame.getLong(REPLY_OFFSET);
    }

    /** Writes a successful reply; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final long offset) {
        frame.putLong(REPLY_OFFSET, offset);
        return ReplyFrame.encode(frame, Opcode.LSEEK, id, REPLY_SIZE);
    }
}
