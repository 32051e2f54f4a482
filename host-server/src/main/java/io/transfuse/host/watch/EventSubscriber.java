package io.transfuse.host.watch;

import io.transfuse.host.posix.StatBuffer;

/**
 * Whom events are told, in terms of its own nodes, and how objects are found that it holds. All calls come from the one
 * thread of {@link EventStream}. Results below 0 are protocol errnos, negated.
 */
public interface EventSubscriber {
    /** Looks at a name in a directory; see {@link io.transfuse.host.posix.Posix#stat}. */
    int stat(long directory, byte[] name, StatBuffer result);

    /** Looks at an object, where it was seen last or by what holds it open. */
    int stat(long node, StatBuffer result);

    /** Opens a directory for listing: a descriptor, which the caller closes. */
    int open(long directory);

    /** The node of the object that was looked at so, or 0. */
    long find(WatchTable.Identity identity, int type);

    /** Where the object of a node was seen last; null where that is not known or it has no place in a directory. */
    Place place(long node);

    /** What was looked at stands at the name now. */
    void moved(StatBuffer stat, long directory, byte[] name);

    /** What was known so stands at the name no more. */
    void gone(WatchTable.Identity identity, int type, long directory, byte[] name);

    /**
     * Takes an event. Waits for room, though not for ever: a guest that does not take what it is told misses it, and
     * gets a re-scan when it does again, see {@link EventStream#rescan}.
     */
    void tell(GuestEvent event) throws InterruptedException;

    /**
     * A name in a directory.
     *
     * @param directory the node of the directory
     * @param name its bytes, never changed
     */
    record Place(long directory, byte[] name) {}
}
