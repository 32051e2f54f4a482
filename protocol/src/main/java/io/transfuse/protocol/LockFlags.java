package io.transfuse.protocol;

/** How a {@link Setlk} is to be done. */
public final class LockFlags {
    /** A BSD lock on the handle, see flock(2); the range is the whole file. */
    public static final int FLOCK = 1;

    /** Wait until it is had; on the push connection only. */
    public static final int WAIT = 1 << 1;

    private LockFlags() {}
}
