package io.transfuse.protocol;

/** Bits by which peers tell what they can do beyond the first version. Both sides use what both announced. */
public final class Features {
    /** What this code can do. */
    public static final long SUPPORTED = 0;

    private Features() {}
}
