package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * Reply of LSEEK. Kernel: {@code struct fuse_lseek_out}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | offset u64                                    |
 *      +-----------------------------------------------+
 *    8
 * </pre>
 */
public final class LseekOut {
    private static final int OFFSET = 0;

    /** Bytes of the structure. */
    public static final int SIZE = 8;

    private LseekOut() {}

    /** Writes the structure at index {@code at}. */
    public static void put(final ByteBuffer out, final int at, final long offset) {
        out.putLong(at + OFFSET, offset);
    }

    public static long offset(final ByteBuffer out, final int at) {
        return out.getLong(at + OFFSET);
    }
}
