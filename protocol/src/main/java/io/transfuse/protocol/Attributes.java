package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * The attributes of an object inside a frame, as stat(2) and statx(2) know them.
 *
 * <pre>
 *   0 ino u64          8 size u64         16 blocks u64 (of 512 bytes)
 *  24 atime s i64     32 mtime s i64      40 ctime s i64      48 btime s i64
 *  56 atime ns u32    60 mtime ns u32     64 ctime ns u32     68 btime ns u32
 *  72 mode u32        76 nlink u32        80 uid u32          84 gid u32
 *  88 rdev u32        92 blksize u32      96
 * </pre>
 *
 * <p>{@code mode} has the traditional octal values (S_IFREG 0100000 and so on, see inode(7)) on every platform.
 * {@code rdev} is {@code (minor & 0xff) | major << 8 | (minor & ~0xff) << 12}. Nanoseconds are 0 to 999,999,999. The
 * birth time is 0 where the host does not know it.
 */
public final class Attributes {
    private static final int INO = 0;
    private static final int SIZE_BYTES = 8;
    private static final int BLOCKS = 16;
    private static final int ATIME = 24;
    private static final int MTIME = 32;
    private static final int CTIME = 40;
    private static final int BTIME = 48;
    private static final int ATIME_NANOS = 56;
    private static final int MTIME_NANOS = 60;
    private static final int CTIME_NANOS = 64;
    private static final int BTIME_NANOS = 68;
    private static final int MODE = 72;
    private static final int NLINK = 76;
    private static final int UID = 80;
    private static final int GID = 84;
    private static final int RDEV = 88;
    private static final int BLKSIZE = 92;

    /** Bytes of the record. */
    public static final int SIZE = 96;

    private Attributes() {}

    /** Inode number, as st_ino. */
    public static long ino(final ByteBuffer frame, final int at) {
        return frame.getLong(at + INO);
    }

    /** Size in bytes. */
    public static long size(final ByteBuffer frame, final int at) {
        return frame.getLong(at + SIZE_BYTES);
    }

    /** Blocks of 512 bytes that are allocated, whatever {@link #blksize} is. */
    public static long blocks(final ByteBuffer frame, final int at) {
        return frame.getLong(at + BLOCKS);
    }

    /** Seconds since the epoch of the last access; negative before the epoch, as may be the other times. */
    public static long atime(final ByteBuffer frame, final int at) {
        return frame.getLong(at + ATIME);
    }

    /** Seconds since the epoch of the last change of the data. */
    public static long mtime(final ByteBuffer frame, final int at) {
        return frame.getLong(at + MTIME);
    }

    /** Seconds since the epoch of the last change of data or attributes. */
    public static long ctime(final ByteBuffer frame, final int at) {
        return frame.getLong(at + CTIME);
    }

    /** Seconds since the epoch of the birth; with {@link #btimeNanos} 0 where the host does not know it. */
    public static long btime(final ByteBuffer frame, final int at) {
        return frame.getLong(at + BTIME);
    }

    /** 0 to 999,999,999. */
    public static int atimeNanos(final ByteBuffer frame, final int at) {
        return frame.getInt(at + ATIME_NANOS);
    }

    /** 0 to 999,999,999. */
    public static int mtimeNanos(final ByteBuffer frame, final int at) {
        return frame.getInt(at + MTIME_NANOS);
    }

    /** 0 to 999,999,999. */
    public static int ctimeNanos(final ByteBuffer frame, final int at) {
        return frame.getInt(at + CTIME_NANOS);
    }

    /** 0 to 999,999,999. */
    public static int btimeNanos(final ByteBuffer frame, final int at) {
        return frame.getInt(at + BTIME_NANOS);
    }

    /** Type and permissions; see {@link FileMode}. */
    public static int mode(final ByteBuffer frame, final int at) {
        return frame.getInt(at + MODE);
    }

    /** How many names the object has; 0 once the last is removed. */
    public static int nlink(final ByteBuffer frame, final int at) {
        return frame.getInt(at + NLINK);
    }

    /** Owner, unsigned. */
    public static int uid(final ByteBuffer frame, final int at) {
        return frame.getInt(at + UID);
    }

    /** Group, unsigned. */
    public static int gid(final ByteBuffer frame, final int at) {
        return frame.getInt(at + GID);
    }

    /** The device that a special file stands for; see above. */
    public static int rdev(final ByteBuffer frame, final int at) {
        return frame.getInt(at + RDEV);
    }

    /** Preferred size of a transfer in bytes. */
    public static int blksize(final ByteBuffer frame, final int at) {
        return frame.getInt(at + BLKSIZE);
    }

    /** Writes the identity and the sizes of an object. */
    public static void putObject(
            final ByteBuffer frame,
            final int at,
            final long ino,
            final int mode,
            final int nlink,
            final long size,
            final long blocks,
            final int blksize,
            final int rdev) {
        frame.putLong(at + INO, ino);
        frame.putInt(at + MODE, mode);
        frame.putInt(at + NLINK, nlink);
        frame.putLong(at + SIZE_BYTES, size);
        frame.putLong(at + BLOCKS, blocks);
        frame.putInt(at + BLKSIZE, blksize);
        frame.putInt(at + RDEV, rdev);
    }

    /** Writes whom the object belongs to. */
    public static void putOwner(final ByteBuffer frame, final int at, final int uid, final int gid) {
        frame.putInt(at + UID, uid);
        frame.putInt(at + GID, gid);
    }

    /** Replaces the mode, where an ownership policy shows other bits than the host has. */
    public static void putMode(final ByteBuffer frame, final int at, final int mode) {
        frame.putInt(at + MODE, mode);
    }

    /** Replaces the number of names. */
    public static void putNlink(final ByteBuffer frame, final int at, final int nlink) {
        frame.putInt(at + NLINK, nlink);
    }

    /** Writes the time of the last access; {@code nanos} are 0 to 999,999,999. */
    public static void putAtime(final ByteBuffer frame, final int at, final long seconds, final int nanos) {
        frame.putLong(at + ATIME, seconds);
        frame.putInt(at + ATIME_NANOS, nanos);
    }

    /** Writes the time of the last change of the data; {@code nanos} are 0 to 999,999,999. */
    public static void putMtime(final ByteBuffer frame, final int at, final long seconds, final int nanos) {
        frame.putLong(at + MTIME, seconds);
        frame.putInt(at + MTIME_NANOS, nanos);
    }

    /** Writes the time of the last change of data or attributes; {@code nanos} are 0 to 999,999,999. */
    public static void putCtime(final ByteBuffer frame, final int at, final long seconds, final int nanos) {
        frame.putLong(at + CTIME, seconds);
        frame.putInt(at + CTIME_NANOS, nanos);
    }

    /** Writes the time of birth; {@code nanos} are 0 to 999,999,999. */
    public static void putBtime(final ByteBuffer frame, final int at, final long seconds, final int nanos) {
        frame.putLong(at + BTIME, seconds);
        frame.putInt(at + BTIME_NANOS, nanos);
    }
}
