package io.transfuse.host.posix;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many descriptors the guests of a server may make it hold open in all: handles, removed objects in use, locks.
 * Thread-safe.
 */
public final class DescriptorBudget {
    private final AtomicInteger left;

    public DescriptorBudget(final int limit) {
        this.left = new AtomicInteger(limit);
    }

    /** Takes one; false when there is none left. */
    public boolean take() {
        if (left.decrementAndGet() >= 0) {
            return true;
        }
        left.incrementAndGet();
        return false;
    }

    /** Gives one back. */
    public void give() {
        left.incrementAndGet();
    }
}
