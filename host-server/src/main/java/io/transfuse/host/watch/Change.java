package io.transfuse.host.watch;

import io.transfuse.protocol.EventKind;

/**
 * One change that a watcher tells of, exactly: what happened, at which name, and who did it.
 *
 * @param kind what happened; never EXCHANGE, which is two changes of kind RENAME
 * @param watch the watched directory in which it happened; 0 where none is watched
 * @param name the name in it; null without a directory
 * @param newWatch of a RENAME the watched directory of the new name, else 0
 * @param newName of a RENAME the new name, else null
 * @param object the watch of the object itself; 0 where it is not watched
 * @param directory whether the object is a directory
 * @param actor the thread of this process that did it, {@link #OTHERS} or {@link #THIS_PROCESS}
 * @param pair not 0 where MOVED_FROM and the MOVED_TO that follows it with the same number may be one rename
 */
record Change(
        EventKind kind,
        long watch,
        byte[] name,
        long newWatch,
        byte[] newName,
        long object,
        boolean directory,
        int actor,
        long pair) {

    /** It was done by another process. */
    static final int OTHERS = 0;

    /** It was done by this process, it is not known by which thread. */
    static final int THIS_PROCESS = -1;

    /** A change at one name, or of an object that is watched itself. */
    static Change at(
            final EventKind kind,
            final long watch,
            final byte[] name,
            final long object,
            final boolean directory,
            final int actor) {
        return new Change(kind, watch, name, 0, null, object, directory, actor, 0);
    }
}
