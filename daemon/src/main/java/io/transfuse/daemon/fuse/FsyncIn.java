package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * FSYNC and FSYNCDIR. Kernel: {@code struct fuse_fsync_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | handle u64                                    |
 *      +-----------------------------------------------+
 *    8 | flags u32             | (zero)                |
 *      +-----------------------------------------------+
 *   16
 * </pre>
 */
public final class FsyncIn {
    private static final int HANDLE = InHeader.SIZE;
    private static final int FLAGS = InHeader.SIZE + 8;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 16;

    /** FUSE_FSYNC_FDATASYNC: as fdatasync(2). */
    public static final int DATA_ONLY = 1;

    private FsyncIn() {}

    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }

    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }
}
