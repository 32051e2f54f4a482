package io.transfuse.protocol;

/** How much a {@link Fsync} brings to stable storage. */
public final class FsyncFlags {
    /** As fdatasync(2). */
    public static final int DATA_ONLY = 1;

    private FsyncFlags() {}
}
