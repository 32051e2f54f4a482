package io.transfuse.protocol;

/** What the host tells of an export. */
public final class ExportFlags {
    /** Changes are refused with EROFS. */
    public static final int READ_ONLY = 1;

    /** The host watches the root; what it cannot watch below it, replies tell. */
    public static final int WATCHED = 1 << 3;

    /** Another mount overlaps this one: it begins suspended, see {@link Invalidation#SUSPEND}. */
    public static final int SUSPENDED = 1 << 4;

    private ExportFlags() {}
}
