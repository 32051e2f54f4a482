package io.transfuse.daemon.fuse;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** What it takes to start a program that hands a descriptor back; see posix_spawn(3), socketpair(2), recvmsg(2). */
public interface SpawnLibrary {
    SpawnLibrary INSTANCE = LibraryLoader.create(SpawnLibrary.class).load("c");
    Runtime RUNTIME = Runtime.getRuntime(INSTANCE);

    int socketpair(int domain, int type, int protocol, long pair);

    int pipe2(long pair, int flags);

    int fcntl(int descriptor, int command, int argument);

    @ssize_t
    long recvmsg(int descriptor, long message, int flags);

    @ssize_t
    long read(int descriptor, long address, @size_t long size);

    int close(int descriptor);

    int posix_spawn_file_actions_init(long actions);

    int posix_spawn_file_actions_adddup2(long actions, int descriptor, int wanted);

    int posix_spawn_file_actions_destroy(long actions);

    int posix_spawnp(long pid, String file, long actions, long attributes, long arguments, long environment);

    int waitpid(int pid, long status, int options);

    /** The errno of this thread's last failed call. */
    static int errno() {
        return RUNTIME.getLastError();
    }
}
