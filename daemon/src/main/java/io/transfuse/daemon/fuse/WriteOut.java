package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * Reply of WRITE and COPY_FILE_RANGE. Kernel: {@code struct fuse_write_out}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | count u32             | (zero)                |
 *      +-----------------------------------------------+
 *    8
 * </pre>
 */
public final class WriteOut {
    private static final int COUNT = 0;

    /** Bytes of the structure. */
    public static final int SIZE = 8;

    private WriteOut() {}

    /** Writes the structure at index {@code at}. */
    public static void put(final ByteBuffer out, final int at, final int count) {
        out.putInt(at + COUNT, count);
        out.putInt(at + 4, 0);
    }

    public static int count(final ByteBuffer out, final int at) {
        return out.getInt(at + COUNT);
    }
}
