package io.transfuse.daemon.mount;

import io.transfuse.daemon.session.HostLane;
import io.transfuse.daemon.session.HostSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A mount's ways to the host, as many as are used at a time. Most lanes keep the one that they have; a lane that waited for
 * a lock meanwhile borrows one for each request. Thread-safe.
 */
final class HostLanes {
    /** The host takes 128 of a mount; cache and events have one each. */
    private static final int MAX = 120;

    /** How many lanes may keep one; the rest is for those that borrow one for each request. */
    static final int KEPT_MAX = 96;

    private final HostSession session;
    private final List<HostLane> free = new ArrayList<>();
    private int count;

    HostLanes(final HostSession session) {
        this.session = session;
    }

    /**
     * Takes one, which may have to be waited for while all are in use.
     *
     * @param processor where the calling lane is bound to: one of the same place is preferred; or {@link HostLane#ANYWHERE}
     * @throws IOException if the host cannot be reached
     */
    synchronized HostLane take(final int processor) throws IOException {
        boolean interrupted = false;
        while (free.isEmpty() && count >= MAX) {
            try {
                wait();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        for (int i = free.size() - 1; i >= 0; i--) {
            if (free.get(i).processor() == processor || count >= MAX) {
                return free.remove(i);
            }
        }
        final HostLane opened = session.openLane(processor);
        count++;
        return opened;
    }

    /** Gives one back. */
    synchronized void give(final HostLane lane) {
        free.add(lane);
        notifyAll();
    }

    /** Ends one that was taken: whoever had it needs it no longer. */
    synchronized void end(final HostLane lane) {
        lane.shutdown();
        lane.close();
        count--;
        notifyAll();
    }

    /** Ends those that nobody has. */
    synchronized void close() {
        free.forEach(this::end);
        free.clear();
    }
}
