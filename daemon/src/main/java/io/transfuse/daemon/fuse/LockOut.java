package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * Reply of GETLK. Kernel: {@code struct fuse_lk_out}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | start u64                                     |
 *      +-----------------------------------------------+
 *    8 | end u64                                       |
 *      +-----------------------------------------------+
 *   16 | type u32              | pid u32               |
 *      +-----------------------------------------------+
 *   24
 * </pre>
 */
public final class LockOut {
    private static final int START = 0;
    private static final int END = 8;
    private static final int TYPE = 16;
    private static final int PID = 20;

    /** Bytes of the structure. */
    public static final int SIZE = 24;

    private LockOut() {}

    /** Writes the structure at index {@code at}. */
    public static void put(
            final ByteBuffer out, final int at, final long start, final long end, final int type, final int pid) {
        out.putLong(at + START, start);
        out.putLong(at + END, end);
        out.putInt(at + TYPE, type);
        out.putInt(at + PID, pid);
    }

    public static long start(final ByteBuffer out, final int at) {
        return out.getLong(at + START);
    }

    public static long end(final ByteBuffer out, final int at) {
        return out.getLong(at + END);
    }

    public static int type(final ByteBuffer out, final int at) {
        return out.getInt(at + TYPE);
    }

    public static int pid(final ByteBuffer out, final int at) {
        return out.getInt(at + PID);
    }
}
