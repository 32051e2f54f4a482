package io.transfuse.cache;

/** How long a fact may be used. */
public enum Validity {
    /** The host tells when it changes. */
    UNTIL_INVALIDATED,
    /** The host cannot tell: for a time-to-live. */
    TIME_TO_LIVE,
    /** Not at all. */
    NEVER;

    /** The end of what is used until the host tells of a change. */
    static final long FOREVER = Long.MAX_VALUE;

    /** The end of what is not used any more. */
    static final long EXPIRED = Long.MIN_VALUE;

    /** How long what ends at {@code until} may be used from now on, in nanoseconds; 0 for not at all. */
    static long remaining(final long until, final long now) {
        if (until == FOREVER) {
            return MountCache.LONG_NANOS;
        }
        return until == EXPIRED ? 0 : Math.max(0, until - now);
    }
}
