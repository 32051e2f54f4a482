package io.transfuse.daemon.fuse;

import io.transfuse.protocol.Attributes;
import java.nio.ByteBuffer;

/**
 * Reply of STATX, since 7.39. Kernel: {@code struct fuse_statx_out} with {@code struct fuse_statx}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | seconds u64                                   |
 *      +-----------------------------------------------+
 *    8 | nanos u32             | flags u32             |
 *      +-----------------------------------------------+
 *   16 | (zero)                                        |
 *      +-----------------------------------------------+
 *   24 | (zero)                                        |
 *      +-----------------------------------------------+
 *   32 | mask u32              | blksize u32           |
 *      +-----------------------------------------------+
 *   40 | attributes u64                                |
 *      +-----------------------------------------------+
 *   48 | nlink u32             | uid u32               |
 *      +-----------------------------------------------+
 *   56 | gid u32               | mode u16  | (zero)    |
 *      +-----------------------------------------------+
 *   64 | ino u64                                       |
 *      +-----------------------------------------------+
 *   72 | size u64                                      |
 *      +-----------------------------------------------+
 *   80 | blocks u64                                    |
 *      +-----------------------------------------------+
 *   88 | attributesMask u64                            |
 *      +-----------------------------------------------+
 *   96 | atime i64                                     |
 *      +-----------------------------------------------+
 *  104 | atimeNanos u32        | (zero)                |
 *      +-----------------------------------------------+
 *  112 | btime i64                                     |
 *      +-----------------------------------------------+
 *  120 | btimeNanos u32        | (zero)                |
 *      +-----------------------------------------------+
 *  128 | ctime i64                                     |
 *      +-----------------------------------------------+
 *  136 | ctimeNanos u32        | (zero)                |
 *      +-----------------------------------------------+
 *  144 | mtime i64                                     |
 *      +-----------------------------------------------+
 *  152 | mtimeNanos u32        | (zero)                |
 *      +-----------------------------------------------+
 *  160 | rdevMajor u32         | rdevMinor u32         |
 *      +-----------------------------------------------+
 *  168 | devMajor u32          | devMinor u32          |
 *      +-----------------------------------------------+
 *  176 | (zero)                                        |
 *      +-----------------------------------------------+
 *  184 | (zero)                                        |
 *      +-----------------------------------------------+
 *  192 | (zero)                                        |
 *      +-----------------------------------------------+
 *  200 | (zero)                                        |
 *      +-----------------------------------------------+
 *  208 | (zero)                                        |
 *      +-----------------------------------------------+
 *  216 | (zero)                                        |
 *      +-----------------------------------------------+
 *  224 | (zero)                                        |
 *      +-----------------------------------------------+
 *  232 | (zero)                                        |
 *      +-----------------------------------------------+
 *  240 | (zero)                                        |
 *      +-----------------------------------------------+
 *  248 | (zero)                                        |
 *      +-----------------------------------------------+
 *  256 | (zero)                                        |
 *      +-----------------------------------------------+
 *  264 | (zero)                                        |
 *      +-----------------------------------------------+
 *  272 | (zero)                                        |
 *      +-----------------------------------------------+
 *  280 | (zero)                                        |
 *      +-----------------------------------------------+
 *  288
 * </pre>
 */
public final class StatxOut {
    private static final int SECONDS = 0;
    private static final int NANOS = 8;
    private static final int FLAGS = 12;
    private static final int MASK = 32;
    private static final int BLKSIZE = 36;
    private static final int ATTRIBUTES = 40;
    private static final int NLINK = 48;
    private static final int UID = 52;
    private static final int GID = 56;
    private static final int MODE = 60;
    private static final int INO = 64;
    private static final int SIZE_BYTES = 72;
    private static final int BLOCKS = 80;
    private static final int ATTRIBUTES_MASK = 88;
    private static final int ATIME = 96;
    private static final int ATIME_NANOS = 104;
    private static final int BTIME = 112;
    private static final int BTIME_NANOS = 120;
    private static final int CTIME = 128;
    private static final int CTIME_NANOS = 136;
    private static final int MTIME = 144;
    private static final int MTIME_NANOS = 152;
    private static final int RDEV_MAJOR = 160;
    private static final int RDEV_MINOR = 164;
    private static final int DEV_MAJOR = 168;
    private static final int DEV_MINOR = 172;

    /** Bytes of the structure. */
    public static final int SIZE = 288;

    private StatxOut() {}

    /** STATX_BASIC_STATS: everything that stat(2) tells. */
    private static final int BASIC_STATS = 0x7ff;

    /** STATX_BTIME: the time of birth. */
    private static final int BIRTH_TIME = 0x800;

    /**
     * Writes what the {@link Attributes} at index {@code from} of {@code frame} say at index {@code at}; they may be
     * cached for no time.
     */
    public static void put(final ByteBuffer out, final int at, final ByteBuffer frame, final int from) {
        Zero.fill(out, at, at + SIZE);
        final boolean birthTimeKnown = Attributes.btime(frame, from) != 0 || Attributes.btimeNanos(frame, from) != 0;
        out.putInt(at + MASK, birthTimeKnown ? BASIC_STATS | BIRTH_TIME : BASIC_STATS);
        out.putInt(at + BLKSIZE, Attributes.blksize(frame, from));
        out.putInt(at + NLINK, Attributes.nlink(frame, from));
        out.putInt(at + UID, Attributes.uid(frame, from));
        out.putInt(at + GID, Attributes.gid(frame, from));
        out.putShort(at + MODE, (short) Attributes.mode(frame, from));
        out.putLong(at + INO, Attributes.ino(frame, from));
        out.putLong(at + SIZE_BYTES, Attributes.size(frame, from));
        out.putLong(at + BLOCKS, Attributes.blocks(frame, from));
        out.putLong(at + ATIME, Attributes.atime(frame, from));
        out.putInt(at + ATIME_NANOS, Attributes.atimeNanos(frame, from));
        out.putLong(at + BTIME, Attributes.btime(frame, from));
        out.putInt(at + BTIME_NANOS, Attributes.btimeNanos(frame, from));
        out.putLong(at + CTIME, Attributes.ctime(frame, from));
        out.putInt(at + CTIME_NANOS, Attributes.ctimeNanos(frame, from));
        out.putLong(at + MTIME, Attributes.mtime(frame, from));
        out.putInt(at + MTIME_NANOS, Attributes.mtimeNanos(frame, from));
        final int rdev = Attributes.rdev(frame, from);
        out.putInt(at + RDEV_MAJOR, rdev >>> 8 & 0xfff);
        out.putInt(at + RDEV_MINOR, rdev & 0xff | rdev >>> 12 & 0xfff00);
    }

    /** Lets the kernel keep the attributes of the structure at index {@code at} for {@code nanos} nanoseconds. */
    public static void setValidity(final ByteBuffer out, final int at, final long seconds, final int nanos) {
        out.putLong(at + SECONDS, seconds);
        out.putInt(at + NANOS, nanos);
    }

    public static long seconds(final ByteBuffer out, final int at) {
        return out.getLong(at + SECONDS);
    }

    public static int nanos(final ByteBuffer out, final int at) {
        return out.getInt(at + NANOS);
    }

    public static int flags(final ByteBuffer out, final int at) {
        return out.getInt(at + FLAGS);
    }

    public static int mask(final ByteBuffer out, final int at) {
        return out.getInt(at + MASK);
    }

    public static int blksize(final ByteBuffer out, final int at) {
        return out.getInt(at + BLKSIZE);
    }

    public static long attributes(final ByteBuffer out, final int at) {
        return out.getLong(at + ATTRIBUTES);
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

    public static int mode(final ByteBuffer out, final int at) {
        return out.getShort(at + MODE) & 0xffff;
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

    public static long attributesMask(final ByteBuffer out, final int at) {
        return out.getLong(at + ATTRIBUTES_MASK);
    }

    public static long atime(final ByteBuffer out, final int at) {
        return out.getLong(at + ATIME);
    }

    public static int atimeNanos(final ByteBuffer out, final int at) {
        return out.getInt(at + ATIME_NANOS);
    }

    public static long btime(final ByteBuffer out, final int at) {
        return out.getLong(at + BTIME);
    }

    public static int btimeNanos(final ByteBuffer out, final int at) {
        return out.getInt(at + BTIME_NANOS);
    }

    public static long ctime(final ByteBuffer out, final int at) {
        return out.getLong(at + CTIME);
    }

    public static int ctimeNanos(final ByteBuffer out, final int at) {
        return out.getInt(at + CTIME_NANOS);
    }

    public static long mtime(final ByteBuffer out, final int at) {
        return out.getLong(at + MTIME);
    }

    public static int mtimeNanos(final ByteBuffer out, final int at) {
        return out.getInt(at + MTIME_NANOS);
    }

    public static int rdevMajor(final ByteBuffer out, final int at) {
        return out.getInt(at + RDEV_MAJOR);
    }

    public static int rdevMinor(final ByteBuffer out, final int at) {
        return out.getInt(at + RDEV_MINOR);
    }

    public static int devMajor(final ByteBuffer out, final int at) {
        return out.getInt(at + DEV_MAJOR);
    }

    public static int devMinor(final ByteBuffer out, final int at) {
        return out.getInt(at + DEV_MINOR);
    }
}
