package io.transfuse.host.operation;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** What the guest of one mount may remember, guarded by its {@link GuestWatches}. Thread-safe. */
public final class GuestMemory {
    private final LongSupplier sequence;
    private final BooleanSupplier otherMounts;
    private final int contentMax;

    /** Counts what other mounts have changed, before this one's guest is told. */
    private final AtomicLong doubts = new AtomicLong();

    /**
     * @param sequence the number of the last push
     * @param otherMounts whether the server has other mounts, which may change an object by another of its names
     * @param contentMax the size of the largest file whose content the guest wants with OPEN, in bytes
     */
    public GuestMemory(final LongSupplier sequence, final BooleanSupplier otherMounts, final int contentMax) {
        this.sequence = sequence;
        this.otherMounts = otherMounts;
        this.contentMax = contentMax;
    }

    long sequence() {
        return sequence.getAsLong();
    }

    boolean hasOtherMounts() {
        return otherMounts.getAsBoolean();
    }

    /** Attributes in replies that are being made must not be remembered. */
    public void doubtReplies() {
        doubts.incrementAndGet();
    }

    /** Changes with {@link #doubtReplies}. */
    long doubts() {
        return doubts.get();
    }

    int contentMax() {
        return contentMax;
    }
}
