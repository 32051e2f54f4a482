package io.transfuse.daemon.fuse;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The system calls on /dev/fuse, on its io_urings and on mounts, with raw addresses; see section 2 of the manual. */
public interface FuseLibrary {
    FuseLibrary INSTANCE = LibraryLoader.create(FuseLibrary.class).load("c");
    Runtime RUNTIME = Runtime.getRuntime(INSTANCE);

    int open(String path, int flags);

    @ssize_t
    long read(int descriptor, long address, @size_t long size);

    @ssize_t
    long write(int descriptor, long address, @size_t long size);

    int close(int descriptor);

    int fcntl(int descriptor, int command, long argument);

    int sched_yield();

    int ioctl(int descriptor, long request, long argument);

    int mount(String source, String target, String type, long flags, String data);

    int umount2(String target, int flags);

    /** For calls that the C library has no function for. */
    @ssize_t
    long syscall(long number, long first, long second, long third, long fourth, long fifth, long sixth);

    int geteuid();

    int getegid();

    /** The errno of this thread's last failed call: those of Linux, which are the protocol's. */
    static int errno() {
        return RUNTIME.getLastError();
    }
}
