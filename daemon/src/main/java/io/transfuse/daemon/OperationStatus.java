package io.transfuse.daemon;

/**
 * How often the kernel asked for one operation of a mount and how long the answers took, since the mount was made.
 *
 * @param operation the kernel's name of the operation, {@code LOOKUP}
 * @param count requests answered
 * @param errors how many of them were answered with an errno, ENOENT of a missing name included
 * @param medianNanos half of the requests took at most this long, in nanoseconds, within 7 %
 * @param p99Nanos 99 of 100 requests took at most this long
 * @param maxNanos the longest that a request took
 */
public record OperationStatus(
        String operation, long count, long errors, long medianNanos, long p99Nanos, long maxNanos) {}
