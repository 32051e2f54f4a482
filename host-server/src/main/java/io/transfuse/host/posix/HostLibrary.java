package io.transfuse.host.posix;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.types.mode_t;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The C library's calls that the host server uses, with raw addresses; each is described in section 2 of the manual. */
public interface HostLibrary {
    HostLibrary INSTANCE = LibraryLoader.create(HostLibrary.class).load("c");
    Runtime RUNTIME = Runtime.getRuntime(INSTANCE);

    int openat(int directory, long name, int flags, @mode_t int mode);

    int close(int descriptor);

    int statx(int directory, long name, int flags, int mask, long buffer);

    int fstatvfs(int descriptor, long buffer);

    int mkdirat(int directory, long name, @mode_t int mode);

    int mknodat(int directory, long name, @mode_t int mode, long device);

    int symlinkat(long target, int directory, long name);

    int linkat(int oldDirectory, long oldName, int newDirectory, long newName, int flags);

    int unlinkat(int directory, long name, int flags);

    int renameat2(int oldDirectory, long oldName, int newDirectory, long newName, int flags);

    @ssize_t
    long readlinkat(int directory, long name, long buffer, @size_t long size);

    @ssize_t
    long pread(int descriptor, long buffer, @size_t long size, @off_t long offset);

    @ssize_t
    long pwrite(int descriptor, long buffer, @size_t long size, @off_t long offset);

    @off_t
    long lseek(int descriptor, @off_t long offset, int whence);

    int ftruncate(int descriptor, @off_t long size);

    int truncate(long path, @off_t long size);

    int chmod(long path, @mode_t int mode);

    int fchmod(int descriptor, @mode_t int mode);

    int fchownat(int directory, long name, int uid, int gid, int flags);

    int utimensat(int directory, long name, long times, int flags);

    int fsync(int descriptor);

    int fdatasync(int descriptor);

    int syncfs(int descriptor);

    int fallocate(int descriptor, int mode, @off_t long offset, @off_t long length);

    @ssize_t
    long copy_file_range(
            int descriptorIn, long offsetIn, int descriptorOut, long offsetOut, @size_t long length, int flags);

    int setxattr(long path, long name, long value, @size_t long size, int flags);

    @ssize_t
    long getxattr(long path, long name, long value, @size_t long size);

    @ssize_t
    long listxattr(long path, long list, @size_t long size);

    int removexattr(long path, long name);

    int flock(int descriptor, int operation);

    int fcntl(int descriptor, int command, long argument);

    int dup(int descriptor);

    int setfsuid(int uid);

    int setfsgid(int gid);

    int unshare(int flags);

    @mode_t
    int umask(@mode_t int mask);

    int prctl(int option, long argument2, long argument3, long argument4, long argument5);

    long syscall(long number, long argument1, long argument2, long argument3);

    int setrlimit(int resource, long limits);

    int getrlimit(int resource, long limits);

    int fstatfs(int descriptor, long buffer);

    int ioctl(int descriptor, long request, long argument);

    int name_to_handle_at(int directory, long name, long handle, long mountId, int flags);

    int fanotify_init(int flags, int eventFlags);

    int fanotify_mark(int group, int flags, long mask, int directory, long name);

    int inotify_init1(int flags);

    int inotify_add_watch(int group, long path, int mask);

    int inotify_rm_watch(int group, int watch);

    int eventfd(int initial, int flags);

    int poll(long descriptors, long count, int timeout);

    @ssize_t
    long read(int descriptor, long buffer, @size_t long size);

    @ssize_t
    long write(int descriptor, long buffer, @size_t long size);

    int gettid();

    int tgkill(int process, int thread, int signal);

    int geteuid();

    int getegid();
}
