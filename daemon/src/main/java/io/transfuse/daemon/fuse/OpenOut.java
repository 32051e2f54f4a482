package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * Reply of OPEN and OPENDIR, and after the entry that of CREATE and TMPFILE. Kernel: {@code struct fuse_open_out}.
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
public final class OpenOut {
    private static final int HANDLE = 0;
    private static final int FLAGS = 8;

    /** Bytes of the structure. */
    public static final int SIZE = 16;

    private OpenOut() {}

    /** Writes the structure at index {@code at}. */
    public static void put(final ByteBuffer out, final int at, final long handle, final int flags) {
        out.putLong(at + HANDLE, handle);
        out.putInt(at + FLAGS, flags);
        out.putInt(at + 12, 0);
    }

    public static long handle(final ByteBuffer out, final int at) {
        return out.getLong(at + HANDLE);
    }

    /** Bits of {@link OpenOutFlags}. */
    public static int flags(final ByteBuffer out, final int at) {
        return out.getInt(at + FLAGS);
    }
}
