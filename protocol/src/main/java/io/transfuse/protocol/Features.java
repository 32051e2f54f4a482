package io.transfuse.protocol;

/** Bits by which peers tell what they can do beyond the first version. Both sides use what both announced. */
public final class Features {
    /** The host tells of changes by {@link Invalidate}, replies say by {@link ReplyFlags} what may be remembered; {@link Listdir}. */
    public static final long INVALIDATIONS = 1;

    /** The reply of {@link Open} carries attributes and the content of a small file; needs INVALIDATIONS. */
    public static final long CONTENTS = 1 << 1;

    /** The host tells what others than the guest did, by {@link Event}; with or without INVALIDATIONS. */
    public static final long EVENTS = 1 << 2;

    /** What this code can do. */
    public static final long SUPPORTED = INVALIDATIONS | CONTENTS | EVENTS;

    private Features() {}
}
