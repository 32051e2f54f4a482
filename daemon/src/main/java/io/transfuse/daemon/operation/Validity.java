package io.transfuse.daemon.operation;

/**
 * How long the kernel may use what it is told without asking again.
 *
 * @param entrySeconds of a name
 * @param entryNanos and nanoseconds of it
 * @param attributeSeconds of attributes
 * @param attributeNanos and nanoseconds of it
 */
public record Validity(long entrySeconds, int entryNanos, long attributeSeconds, int attributeNanos) {
    /** Not at all: each call asks the host. Anything longer was seen to show stale names or sizes. */
    public static final Validity NONE = new Validity(0, 0, 0, 0);
}
