package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * COPY_FILE_RANGE copies between two open files on the host. See copy_file_range(2).
 *
 * <pre>
 * request: handleIn u64, offsetIn u64, handleOut u64, offsetOut u64, length u64
 * reply  : count u64
 * </pre>
 */
public final class CopyFileRange {
    private static final int HANDLE_IN = RequestFrame.SIZE;
    private static final int OFFSET_IN = HANDLE_IN + 8;
    private static final int HANDLE_OUT = OFFSET_IN + 8;
    private static final int OFFSET_OUT = HANDLE_OUT + 8;
    private static final int LENGTH = OFFSET_OUT + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = LENGTH + 8;

    private static final int REPLY_COUNT = ReplyFrame.SIZE;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_COUNT + 8;

    private CopyFileRange() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame,
            final long handleIn,
            final long offsetIn,
            final long handleOut,
            final long offsetOut,
            final long length) {
        frame.putLong(HANDLE_IN, handleIn);
        frame.putLong(OFFSET_IN, offsetIn);
        frame.putLong(HANDLE_OUT, handleOut);
        frame.putLong(OFFSET_OUT, offsetOut);
        frame.putLong(LENGTH, length);
        return RequestFrame.encode(frame, Opcode.COPY_FILE_RANGE, REQUEST_SIZE);
    }

    /** Handle of the file that is read. */
    public static long handleIn(final ByteBuffer frame) {
        return frame.getLong(HANDLE_IN);
    }

    /** Where to read, in bytes. */
    public static long offsetIn(final ByteBuffer frame) {
        return frame.getLong(OFFSET_IN);
    }

    /** Handle of the file that is written. */
    public static long handleOut(final ByteBuffer frame) {
        return frame.getLong(HANDLE_OUT);
    }

    /** Where to write, in bytes. */
    public static long offsetOut(final ByteBuffer frame) {
        return frame.getLong(OFFSET_OUT);
    }

    /** Most bytes to copy. */
    public static long length(final ByteBuffer frame) {
        return frame.getLong(LENGTH);
    }

    /** Bytes copied. */
    public static long replyCount(final ByteBuffer frame) {
        return frame.getLong(REPLY_COUNT);
    }

    /** Writes a successful reply; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final long count) {
        frame.putLong(REPLY_COUNT, count);
        return ReplyFrame.encode(frame, Opcode.COPY_FILE_RANGE, id, REPLY_SIZE);
    }
}
