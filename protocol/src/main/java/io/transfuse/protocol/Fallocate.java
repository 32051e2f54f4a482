package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * FALLOCATE reserves or punches a range; {@code mode} is that of {@link FallocateMode}. See fallocate(2).
 *
 * <pre>
 * request: handle u64, offset u64, length u64, mode u32
 * reply  : (empty)
 * </pre>
 */
public final class Fallocate {
    private static final int HANDLE = RequestFrame.SIZE;
    private static final int OFFSET = HANDLE + 8;
    private static final int LENGTH = OFFSET + 8;
    private static final int MODE = LENGTH + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = MODE + 4;

    private Fallocate() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame, final long handle, final long offset, final long length, final int mode) {
        frame.putLong(HANDLE, handle);
        frame.putLong(OFFSET, offset);
        frame.putLong(LENGTH, length);
        frame.putInt(MODE, mode);
        return RequestFrame.encode(frame, Opcode.FALLOCATE, REQUEST_SIZE);
    }

    /** Handle of the open file or directory; 0 where the request may do without one. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** Where the range begins, in bytes. */
    public static long offset(final ByteBuffer frame) {
        return frame.getLong(OFFSET);
    }

    /** Bytes of the range. */
    public static long length(final ByteBuffer frame) {
        return frame.getLong(LENGTH);
    }

    /** 0 or bits of {@link FallocateMode}. */
    public static int mode(final ByteBuffer frame) {
        return frame.getInt(MODE);
    }
}
