package io.transfuse.daemon.fuse;

import jnr.ffi.LibraryLoader;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The system calls that tell of the process behind a request, with raw addresses; see section 2 of the manual. */
public interface CallerLibrary {
    CallerLibrary INSTANCE = LibraryLoader.create(CallerLibrary.class).load("c");

    int capget(long header, long data);

    @ssize_t
    long readlink(String path, long address, @size_t long size);
}
