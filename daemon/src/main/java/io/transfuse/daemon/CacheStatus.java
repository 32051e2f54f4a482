package io.transfuse.daemon;

/**
 * What a mount remembers.
 *
 * @param validity {@link #WATCHED}, {@link #TIME_TO_LIVE} or {@link #SUSPENDED}
 * @param entries names known, absent ones included
 * @param bytes about how much memory it takes, in bytes
 * @param bytesMax how much it may take beyond what the kernel holds, in bytes
 * @param hits questions answered without the host
 * @param misses questions that the host was asked
 */
public record CacheStatus(String validity, long entries, long bytes, long bytesMax, long hits, long misses) {
    /** The host tells of changes. */
    public static final String WATCHED = "watched";

    /** The host cannot watch; what it said is used for a time. */
    public static final String TIME_TO_LIVE = "time-to-live";

    /** Another mount overlaps this one: nothing is remembered. */
    public static final String SUSPENDED = "suspended";
}
