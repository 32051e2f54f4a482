package io.transfuse.protocol;

/** How a {@link Rename} treats an existing new name; see renameat2(2). */
public final class RenameFlags {
    /** Fail with EEXIST. */
    public static final int NO_REPLACE = 1;

    /** Swap the two atomically. */
    public static final int EXCHANGE = 1 << 1;

    /** Every bit that is defined. */
    public static final int ALL = 3;

    private RenameFlags() {}
}
