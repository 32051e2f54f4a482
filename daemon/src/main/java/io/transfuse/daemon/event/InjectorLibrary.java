package io.transfuse.daemon.event;

import io.transfuse.protocol.Errno;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.types.mode_t;

/** The system calls of the {@link Injector}; see section 2 of the manual. Paths are C strings: they end in NUL. */
public interface InjectorLibrary {
    InjectorLibrary INSTANCE = LibraryLoader.create(InjectorLibrary.class).load("c");
    Runtime RUNTIME = Runtime.getRuntime(INSTANCE);

    int open(byte[] path, int flags);

    int openat(int directory, byte[] path, int flags, @mode_t int mode);

    int close(int descriptor);

    int mknodat(int directory, byte[] path, @mode_t int mode, long device);

    int mkdirat(int directory, byte[] path, @mode_t int mode);

    int symlinkat(byte[] target, int directory, byte[] path);

    int linkat(int directory, byte[] path, int newDirectory, byte[] newPath, int flags);

    int unlinkat(int directory, byte[] path, int flags);

    int renameat2(int directory, byte[] path, int newDirectory, byte[] newPath, int flags);

    /** The times are the address of two struct timespec. */
    int utimensat(int directory, byte[] path, long times, int flags);

    /** The times are the address of two struct timespec. */
    int futimens(int descriptor, long times);

    int fallocate(int descriptor, int mode, long offset, long length);

    /** The value is an address, which may be 0 for a value of no bytes. */
    int setxattr(byte[] path, byte[] name, long value, long size, int flags);

    /** As setxattr, of an open file. */
    int fsetxattr(int descriptor, byte[] name, long value, long size, int flags);

    /** The buffer is an address. */
    long readlink(byte[] path, long buffer, long size);

    /** The handle is the address of a struct file_handle. */
    int open_by_handle_at(int mount, long handle, int flags);

    /** Handle and mount id are the addresses of a struct file_handle and of an int. */
    int name_to_handle_at(int directory, byte[] path, long handle, long mountId, int flags);

    /** The buffer is the address of a struct statx. */
    int statx(int directory, byte[] path, int flags, int mask, long buffer);

    /** open_tree(2) and mount_setattr(2), which libraries may lack; their numbers are the same on all architectures. */
    long syscall(long number, long first, long second, long third, long fourth, long fifth);

    int gettid();

    int setsid();

    /** 0, or the errno of this thread's last call, which has failed. */
    static int errno(final long result) {
        return result >= 0 ? 0 : RUNTIME.getLastError() == 0 ? Errno.EIO : RUNTIME.getLastError();
    }
}
