package io.transfuse.host.posix;

/** What fstatfs(2) tells of the identity of a file system; filled in anew by each call. Belongs to one thread. */
public final class FileSystemIdentity {
    /** f_type, the magic number of the kind of file system; linux/magic.h. */
    public int type;

    /** f_fsid, its bytes in the order of memory read as little-endian; 0 where the file system has none. */
    public long id;
}
