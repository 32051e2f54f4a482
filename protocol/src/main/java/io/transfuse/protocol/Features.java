package io.transfuse.protocol;

/** Bits by which peers tell what they can do beyond the first version. Both sides use what both announced. */
public final class Features {
    /** The host tells of changes by {@link Invalidate}, replies say by {@link ReplyFlags} what may be remembered; {@link Listdir}. */
    public static final long INVALIDATIONS = 1;

    /** The reply of {@link Open} carries attributes and the content of a small file; needs INVALIDATIONS. */
    public static final long CONTENTS = 1 << 1;

    /** What this code can do. */
    public static final long SUPPORTED = INVALIDATIONS | CONTENTS;

    private Features() {}
}
