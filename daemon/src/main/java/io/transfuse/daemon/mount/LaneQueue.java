package io.transfuse.daemon.mount;

import io.transfuse.daemon.fuse.FuseChannel;
import io.transfuse.daemon.session.HostLane;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** The lanes that take the kernel's requests from one place: any of them may get the next one. Thread-safe. */
final class LaneQueue {
    private final int processor;
    private final Opener opener;
    private final AtomicInteger idle = new AtomicInteger();

    /** Lanes but those that wait with a request that waits for a lock. */
    private final AtomicInteger active = new AtomicInteger();

    /** Opens a channel for the calling thread. */
    interface Opener {
        FuseChannel open() throws IOException;
    }

    /** @param processor where the lanes are bound to, or {@link HostLane#ANYWHERE} */
    LaneQueue(final int processor, final Opener opener) {
        this.processor = processor;
        this.opener = opener;
    }

    int processor() {
        return processor;
    }

    /** One more channel from that place, for the calling thread. */
    FuseChannel open() throws IOException {
        return opener.open();
    }

    /** A lane begins, or is back with the answer for a request that waited; it waits for a request. */
    void join() {
        active.incrementAndGet();
        idle();
    }

    /**
     * A lane ends, or waits with a request that waits.
     *
     * @return as {@link #busy}
     */
    boolean leave() {
        active.decrementAndGet();
        return busy();
    }

    /** A lane waits for a request. */
    void idle() {
        idle.incrementAndGet();
    }

    /**
     * A lane does not wait for a request any more.
     *
     * @return whether it was the last that did
     */
    boolean busy() {
        return idle.decrementAndGet() == 0;
    }

    /** Whether no lane waits for a request, so that the next one has to wait, and there are fewer lanes than {@code most}. */
    boolean needsLane(final int most) {
        return idle.get() <= 0 && active.get() < most;
    }
}
