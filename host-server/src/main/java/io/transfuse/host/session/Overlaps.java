package io.transfuse.host.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which mounts overlap: what one of them changes the other must see at once. So neither may remember anything as long
 * as both are there (O1, O2 and O4 of docs/semantics.md), unless one of them is to strengthen nothing (O3): then it
 * tells the other of each change before it answers. Thread-safe.
 */
final class Overlaps {
    /** Each session, and how many others it overlaps that suspend it, or would if it remembered. */
    private final Map<Session, Integer> counts = new HashMap<>();

    /**
     * A mount comes: those that it overlaps are suspended when this returns, or are told of what it changes.
     *
     * @return whether it has to begin suspended itself
     */
    boolean enter(final Session entering) {
        final List<Session> suspended = new ArrayList<>();
        int own = 0;
        synchronized (this) {
            for (final Map.Entry<Session, Integer> entry : counts.entrySet()) {
                final Session other = entry.getKey();
                if (other.remembers()) {
                    other.doubtLinked();
                }
                other.follow(entering);
                entering.follow(other);
                if (strengthen(entering, other)) {
                    own++;
                    if (entry.getValue() == 0 && other.remembers()) {
                        other.suspend();
                        suspended.add(other);
                    }
                    entry.setValue(entry.getValue() + 1);
                }
            }
            counts.put(entering, own);
        }
        suspended.forEach(Session::awaitTold);
        return own > 0;
    }

    private static boolean strengthen(final Session one, final Session other) {
        return one.overlaps(other) && !one.strengthensNothing() && !other.strengthensNothing();
    }

    /** A mount goes: those that it was the last to suspend may remember again. */
    synchronized void leave(final Session leaving) {
        if (counts.remove(leaving) == null) {
            return;
        }
        for (final Map.Entry<Session, Integer> entry : counts.entrySet()) {
            final Session other = entry.getKey();
            leaving.unfollow(other);
            if (strengthen(leaving, other)) {
                entry.setValue(entry.getValue() - 1);
                if (entry.getValue() == 0 && other.remembers()) {
                    other.resume();
                }
            }
        }
    }
}
