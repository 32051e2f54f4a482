package io.transfuse.tests;

import io.transfuse.protocol.Errno;
import io.transfuse.transport.NativeBuffer;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.types.mode_t;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** System calls as a program in the guest makes them; each returns its result or the errno, negated. */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_TRUNC = 01000;
    static final int O_APPEND = 02000;
    static final int O_DIRECTORY = 0200000;
    static final int O_NOFOLLOW = 0400000;
    static final int O_TMPFILE = 020000000 | O_DIRECTORY;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;
    static final int AT_FDCWD = -100;
    private static final int RENAME_EXCHANGE = 2;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int AT_SYMLINK_FOLLOW = 0x400;
    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;
    static final int LOCK_UN = 8;
    static final int F_GETLK = 5;
    static final int F_SETLK = 6;
    static final int F_SETLKW = 7;

    private static final C LIBRARY = LibraryLoader.create(C.class).load("c");
    private static final Runtime RUNTIME = Runtime.getRuntime(LIBRARY);

    private Libc() {}

    /** See section 2 of the manual. */
    public interface C {
        int open(byte[] path, int flags, @mode_t int mode);

        int close(int fd);

        @ssize_t
        long read(int fd, long buffer, @size_t long size);

        @ssize_t
        long pread(int fd, long buffer, @size_t long size, @off_t long offset);

        @ssize_t
        long write(int fd, long buffer, @size_t long size);

        @ssize_t
        long pwrite(int fd, long buffer, @size_t long size, @off_t long offset);

        @off_t
        long lseek(int fd, @off_t long offset, int whence);

        int ftruncate(int fd, @off_t long size);

        int truncate(byte[] path, @off_t long size);

        int fallocate(int fd, int mode, @off_t long offset, @off_t long length);

        int fsync(int fd);

        int fdatasync(int fd);

        int syncfs(int fd);

        int mkdir(byte[] path, @mode_t int mode);

        int mknod(byte[] path, @mode_t int mode, long device);

        int rmdir(byte[] path);

        int unlink(byte[] path);

        int symlink(byte[] target, byte[] path);

        int link(byte[] from, byte[] to);

        int linkat(int fromFd, byte[] from, int toFd, byte[] to, int flags);

        int renameat2(int fromFd, byte[] from, int toFd, byte[] to, int flags);

        int chmod(byte[] path, @mode_t int mode);

        int fchmod(int fd, @mode_t int mode);

        int lchown(byte[] path, int uid, int gid);

        int access(byte[] path, int mode);

        int utimensat(int fd, byte[] path, long times, int flags);

        @ssize_t
        long readlink(byte[] path, long buffer, @size_t long size);

        int setxattr(byte[] path, byte[] name, long value, @size_t long size, int flags);

        @ssize_t
        long getxattr(byte[] path, byte[] name, long value, @size_t long size);

        @ssize_t
        long listxattr(byte[] path, long list, @size_t long size);

        int removexattr(byte[] path, byte[] name);

        int flock(int fd, int operation);

        int fcntl(int fd, int command, long argument);

        int ioctl(int fd, long request, long argument);

        @ssize_t
        long copy_file_range(int in, long inOffset, int out, long outOffset, @size_t long length, int flags);

        @mode_t
        int umask(@mode_t int mask);

        int inotify_init1(int flags);

        int inotify_add_watch(int fd, byte[] path, int mask);

        int poll(long fds, long count, int millis);

        int name_to_handle_at(int fd, byte[] path, long handle, long mountId, int flags);

        int statx(int fd, byte[] path, int flags, int mask, long buffer);
    }

    static C c() {
        return LIBRARY;
    }

    static byte[] path(final Path path) {
        return (path.toString() + "\0").getBytes(StandardCharsets.UTF_8);
    }

    static byte[] text(final String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** The result of a call, or the errno there was, negated. */
    static long result(final long status) {
        return status >= 0 ? status : -RUNTIME.getLastError();
    }

    /** A result for a transcript: the number, or the name of the errno. */
    static String name(final long result) {
        return result < 0 ? Errno.name((int) -result) : Long.toString(result);
    }

    /** What stands at each of the two names stands at the other then; 0, or an errno, negated. */
    static long exchange(final Path one, final Path other) {
        return result(LIBRARY.renameat2(AT_FDCWD, path(one), AT_FDCWD, path(other), RENAME_EXCHANGE));
    }

    static long open(final Path path, final int flags, final int mode) {
        return result(LIBRARY.open(path(path), flags, mode));
    }

    static int mustOpen(final Path path, final int flags) {
        final long fd = open(path, flags, 0644);
        if (fd < 0) {
            throw new AssertionError("open " + path + ": " + name(fd));
        }
        return (int) fd;
    }

    static void close(final long fd) {
        if (fd >= 0) {
            LIBRARY.close((int) fd);
        }
    }

    static long write(final int fd, final byte[] data) {
        final NativeBuffer buffer = buffer(data);
        final long result = result(LIBRARY.write(fd, buffer.address(), data.length));
        Reference.reachabilityFence(buffer);
        return result;
    }

    static long pwrite(final int fd, final byte[] data, final long offset) {
        final NativeBuffer buffer = buffer(data);
        final long result = result(LIBRARY.pwrite(fd, buffer.address(), data.length, offset));
        Reference.reachabilityFence(buffer);
        return result;
    }

    /** What is read, or the errno's name. */
    static String pread(final int fd, final int size, final long offset) {
        final NativeBuffer buffer = NativeBuffer.allocate(Math.max(size, 1));
        final long result = result(LIBRARY.pread(fd, buffer.address(), size, offset));
        if (result < 0) {
            return name(result);
        }
        final byte[] bytes = new byte[(int) result];
        buffer.bytes().get(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static NativeBuffer buffer(final byte[] data) {
        final NativeBuffer buffer = NativeBuffer.allocate(Math.max(data.length, 1));
        buffer.bytes().put(0, data);
        return buffer;
    }

    /** The number that a FUSE mount has for what stands at a path. */
    static long node(final Path path) {
        final NativeBuffer memory = NativeBuffer.allocate(256);
        memory.bytes().putInt(0, 128);
        final long result =
                result(LIBRARY.name_to_handle_at(AT_FDCWD, path(path), memory.address(), memory.address(200), 0));
        if (result < 0) {
            throw new AssertionError("name_to_handle_at " + path + ": " + name(result));
        }
        return (long) memory.bytes().getInt(8) << Integer.SIZE | memory.bytes().getInt(12) & 0xffffffffL;
    }

    /** POSIX lock on a range; see fcntl(2). */
    static long lock(final int fd, final int command, final int type, final long start, final long length) {
        final NativeBuffer flock = NativeBuffer.allocate(32);
        flock.bytes().putShort(0, (short) type);
        flock.bytes().putLong(8, start);
        flock.bytes().putLong(16, length);
        final long result = result(LIBRARY.fcntl(fd, command, flock.address()));
        if (result == 0 && command == F_GETLK) {
            return flock.bytes().getShort(0) == 2 ? 0 : flock.bytes().getInt(24);
        }
        return result;
    }
}
