package io.transfuse.daemon.mount;

import io.transfuse.daemon.session.HostLane;
import io.transfuse.daemon.session.HostSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

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

    /** Those that are free and those that have not been opened. */
    private final Semaphore unused = new Semaphore(MAX);

    private final List<HostLane> free = new ArrayList<>();

    /** Those that are open. */
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
    HostLane take(final int processor) throws IOException {
        unused.acquireUninterruptibly();
        try {
            return freeOrNew(processor);
        } catch (final IOException e) {
            unused.release();
            throw e;
        }
    }

    private synchronized HostLane freeOrNew(final int processor) throws IOException {
        for (int i = free.size() - 1; i >= 0; i--) {
            if (free.get(i).processor() == processor || count == MAX) {
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
        unused.release();
    }

    /** Ends one that was taken: whoever had it needs it no longer. */
    synchronized void end(final HostLane lane) {
        close(lane);
        unused.release();
    }

    private void close(final HostLane lane) {
        lane.shutdown();
        lane.close();
        count--;
    }

    /** Ends those that nobody has. */
    synchronized void close() {
        free.forEach(this::close);
        free.clear();
    }
}
