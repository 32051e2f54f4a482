package io.transfuse.host.posix;

import io.transfuse.protocol.FallocateMode;
import io.transfuse.protocol.LockType;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.RenameFlags;
import io.transfuse.protocol.SeekWhence;
import io.transfuse.protocol.SetattrValid;
import io.transfuse.protocol.XattrFlags;
import io.transfuse.transport.NativeBuffer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** {@link Posix} on Linux, x86-64 and aarch64. Descriptors of O_PATH stand for objects; what takes no such descriptor goes by /proc/self/fd. */
final class LinuxPosix implements Posix {
    private static final HostLibrary C = HostLibrary.INSTANCE;
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int O_NOCTTY = 0400;
    private static final int O_APPEND = 02000;
    private static final int O_NONBLOCK = 04000;
    private static final int O_DSYNC = 010000;
    private static final int O_SYNC = 04010000;
    private static final int O_NOATIME = 01000000;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_PATH = 010000000;
    private static final int O_DIRECTORY = ARM ? 040000 : 0200000;
    private static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;
    private static final int O_TMPFILE = 020000000 | O_DIRECTORY;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_AND_BTIME = 0xfff;

    private static final int SEEK_SET = 0;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private static final int FALLOC_KEEP_SIZE = 1;
    private static final int FALLOC_PUNCH_HOLE = 2;
    private static final int FALLOC_COLLAPSE_RANGE = 8;
    private static final int FALLOC_ZERO_RANGE = 0x10;
    private static final int FALLOC_INSERT_RANGE = 0x20;

    private static final int UTIME_NOW = (1 << 30) - 1;
    private static final int UTIME_OMIT = (1 << 30) - 2;

    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int F_RDLCK = 0;
    private static final int F_WRLCK = 1;
    private static final int F_UNLCK = 2;

    private static final int CLONE_FS = 0x200;
    private static final int PR_GET_SECUREBITS = 27;
    private static final int PR_SET_SECUREBITS = 28;
    private static final int SECBIT_NO_SETUID_FIXUP = 1 << 2;
    private static final int RLIMIT_NOFILE = 7;
    private static final int RLIMIT_SIZE = 16;

    /** The usual fs.nr_open, beyond which nobody goes. */
    private static final long DESCRIPTORS_WANTED = 1 << 20;

    private static final long SYS_GETDENTS64 = ARM ? 61 : 217;

    private final NativeBuffer empty = NativeBuffer.allocate(8);

    @Override
    public long self() {
        return empty.address();
    }

    @Override
    public int currentDirectory() {
        return AT_FDCWD;
    }

    @Override
    public boolean isPrivileged() {
        return effectiveUid() == 0;
    }

    @Override
    public int effectiveUid() {
        return C.geteuid();
    }

    @Override
    public int effectiveGid() {
        return C.getegid();
    }

    @Override
    public void becomeLane() {
        // Linux keeps umask, securebits and the file system ids per thread once CLONE_FS is undone.
        if (C.unshare(CLONE_FS) == 0) {
            C.umask(0);
        }
        if (isPrivileged()) {
            final int bits = C.prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
            C.prctl(PR_SET_SECUREBITS, bits | SECBIT_NO_SETUID_FIXUP, 0, 0, 0);
        }
    }

    @Override
    public void setCaller(final int uid, final int gid) {
        C.setfsgid(gid);
        C.setfsuid(uid);
    }

    @Override
    public int openReference(final int directory, final long name) {
        return result(C.openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0));
    }

    @Override
    public int openDirectory(final int directory, final long name) {
        if (name == self()) {
            return result(C.openat(AT_FDCWD, Scratch.ofThread().pathOf(directory), O_DIRECTORY | O_CLOEXEC, 0));
        }
        return result(C.openat(directory, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
    }

    @Override
    public int openFile(final int directory, final long name, final int flags) {
        return result(C.openat(directory, name, platformFlags(flags) | O_NOFOLLOW, 0));
    }

    @Override
    public int createFile(final int directory, final long name, final int flags, final int mode) {
        final int exclusive = (flags & OpenFlags.EXCLUSIVE) != 0 ? O_EXCL : 0;
        return result(C.openat(directory, name, platformFlags(flags) | O_NOFOLLOW | O_CREAT | exclusive, mode));
    }

    @Override
    public int createTemporary(final int directory, final int flags, final int mode) {
        final int exclusive = (flags & OpenFlags.EXCLUSIVE) != 0 ? O_EXCL : 0;
        return result(C.openat(
                AT_FDCWD, Scratch.ofThread().pathOf(directory), platformFlags(flags) | O_TMPFILE | exclusive, mode));
    }

    @Override
    public int reopen(final int descriptor, final int flags) {
        return result(C.openat(AT_FDCWD, Scratch.ofThread().pathOf(descriptor), platformFlags(flags), 0));
    }

    /** O_NONBLOCK: should something else than a regular file stand there, its open must not wait. */
    private static int platformFlags(final int flags) {
        int result = (flags & OpenFlags.ACCESS_MODE) | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
        if ((flags & OpenFlags.APPEND) != 0) {
            result |= O_APPEND;
        }
        if ((flags & OpenFlags.SYNC) != 0) {
            result |= O_SYNC;
        }
        if ((flags & OpenFlags.DATA_SYNC) != 0) {
            result |= O_DSYNC;
        }
        if ((flags & OpenFlags.NO_ATIME) != 0) {
            result |= O_NOATIME;
        }
        return result;
    }

    @Override
    public int close(final int descriptor) {
        return result(C.close(descriptor));
    }

    @Override
    public int stat(final int directory, final long name, final StatBuffer result) {
        final int flags = name == self() ? AT_EMPTY_PATH : AT_SYMLINK_NOFOLLOW;
        return result(C.statx(directory, name, flags, STATX_BASIC_AND_BTIME, result.address()));
    }

    @Override
    public int makeDirectory(final int directory, final long name, final int mode) {
        return result(C.mkdirat(directory, name, mode));
    }

    @Override
    public int makeNode(final int directory, final long name, final int mode, final int rdev) {
        final long major = (rdev & 0xfff00) >> 8;
        final long minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
        // gnu_dev_makedev(3)
        final long device = (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xffL) << 12);
        return result(C.mknodat(directory, name, mode, device));
    }

    @Override
    public int makeSymlink(final long target, final int directory, final long name) {
        return result(C.symlinkat(target, directory, name));
    }

    @Override
    public int link(final int descriptor, final int directory, final long name) {
        return result(C.linkat(AT_FDCWD, Scratch.ofThread().pathOf(descriptor), directory, name, AT_SYMLINK_FOLLOW));
    }

    @Override
    public int unlink(final int directory, final long name) {
        return result(C.unlinkat(directory, name, 0));
    }

    @Override
    public int removeDirectory(final int directory, final long name) {
        return result(C.unlinkat(directory, name, AT_REMOVEDIR));
    }

    @Override
    public int rename(
            final int oldDirectory, final long oldName, final int newDirectory, final long newName, final int flags) {
        // RENAME_NOREPLACE and RENAME_EXCHANGE have the protocol's values.
        return result(C.renameat2(oldDirectory, oldName, newDirectory, newName, flags & RenameFlags.ALL));
    }

    @Override
    public long readLink(final int descriptor, final long buffer, final int size) {
        return result(C.readlinkat(descriptor, self(), buffer, size));
    }

    @Override
    public long path(final int descriptor, final long buffer, final int size) {
        return result(C.readlinkat(AT_FDCWD, Scratch.ofThread().pathOf(descriptor), buffer, size));
    }

    @Override
    public long read(final int descriptor, final long buffer, final int size, final long offset) {
        return result(C.pread(descriptor, buffer, size, offset));
    }

    @Override
    public long write(final int descriptor, final long buffer, final int size, final long offset) {
        return result(C.pwrite(descriptor, buffer, size, offset));
    }

    @Override
    public long seek(final int descriptor, final long offset, final int whence) {
        return result(C.lseek(descriptor, offset, whence == SeekWhence.DATA ? SEEK_DATA : SEEK_HOLE));
    }

    @Override
    public int truncate(final int descriptor, final long size) {
        return result(C.truncate(Scratch.ofThread().pathOf(descriptor), size));
    }

    @Override
    public int changeMode(final int descriptor, final int mode) {
        return result(C.chmod(Scratch.ofThread().pathOf(descriptor), mode));
    }

    @Override
    public int changeOwner(final int descriptor, final int uid, final int gid) {
        return result(C.fchownat(descriptor, self(), uid, gid, AT_EMPTY_PATH));
    }

    @Override
    public int changeTimes(
            final int descriptor,
            final int valid,
            final long atime,
            final int atimeNanos,
            final long mtime,
            final int mtimeNanos) {
        final NativeBuffer arguments = Scratch.ofThread().arguments;
        putTime(arguments.bytes(), 0, atime, nanosFor(valid, SetattrValid.ATIME, SetattrValid.ATIME_NOW, atimeNanos));
        putTime(arguments.bytes(), 16, mtime, nanosFor(valid, SetattrValid.MTIME, SetattrValid.MTIME_NOW, mtimeNanos));
        return result(C.utimensat(descriptor, self(), arguments.address(), AT_EMPTY_PATH));
    }

    private static int nanosFor(final int valid, final int given, final int now, final int nanos) {
        if ((valid & now) != 0) {
            return UTIME_NOW;
        }
        return (valid & given) != 0 ? nanos : UTIME_OMIT;
    }

    private static void putTime(final ByteBuffer bytes, final int at, final long seconds, final int nanos) {
        bytes.putLong(at, seconds);
        bytes.putLong(at + 8, nanos);
    }

    @Override
    public int sync(final int descriptor, final boolean dataOnly) {
        return result(dataOnly ? C.fdatasync(descriptor) : C.fsync(descriptor));
    }

    @Override
    public int syncFileSystem(final int descriptor) {
        return result(C.syncfs(descriptor));
    }

    @Override
    public int allocate(final int descriptor, final int mode, final long offset, final long length) {
        int platformMode = 0;
        if ((mode & FallocateMode.KEEP_SIZE) != 0) {
            platformMode |= FALLOC_KEEP_SIZE;
        }
        if ((mode & FallocateMode.PUNCH_HOLE) != 0) {
            platformMode |= FALLOC_PUNCH_HOLE;
        }
        if ((mode & FallocateMode.ZERO_RANGE) != 0) {
            platformMode |= FALLOC_ZERO_RANGE;
        }
        if ((mode & FallocateMode.COLLAPSE_RANGE) != 0) {
            platformMode |= FALLOC_COLLAPSE_RANGE;
        }
        if ((mode & FallocateMode.INSERT_RANGE) != 0) {
            platformMode |= FALLOC_INSERT_RANGE;
        }
        return result(C.fallocate(descriptor, platformMode, offset, length));
    }

    @Override
    public long copyRange(
            final int descriptorIn,
            final long offsetIn,
            final int descriptorOut,
            final long offsetOut,
            final long length) {
        final NativeBuffer arguments = Scratch.ofThread().arguments;
        arguments.bytes().putLong(0, offsetIn);
        arguments.bytes().putLong(8, offsetOut);
        return result(
                C.copy_file_range(descriptorIn, arguments.address(), descriptorOut, arguments.address(8), length, 0));
    }

    @Override
    public int statistics(final int descriptor, final FileSystemStatistics result) {
        final NativeBuffer arguments = Scratch.ofThread().arguments;
        final int status = result(C.fstatvfs(descriptor, arguments.address()));
        if (status == 0) {
            // struct statvfs of bits/statvfs.h: bsize, frsize, blocks, bfree, bavail, files, ffree, favail, fsid, flag,
            // namemax
            final ByteBuffer bytes = arguments.bytes();
            result.blockSize = (int) bytes.getLong(0);
            result.fragmentSize = (int) bytes.getLong(8);
            result.blocks = bytes.getLong(16);
            result.blocksFree = bytes.getLong(24);
            result.blocksAvailable = bytes.getLong(32);
            result.files = bytes.getLong(40);
            result.filesFree = bytes.getLong(48);
            result.nameMax = (int) bytes.getLong(80);
        }
        return status;
    }

    @Override
    public int setXattr(final int descriptor, final long name, final long value, final int size, final int flags) {
        // XATTR_CREATE and XATTR_REPLACE have the protocol's values.
        return result(C.setxattr(Scratch.ofThread().pathOf(descriptor), name, value, size, flags & XattrFlags.ALL));
    }

    @Override
    public long getXattr(final int descriptor, final long name, final long value, final int size) {
        return result(C.getxattr(Scratch.ofThread().pathOf(descriptor), name, value, size));
    }

    @Override
    public long listXattr(final int descriptor, final long list, final int size) {
        return result(C.listxattr(Scratch.ofThread().pathOf(descriptor), list, size));
    }

    @Override
    public int removeXattr(final int descriptor, final long name) {
        return result(C.removexattr(Scratch.ofThread().pathOf(descriptor), name));
    }

    @Override
    public long readEntries(final int descriptor, final long buffer, final int size) {
        return result(C.syscall(SYS_GETDENTS64, descriptor, buffer, size));
    }

    @Override
    public int rewindEntries(final int descriptor) {
        return (int) result(C.lseek(descriptor, 0, SEEK_SET));
    }

    @Override
    public int lockFile(final int descriptor, final int type) {
        final int operation;
        switch (type) {
            case LockType.READ:
                operation = LOCK_SH | LOCK_NB;
                break;
            case LockType.WRITE:
                operation = LOCK_EX | LOCK_NB;
                break;
            default:
                operation = LOCK_UN;
        }
        return result(C.flock(descriptor, operation));
    }

    @Override
    public int lockRange(final int descriptor, final int type, final long start, final long end) {
        final NativeBuffer lock = putLock(type, start, end);
        return result(C.fcntl(descriptor, F_OFD_SETLK, lock.address()));
    }

    @Override
    public int testRange(
            final int descriptor, final int type, final long start, final long end, final LockTest result) {
        final NativeBuffer lock = putLock(type, start, end);
        final int status = result(C.fcntl(descriptor, F_OFD_GETLK, lock.address()));
        if (status == 0) {
            switch (lock.bytes().getShort(0)) {
                case F_RDLCK:
                    result.type = LockType.READ;
                    break;
                case F_WRLCK:
                    result.type = LockType.WRITE;
                    break;
                default:
                    result.type = LockType.UNLOCK;
            }
            result.start = lock.bytes().getLong(8);
            final long length = lock.bytes().getLong(16);
            result.end = length == 0 ? Long.MAX_VALUE : result.start + length - 1;
        }
        return status;
    }

    /** struct flock: type s16, whence s16, start s64 at 8, len s64 at 16 (0: to the end), pid s32 at 24 (0 for OFD). */
    private static NativeBuffer putLock(final int type, final long start, final long end) {
        final NativeBuffer arguments = Scratch.ofThread().arguments;
        final ByteBuffer bytes = arguments.bytes();
        bytes.putShort(0, (short) (type == LockType.READ ? F_RDLCK : type == LockType.WRITE ? F_WRLCK : F_UNLCK));
        bytes.putShort(2, (short) SEEK_SET);
        bytes.putInt(4, 0);
        bytes.putLong(8, start);
        bytes.putLong(16, end == Long.MAX_VALUE ? 0 : end - start + 1);
        bytes.putLong(24, 0);
        return arguments;
    }

    @Override
    public boolean foldsNames(final int descriptor) {
        return NameFolding.folds(this, descriptor);
    }

    @Override
    public int descriptorLimit() {
        final NativeBuffer limits = NativeBuffer.allocate(RLIMIT_SIZE);
        final ByteBuffer bytes = limits.bytes();
        // Root may go beyond the hard limit, as far as fs.nr_open; others as far as the hard limit.
        bytes.putLong(0, DESCRIPTORS_WANTED);
        bytes.putLong(8, DESCRIPTORS_WANTED);
        if (C.setrlimit(RLIMIT_NOFILE, limits.address()) != 0) {
            C.getrlimit(RLIMIT_NOFILE, limits.address());
            bytes.putLong(0, bytes.getLong(8));
            C.setrlimit(RLIMIT_NOFILE, limits.address());
        }
        C.getrlimit(RLIMIT_NOFILE, limits.address());
        final long soft = bytes.getLong(0);
        Reference.reachabilityFence(limits);
        return soft < 0 || soft > DESCRIPTORS_WANTED ? (int) DESCRIPTORS_WANTED : (int) soft;
    }

    private static int result(final int status) {
        return status >= 0 ? status : failure();
    }

    private static long result(final long status) {
        return status >= 0 ? status : failure();
    }

    private static int failure() {
        return -HostErrno.toProtocol(HostLibrary.RUNTIME.getLastError());
    }
}
