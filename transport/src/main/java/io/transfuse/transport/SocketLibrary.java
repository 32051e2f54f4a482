package io.transfuse.transport;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The system calls on sockets, descriptors, memory and threads, with raw addresses; see their pages in section 2 of the manual.
 */
public interface SocketLibrary {
    SocketLibrary INSTANCE = LibraryLoader.create(SocketLibrary.class).load("c");
    Runtime RUNTIME = Runtime.getRuntime(INSTANCE);

    int socket(int domain, int type, int protocol);

    int bind(int descriptor, long address, int length);

    int connect(int descriptor, long address, int length);

    int listen(int descriptor, int backlog);

    int accept(int descriptor, long address, long length);

    int shutdown(int descriptor, int how);

    int setsockopt(int descriptor, int level, int name, long value, int length);

    int getsockopt(int descriptor, int level, int name, long value, long length);

    /** macOS only. */
    int getpeereid(int descriptor, long uid, long gid);

    int geteuid();

    @ssize_t
    long read(int descriptor, long address, @size_t long size);

    @ssize_t
    long write(int descriptor, long address, @size_t long size);

    int close(int descriptor);

    int umask(int mask);

    /** Linux only; {@code thread} 0 is the calling one. */
    int sched_setaffinity(int thread, @size_t long size, long mask);

    long calloc(@size_t long count, @size_t long size);

    void free(long address);

    int open(byte[] path, int flags);

    int pipe(@Out int[] descriptors);

    /** {@code list} holds {@code count} struct pollfd. */
    int poll(long list, long count, int millis);

    /** {@code terminal} is a struct termios; see termios(3). Fails with ENOTTY for other devices. */
    int tcgetattr(int descriptor, long terminal);

    int tcsetattr(int descriptor, int when, long terminal);

    void cfmakeraw(long terminal);

    /** The errno of this thread's last failed call, in the platform's own numbers. */
    static int errno() {
        return RUNTIME.getLastError();
    }
}
