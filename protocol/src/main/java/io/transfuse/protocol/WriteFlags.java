package io.transfuse.protocol;

/** How a {@link Write} is to be done. */
public final class WriteFlags {
    /** Clear the set-id bits, for a caller without CAP_FSETID. */
    public static final int KILL_SUIDGID = 1;

    /** Written back from the guest's page cache (mmap): goes to its offset even if the file was opened with APPEND. */
    public static final int CACHE = 1 << 1;

    private WriteFlags() {}
}
