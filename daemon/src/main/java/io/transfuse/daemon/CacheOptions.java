package io.transfuse.daemon;

/**
 * Bounds of what a mount remembers, beyond what the kernel holds itself.
 *
 * @param bytes about how much memory, in bytes, at least {@link #BYTES_MIN}
 * @param timeToLiveMillis for how long what the host cannot watch is used, in milliseconds, 0 to {@link #MILLIS_MAX}
 */
public record CacheOptions(long bytes, int timeToLiveMillis) {
    /** Least memory for a cache, in bytes. */
    public static final long BYTES_MIN = 1 << 20;

    /** Most memory for a cache, in bytes. */
    public static final long BYTES_MAX = 16L << 30;

    /** Longest time-to-live, in milliseconds. */
    public static final int MILLIS_MAX = 3_600_000;

    /** 64 MiB and one second. */
    public static final CacheOptions DEFAULT = new CacheOptions(64L << 20, 1_000);

    public CacheOptions {
        if (bytes < BYTES_MIN || bytes > BYTES_MAX) {
            throw new IllegalArgumentException("a cache has 1MiB to 16GiB");
        }
        if (timeToLiveMillis < 0 || timeToLiveMillis > MILLIS_MAX) {
            throw new IllegalArgumentException("a time-to-live is 0 to 1h");
        }
    }
}
