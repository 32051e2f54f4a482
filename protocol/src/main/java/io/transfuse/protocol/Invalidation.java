package io.transfuse.protocol;

/** What an entry of {@link Invalidate} says. */
public enum Invalidation {
    /** In a directory, something else stands at the name now, or nothing; the directory's own attributes changed, too. */
    NAME(1),
    /** Attributes or data of what stands at a name in a directory changed. */
    CHILD(2),
    /** Attributes or data of a node changed. */
    NODE(3),
    /**
     * Any name in a directory may stand for something else, and attributes and data of what stands there may have
     * changed.
     */
    DIRECTORY(4),
    /** Changes were lost: anything may have changed. */
    ALL(5),
    /** As ALL, and from now on nothing may be remembered. */
    SUSPEND(6),
    /** The end of SUSPEND: what is learnt from now on may be remembered again. */
    RESUME(7),
    /** Nothing changed; what came before is to be acknowledged by {@link Invalidated}. */
    SYNC(8),
    /** As NAME, where it may be the session's own change that is told, so that the same object may well stand there. */
    DOUBT(9);

    private final int code;

    Invalidation(final int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** Whether an entry of this kind has a name. */
    public boolean hasName() {
        return this == NAME || this == CHILD || this == DOUBT;
    }

    static Invalidation ofCode(final int code) throws ProtocolException {
        for (final Invalidation kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new ProtocolException("unknown invalidation " + code);
    }
}
