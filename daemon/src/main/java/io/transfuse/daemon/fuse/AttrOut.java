package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * Reply of GETATTR and SETATTR. Kernel: {@code struct fuse_attr_out}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | seconds u64                                   |
 *      +-----------------------------------------------+
 *    8 | nanos u32             | (zero)                |
 *      +-----------------------------------------------+
 *   16 Attr
 * </pre>
 */
public final class AttrOut {
    private static final int SECONDS = 0;
    private static final int NANOS = 8;

    /** Bytes of the structure. */
    public static final int SIZE = 16;

    private AttrOut() {}

    /** Writes the structure at index {@code at}. */
    public static void put(final ByteBuffer out, final int at, final long seconds, final int nanos) {
        out.putLong(at + SECONDS, seconds);
        out.putInt(at + NANOS, nanos);
        out.putInt(at + 12, 0);
    }

    public static long seconds(final ByteBuffer out, final int at) {
        return out.getLong(at + SECONDS);
    }

    public static int nanos(final ByteBuffer out, final int at) {
        return out.getInt(at + NANOS);
    }
}
