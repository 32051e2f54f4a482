package io.transfuse.daemon.fuse;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.types.ssize_t;

/** The system calls of io_uring(7), which have no wrappers in the C library, and what goes with them. */
public interface UringLibrary {
    UringLibrary INSTANCE = LibraryLoader.create(UringLibrary.class).load("c");
    Runtime RUNTIME = Runtime.getRuntime(INSTANCE);

    /** io_uring_setup(2): of {@code struct io_uring_params}. The same number on x86-64 and aarch64. */
    long SETUP = 425;

    /** io_uring_enter(2). */
    long ENTER = 426;

    @ssize_t
    long syscall(long number, long first, long second, long third, long fourth, long fifth, long sixth);

    int close(int descriptor);

    /** The errno of this thread's last failed call. */
    static int errno() {
        return RUNTIME.getLastError();
    }
}
