package io.transfuse.protocol;

/** What a guest may remember of a reply, errors included, with {@link Features#INVALIDATIONS}; and why it is refused. */
public final class ReplyFlags {
    /** What the reply says holds until an {@link Invalidate} says otherwise; without it, for a time-to-live. */
    public static final int WATCHED = 1;

    /** Attributes and content of the object in the reply may not be remembered at all. */
    public static final int VOLATILE = 1 << 1;

    /** The directory takes several names for one (it folds case, or normalises): its names may not be remembered. */
    public static final int FOLDED = 1 << 2;

    /**
     * The errno is the answer for a caller of whom no more is known than the header has; {@link Credentials} before the
     * same request may lead to another.
     */
    public static final int DENIED = 1 << 3;

    private ReplyFlags() {}
}
