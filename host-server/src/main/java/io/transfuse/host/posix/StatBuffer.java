package io.transfuse.host.posix;

import io.transfuse.protocol.Attributes;
import io.transfuse.transport.NativeBuffer;
import java.nio.ByteBuffer;

/**
 * The result of statx(2), as struct statx of linux/stat.h lays it out. Belongs to one thread.
 *
 * <pre>
 *   0 mask u32     4 blksize u32    8 attributes u64
 *  16 nlink u32   20 uid u32       24 gid u32          28 mode u16
 *  32 ino u64     40 size u64      48 blocks u64       56 attributes_mask u64
 *  64 atime       80 btime         96 ctime           112 mtime     (each s64 seconds, u32 nanoseconds, 4 spare)
 * 128 rdev_major u32  132 rdev_minor u32  136 dev_major u32  140 dev_minor u32
 * </pre>
 */
public final class StatBuffer {
    private static final int SIZE = 256;
    private static final int BLKSIZE = 4;
    private static final int NLINK = 16;
    private static final int UID = 20;
    private static final int GID = 24;
    private static final int MODE = 28;
    private static final int INO = 32;
    private static final int FILE_SIZE = 40;
    private static final int BLOCKS = 48;
    private static final int ATIME = 64;
    private static final int BTIME = 80;
    private static final int CTIME = 96;
    private static final int MTIME = 112;
    private static final int RDEV_MAJOR = 128;
    private static final int RDEV_MINOR = 132;
    private static final int DEV_MAJOR = 136;
    private static final int DEV_MINOR = 140;
    private static final int NANOS = 8;

    private final NativeBuffer memory = NativeBuffer.allocate(SIZE);
    private final ByteBuffer bytes = memory.bytes();

    long address() {
        return memory.address();
    }

    /** The device that holds the object, in the kernel's own numbering. */
    public long dev() {
        return (long) bytes.getInt(DEV_MAJOR) << 32 | Integer.toUnsignedLong(bytes.getInt(DEV_MINOR));
    }

    public long ino() {
        return bytes.getLong(INO);
    }

    /** Type and permission bits. */
    public int mode() {
        return bytes.getShort(MODE) & 0xffff;
    }

    public int nlink() {
        return bytes.getInt(NLINK);
    }

    public int uid() {
        return bytes.getInt(UID);
    }

    public int gid() {
        return bytes.getInt(GID);
    }

    /** In bytes. */
    public long size() {
        return bytes.getLong(FILE_SIZE);
    }

    /** When the object was made, in nanoseconds since the epoch; 0 where the file system does not know. */
    public long birth() {
        return bytes.getLong(BTIME) * 1_000_000_000L + bytes.getInt(BTIME + NANOS);
    }

    /** When attributes or data were last changed, in nanoseconds since the epoch. */
    public long changed() {
        return bytes.getLong(CTIME) * 1_000_000_000L + bytes.getInt(CTIME + NANOS);
    }

    /** When data were last changed, in nanoseconds since the epoch. */
    public long modified() {
        return bytes.getLong(MTIME) * 1_000_000_000L + bytes.getInt(MTIME + NANOS);
    }

    /** Writes everything but the inode number's mapping, which the caller gives. */
    public void putAttributes(final ByteBuffer frame, final int at, final long ino) {
        final int major = bytes.getInt(RDEV_MAJOR);
        final int minor = bytes.getInt(RDEV_MINOR);
        final int rdev = (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
        Attributes.putObject(
                frame, at, ino, mode(), nlink(), size(), bytes.getLong(BLOCKS), bytes.getInt(BLKSIZE), rdev);
        Attributes.putOwner(frame, at, uid(), gid());
        Attributes.putAtime(frame, at, bytes.getLong(ATIME), bytes.getInt(ATIME + NANOS));
        Attributes.putMtime(frame, at, bytes.getLong(MTIME), bytes.getInt(MTIME + NANOS));
        Attributes.putCtime(frame, at, bytes.getLong(CTIME), bytes.getInt(CTIME + NANOS));
        Attributes.putBtime(frame, at, bytes.getLong(BTIME), bytes.getInt(BTIME + NANOS));
    }
}
