package io.transfuse.daemon.operation;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Which nodes of a mount have open files. The kernel may use the attributes that a LOOKUP brought for the rest of the same
 * system call, but its clock is too coarse for that: it uses them for one or two ticks. Calls on paths do not notice,
 * because each makes a LOOKUP of its own; calls on descriptors would see old attributes. So a LOOKUP gives attributes
 * without any validity while the node is open, and an OPEN ends the validity that an earlier LOOKUP gave. What remains
 * are descriptors of O_PATH, of which the kernel tells nothing. Thread-safe.
 */
public final class OpenNodes {
    private final ConcurrentHashMap<Long, Integer> counts = new ConcurrentHashMap<>();

    /** A file of the node is opened. */
    void opened(final long node) {
        counts.merge(node, 1, Integer::sum);
    }

    /** One is closed. */
    void released(final long node) {
        counts.computeIfPresent(node, (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    boolean isOpen(final long node) {
        return counts.containsKey(node);
    }
}
