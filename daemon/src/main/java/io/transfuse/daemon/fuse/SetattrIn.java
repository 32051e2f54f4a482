package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * SETATTR. Kernel: {@code struct fuse_setattr_in}; its {@code valid} has the bits of {@link SetattrInValid}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | valid u32             | (zero)                |
 *      +-----------------------------------------------+
 *    8 | handle u64                                    |
 *      +-----------------------------------------------+
 *   16 | size u64                                      |
 *      +-----------------------------------------------+
 *   24 | lockOwner u64                                 |
 *      +-----------------------------------------------+
 *   32 | atime i64                                     |
 *      +-----------------------------------------------+
 *   40 | mtime i64                                     |
 *      +-----------------------------------------------+
 *   48 | ctime i64                                     |
 *      +-----------------------------------------------+
 *   56 | atimeNanos u32        | mtimeNanos u32        |
 *      +-----------------------------------------------+
 *   64 | ctimeNanos u32        | mode u32              |
 *      +-----------------------------------------------+
 *   72 | (zero)                | uid u32               |
 *      +-----------------------------------------------+
 *   80 | gid u32               | (zero)                |
 *      +-----------------------------------------------+
 *   88
 * </pre>
 */
public final class SetattrIn {
    private static final int VALID = InHeader.SIZE;
    private static final int HANDLE = InHeader.SIZE + 8;
    private static final int SIZE_BYTES = InHeader.SIZE + 16;
    private static final int LOCK_OWNER = InHeader.SIZE + 24;
    private static final int ATIME = InHeader.SIZE + 32;
    private static final int MTIME = InHeader.SIZE + 40;
    private static final int CTIME = InHeader.SIZE + 48;
    private static final int ATIME_NANOS = InHeader.SIZE + 56;
    private static final int MTIME_NANOS = InHeader.SIZE + 60;
    private static final int CTIME_NANOS = InHeader.SIZE + 64;
    private static final int MODE = InHeader.SIZE + 68;
    private static final int UID = InHeader.SIZE + 76;
    private static final int GID = InHeader.SIZE + 80;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 88;

    private SetattrIn() {}

    public static int valid(final ByteBuffer request) {
        return request.getInt(VALID);
    }

    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }

    public static long size(final ByteBuffer request) {
        return request.getLong(SIZE_BYTES);
    }

    public static long lockOwner(final ByteBuffer request) {
        return request.getLong(LOCK_OWNER);
    }

    public static long atime(final ByteBuffer request) {
        return request.getLong(ATIME);
    }

    public static long mtime(final ByteBuffer request) {
        return request.getLong(MTIME);
    }

    public static long ctime(final ByteBuffer request) {
        return request.getLong(CTIME);
    }

    public static int atimeNanos(final ByteBuffer request) {
        return request.getInt(ATIME_NANOS);
    }

    public static int mtimeNanos(final ByteBuffer request) {
        return request.getInt(MTIME_NANOS);
    }

    public static int ctimeNanos(final ByteBuffer request) {
        return request.getInt(CTIME_NANOS);
    }

    public static int mode(final ByteBuffer request) {
        return request.getInt(MODE);
    }

    public static int uid(final ByteBuffer request) {
        return request.getInt(UID);
    }

    public static int gid(final ByteBuffer request) {
        return request.getInt(GID);
    }
}
