package io.transfuse.daemon.fuse;

/** How the kernel is to treat an open file or directory. Kernel: FOPEN_ bits. */
public final class OpenOutFlags {
    /** Reads and writes go past the page cache. */
    public static final int DIRECT_IO = 1;
    /** The page cache from earlier opens stays. */
    public static final int KEEP_CACHE = 1 << 1;
    /** The listing of a directory may be cached. */
    public static final int CACHE_DIR = 1 << 3;
    /** No FLUSH on close(2). */
    public static final int NO_FLUSH = 1 << 5;
    /** Several direct writes of one file at a time, as long as none makes it longer. */
    public static final int PARALLEL_DIRECT_WRITES = 1 << 6;

    private OpenOutFlags() {}
}
