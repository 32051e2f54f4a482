package io.transfuse.daemon.fuse;

import io.transfuse.protocol.Attributes;
import java.nio.ByteBuffer;

/**
 * The attributes of an object in replies. Kernel: {@code struct fuse_attr}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | ino u64                                       |
 *      +-----------------------------------------------+
 *    8 | size u64                                      |
 *      +-----------------------------------------------+
 *   16 | blocks u64                                    |
 *      +-----------------------------------------------+
 *   24 | atime i64                                     |
 *      +-----------------------------------------------+
 *   32 | mtime i64                                     |
 *      +-----------------------------------------------+
 *   40 | ctime i64                                     |
 *      +-----------------------------------------------+
 *   48 | atimeNanos u32        | mtimeNanos u32        |
 *      +-----------------------------------------------+
 *   56 | ctimeNanos u32        | mode u32              |
 *      +-----------------------------------------------+
 *   64 | nlink u32             | uid u32               |
 *      +-----------------------------------------------+
 *   72 | gid u32               | rdev u32              |
 *      +-----------------------------------------------+
 *   80 | blksize u32           | (zero)                |
 *      +-----------------------------------------------+
 *   88
 * </pre>
 */
public final class Attr {
    private static final int INO = 0;
    private static final int SIZE_BYTES = 8;
    private static final int BLOCKS = 16;
    private static final int ATIME = 24;
    private static final int MTIME = 32;
    private static final int CTIME = 40;
    private static final int ATIME_NANOS = 48;
    private static final int MTIME_NANOS = 52;
    private static final int CTIME_NANOS = 56;
    private static final int MODE = 60;
    private static final int NLINK = 64;
    private static final int UID = 68;
    private static final int GID = 72;
    private static final int RDEV = 76;
    private static final int BLKSIZE = 80;

    /** Bytes of the structure. */
    public static final int SIZE = 88;

    private Attr() {}

    /** Writes what the {@link Attributes} at index {@code from} of {@code frame} say at index {@code at}. */
    public static void put(final ByteBuffer out, final int at, final ByteBuffer frame, final int from) {
        out.putLong(at + INO, Attributes.ino(frame, from));
        out.putLong(at + SIZE_BYTES, Attributes.size(frame, from));
        out.putLong(at + BLOCKS, Attributes.blocks(frame, from));
        out.putLong(at + ATIME, Attributes.atime(frame, from));
        out.putLong(at + MTIME, Attributes.mtime(frame, from));
        out.putLong(at + CTIME, Attributes.ctime(frame, from));
        out.putInt(at + ATIME_NANOS, Attributes.atimeNanos(frame, from));
        out.putInt(at + MTIME_NANOS, Attributes.mtimeNanos(frame, from));
        out.putInt(at + CTIME_NANOS, Attributes.ctimeNanos(frame, from));
        out.putInt(at + MODE, Attributes.mode(frame, from));
        out.putInt(at + NLINK, Attributes.nlink(frame, from));
        out.putInt(at + UID, Attributes.uid(frame, from));
        out.putInt(at + GID, Attributes.gid(frame, from));
        out.putInt(at + RDEV, Attributes.rdev(frame, from));
        out.putInt(at + BLKSIZE, Attributes.blksize(frame, from));
        out.putInt(at + BLKSIZE + 4, 0);
    }

    public static long ino(final ByteBuffer out, final int at) {
        return out.getLong(at + INO);
    }

    public static long size(final ByteBuffer out, final int at) {
        return out.getLong(at + SIZE_BYTES);
    }

    public static long blocks(final ByteBuffer out, final int at) {
        return out.getLong(at + BLOCKS);
    }

    public static long atime(final ByteBuffer out, final int at) {
        return out.getLong(at + ATIME);
    }

    public static long mtime(final ByteBuffer out, final int at) {
        return out.getLong(at + MTIME);
    }

    public static long ctime(final ByteBuffer out, final int at) {
        return out.getLong(at + CTIME);
    }

    public static int atimeNanos(final ByteBuffer out, final int at) {
        return out.getInt(at + ATIME_NANOS);
    }

    public static int mtimeNanos(final ByteBuffer out, final int at) {
        return out.getInt(at + MTIME_NANOS);
    }

    public static int ctimeNanos(final ByteBuffer out, final int at) {
        return out.getInt(at + CTIME_NANOS);
    }

    public static int mode(final ByteBuffer out, final int at) {
        return out.getInt(at + MODE);
    }

    public static int nlink(final ByteBuffer out, final int at) {
        return out.getInt(at + NLINK);
    }

    public static int uid(final ByteBuffer out, final int at) {
        return out.getInt(at + UID);
    }

    public static int gid(final ByteBuffer out, final int at) {
        return out.getInt(at + GID);
    }

    public static void setRdev(final ByteBuffer out, final int at, final int rdev) {
        out.putInt(at + RDEV, rdev);
    }

    public static int rdev(final ByteBuffer out, final int at) {
        return out.getInt(at + RDEV);
    }

    public static int blksize(final ByteBuffer out, final int at) {
        return out.getInt(at + BLKSIZE);
    }
}
