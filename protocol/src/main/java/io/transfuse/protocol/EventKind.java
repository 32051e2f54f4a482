package io.transfuse.protocol;

/** What an entry of {@link Event} says happened, one of the changes that inotify(7) tells of. */
public enum EventKind {
    /** An object was made at the name: by mknod(2), mkdir(2), symlink(2), link(2) or open(2). */
    CREATE(1),
    /** The data of a file changed: write(2), truncate(2). */
    MODIFY(2),
    /** A file that was open for writing was closed. */
    CLOSE_WRITE(3),
    /** Attributes changed: permissions, owner, times, link count, extended attributes. */
    ATTRIB(4),
    /** The name was removed: unlink(2), rmdir(2). */
    DELETE(5),
    /** What stood at the name stands at the new name now: rename(2). */
    RENAME(6),
    /** What stood at the name was moved to where the guest is told of nothing. */
    MOVED_FROM(7),
    /** What stands at the name came from where the guest is told of nothing. */
    MOVED_TO(8),
    /** What stood at the two names changed places: RENAME_EXCHANGE of renameat2(2). */
    EXCHANGE(9);

    private final int code;

    EventKind(final int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** Whether an entry of this kind has a second directory and name. */
    public boolean hasNewName() {
        return this == RENAME || this == EXCHANGE;
    }

    /** Whether an entry of this kind may tell of an object without telling where it stands. */
    public boolean mayLackPlace() {
        return this == MODIFY || this == CLOSE_WRITE || this == ATTRIB || this == DELETE;
    }

    static EventKind ofCode(final int code) throws ProtocolException {
        for (final EventKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new ProtocolException("unknown event " + code);
    }
}
