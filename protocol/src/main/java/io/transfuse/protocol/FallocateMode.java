package io.transfuse.protocol;

/** What a {@link Fallocate} does; see fallocate(2). */
public final class FallocateMode {
    /** The size stays. */
    public static final int KEEP_SIZE = 1;

    /** With KEEP_SIZE: give the space back. */
    public static final int PUNCH_HOLE = 1 << 1;

    /** Make zeros without writing. */
    public static final int ZERO_RANGE = 1 << 2;

    /** Take the range out. */
    public static final int COLLAPSE_RANGE = 1 << 3;

    /** Put a hole in. */
    public static final int INSERT_RANGE = 1 << 4;

    /** Every bit that is defined. */
    public static final int ALL = (1 << 5) - 1;

    private FallocateMode() {}
}
