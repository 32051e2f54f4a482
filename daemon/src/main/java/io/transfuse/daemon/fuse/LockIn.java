package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * GETLK, SETLK and SETLKW. Kernel: {@code struct fuse_lk_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | handle u64                                    |
 *      +-----------------------------------------------+
 *    8 | owner u64                                     |
 *      +-----------------------------------------------+
 *   16 | start u64                                     |
 *      +-----------------------------------------------+
 *   24 | end u64                                       |
 *      +-----------------------------------------------+
 *   32 | type u32              | pid u32               |
 *      +-----------------------------------------------+
 *   40 | flags u32             | (zero)                |
 *      +-----------------------------------------------+
 *   48
 * </pre>
 */
public final class LockIn {
    private static final int HANDLE = InHeader.SIZE;
    private static final int OWNER = InHeader.SIZE + 8;
    private static final int START = InHeader.SIZE + 16;
    private static final int LAST = InHeader.SIZE + 24;
    private static final int TYPE = InHeader.SIZE + 32;
    private static final int PID = InHeader.SIZE + 36;
    private static final int FLAGS = InHeader.SIZE + 40;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 48;

    /** FUSE_LK_FLOCK: a BSD lock, see flock(2). */
    public static final int FLOCK = 1;

    private LockIn() {}

    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }

    public static long owner(final ByteBuffer request) {
        return request.getLong(OWNER);
    }

    /** First byte. */
    public static long start(final ByteBuffer request) {
        return request.getLong(START);
    }

    /** Last byte; 2^63-1 for the end of the file. */
    public static long end(final ByteBuffer request) {
        return request.getLong(LAST);
    }

    /** F_RDLCK 0, F_WRLCK 1 or F_UNLCK 2. */
    public static int type(final ByteBuffer request) {
        return request.getInt(TYPE);
    }

    public static int pid(final ByteBuffer request) {
        return request.getInt(PID);
    }

    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }
}
