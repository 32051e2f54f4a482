package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * Reply of COPY_FILE_RANGE_64, since 7.45. Kernel: {@code struct fuse_copy_file_range_out}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | count u64                                     |
 *      +-----------------------------------------------+
 *    8
 * </pre>
 */
public final class CopyFileRangeOut {
    private static final int COUNT = 0;

    /** Bytes of the structure. */
    public static final int SIZE = 8;

    private CopyFileRangeOut() {}

    /** Writes the structure at index {@code at}. */
    public static void put(final ByteBuffer out, final int at, final long count) {
        out.putLong(at + COUNT, count);
    }

    public static long count(final ByteBuffer out, final int at) {
        return out.getLong(at + COUNT);
    }
}
