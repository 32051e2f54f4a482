package io.transfuse.protocol;

/** What a {@link Release} ends beside the handle. */
public final class ReleaseFlags {
    /** The BSD lock of the handle. */
    public static final int FLOCK_UNLOCK = 1;

    private ReleaseFlags() {}
}
