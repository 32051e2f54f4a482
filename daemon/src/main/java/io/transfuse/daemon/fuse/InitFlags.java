package io.transfuse.daemon.fuse;

/**
 * What kernel and daemon agree on by INIT. Kernel: FUSE_ bits of {@code fuse_init_in}; those above bit 31 travel in
 * flags2.
 */
public final class InitFlags {
    public static final long ASYNC_READ = 1;
    public static final long POSIX_LOCKS = 1 << 1;
    public static final long ATOMIC_O_TRUNC = 1 << 3;
    public static final long EXPORT_SUPPORT = 1 << 4;
    public static final long BIG_WRITES = 1 << 5;
    public static final long DONT_MASK = 1 << 6;
    public static final long FLOCK_LOCKS = 1 << 10;
    public static final long AUTO_INVAL_DATA = 1 << 12;
    public static final long DO_READDIRPLUS = 1 << 13;
    public static final long READDIRPLUS_AUTO = 1 << 14;
    public static final long ASYNC_DIO = 1 << 15;
    public static final long WRITEBACK_CACHE = 1 << 16;
    public static final long PARALLEL_DIROPS = 1 << 18;
    public static final long POSIX_ACL = 1 << 20;
    public static final long MAX_PAGES = 1 << 22;
    public static final long CACHE_SYMLINKS = 1 << 23;
    public static final long EXPLICIT_INVAL_DATA = 1 << 25;
    public static final long HANDLE_KILLPRIV_V2 = 1 << 28;
    public static final long SETXATTR_EXT = 1 << 29;
    /** There are flags above bit 31. */
    public static final long INIT_EXT = 1 << 30;

    public static final long HAS_EXPIRE_ONLY = 1L << 35;
    public static final long DIRECT_IO_ALLOW_MMAP = 1L << 36;
    public static final long NO_EXPORT_SUPPORT = 1L << 38;
    public static final long HAS_RESEND = 1L << 39;
    public static final long OVER_IO_URING = 1L << 41;

    private InitFlags() {}
}
