package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * FSYNC brings a file or directory to stable storage; {@code flags} are those of {@link FsyncFlags}. See fsync(2),
 * fdatasync(2).
 *
 * <pre>
 * request: handle u64, flags u32
 * reply  : (empty)
 * </pre>
 */
public final class Fsync {
    private static final int HANDLE = RequestFrame.SIZE;
    private static final int FLAGS = HANDLE + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = FLAGS + 4;

    private Fsync() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long handle, final int flags) {
        frame.putLong(HANDLE, handle);
        frame.putInt(FLAGS, flags);
        return RequestFrame.encode(frame, Opcode.FSYNC, REQUEST_SIZE);
    }

    /** Handle of the open file or directory; 0 where the request may do without one. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** 0 or bits of {@link FsyncFlags}. */
    public static int flags(final ByteBuffer frame) {
        return frame.getInt(FLAGS);
    }
}
