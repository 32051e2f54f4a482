package io.transfuse.daemon.operation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Which nodes of a mount have open files. The kernel may use the attributes that a LOOKUP brought for the rest of the
 * same system call, but its clock is too coarse for that: it uses them for one or two ticks. Calls on paths do not
 * notice, because each makes a LOOKUP of its own; calls on descriptors would see old attributes. So a LOOKUP gives
 * attributes without any validity while the node is open, and an OPEN ends the validity that an earlier LOOKUP gave.
 * What remains are descriptors of O_PATH, of which the kernel tells nothing. Thread-safe.
 */
public final class OpenNodes {
    private static final int STRIPES = 1024;
    private static final long PAUSE_NANOS = 5_000;

    private static final int ENDED = 1 << 30;

    /**
     * How many files each has open; and {@link #ENDED} when the kernel has attributes of no validity, and gets no
     * other.
     */
    private final ConcurrentHashMap<Long, Integer> counts = new ConcurrentHashMap<>();

    /** Replies on their way that give attributes a validity, by a hash of their node. */
    private final AtomicIntegerArray lasting = new AtomicIntegerArray(STRIPES);

    /**
     * A reply may give the attributes of a node a validity; {@link #endLasting} follows when the kernel has it.
     *
     * @return false if the node is open, so that it may not; nothing follows then
     */
    boolean beginLasting(final long node) {
        lasting.incrementAndGet(stripe(node));
        if (isOpen(node)) {
            endLasting(node);
            return false;
        }
        return true;
    }

    void endLasting(final long node) {
        lasting.decrementAndGet(stripe(node));
    }

    /**
     * Waits, after {@link #opened}, until the kernel has every reply that gives the node's attributes a validity. To
     * end a validity later would make the kernel ignore what it is told of the attributes meanwhile.
     */
    void awaitLasting(final long node) {
        while (lasting.get(stripe(node)) != 0) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
    }

    private static int stripe(final long node) {
        return (int) node & STRIPES - 1;
    }

    /** A file of the node is opened. */
    void opened(final long node) {
        counts.merge(node, 1, Integer::sum);
    }

    /** One is closed. */
    void released(final long node) {
        counts.computeIfPresent(node, (key, count) -> (count & ~ENDED) == 1 ? null : Integer.valueOf(count - 1));
    }

    /** What validity the attributes of an open node had has ended. */
    void validityEnded(final long node) {
        counts.computeIfPresent(node, (key, count) -> count | ENDED);
    }

    /** Whether it had ended before this file was opened. */
    boolean hasNoValidity(final long node) {
        return (counts.getOrDefault(node, 0) & ENDED) != 0;
    }

    boolean isOpen(final long node) {
        return counts.containsKey(node);
    }
}
