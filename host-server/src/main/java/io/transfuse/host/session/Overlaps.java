package io.transfuse.host.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which mounts overlap: what one of them changes the other must see at once, so that neither may remember anything as long
 * as both are there (O1, O2 and O4 of docs/semantics.md). Thread-safe.
 */
final class Overlaps {
    private static final Logger LOG = LoggerFactory.getLogger(Overlaps.class);
    private static final long SUSPEND_MILLIS = 10_000;

    /** Each session, and how many others it overlaps. */
    private final Map<Session, Integer> counts = new HashMap<>();

    /**
     * A mount comes: those that it overlaps are suspended when this returns.
     *
     * @return whether it has to begin suspended itself
     */
    boolean enter(final Session entering) {
        final List<Session> suspended = new ArrayList<>();
        int own = 0;
        synchronized (this) {
            for (final Map.Entry<Session, Integer> other : counts.entrySet()) {
                if (other.getKey().remembers()) {
                    other.getKey().doubtLinked();
                }
                if (entering.overlaps(other.getKey())) {
                    own++;
                    if (other.getValue() == 0 && other.getKey().remembers()) {
                        other.getKey().suspend();
                        suspended.add(other.getKey());
                    }
                    other.setValue(other.getValue() + 1);
                }
            }
            counts.put(entering, own);
        }
        for (final Session other : suspended) {
            awaitSuspended(other);
        }
        return own > 0;
    }

    private static void awaitSuspended(final Session other) {
        try {
            if (!other.awaitSuspended(SUSPEND_MILLIS)) {
                LOG.error(
                        "{} does not answer and is disconnected: it may remember what another mount changes",
                        other.name());
                other.end();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A mount goes: those that it was the last to overlap may remember again. */
    synchronized void leave(final Session leaving) {
        if (counts.remove(leaving) == null) {
            return;
        }
        for (final Map.Entry<Session, Integer> other : counts.entrySet()) {
            if (leaving.overlaps(other.getKey())) {
                other.setValue(other.getValue() - 1);
                if (other.getValue() == 0 && other.getKey().remembers()) {
                    other.getKey().resume();
                }
            }
        }
    }
}
