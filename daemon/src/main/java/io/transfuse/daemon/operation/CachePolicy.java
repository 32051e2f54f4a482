package io.transfuse.daemon.operation;

import io.transfuse.cache.MountCache;
import io.transfuse.cache.Validity;
import io.transfuse.daemon.fuse.InitFlags;
import io.transfuse.daemon.fuse.OpenOutFlags;
import io.transfuse.protocol.ReplyFlags;

/**
 * The modes as policies of one mechanism: what daemon and kernel may remember, and the flags that say so to the kernel. A
 * cached mount is in one of the last rows at each moment, which the host's replies tell.
 */
public enum CachePolicy {
    /** Nothing is remembered: every call asks the host. */
    CONSISTENT(Validity.NEVER, OpenOutFlags.DIRECT_IO | OpenOutFlags.PARALLEL_DIRECT_WRITES),
    /** A cached mount that another one overlaps. */
    SUSPENDED(Validity.NEVER, OpenOutFlags.DIRECT_IO | OpenOutFlags.PARALLEL_DIRECT_WRITES),
    /**
     * A file that the host is changing; see {@link ChangingFiles}: the daemon remembers it from one change to the next,
     * the kernel does not.
     */
    CHANGING(Validity.UNTIL_INVALIDATED, OpenOutFlags.DIRECT_IO | OpenOutFlags.PARALLEL_DIRECT_WRITES),
    /** The host cannot watch: for a time-to-live; data are dropped by each open. */
    UNWATCHED(Validity.TIME_TO_LIVE, 0),
    /** The host tells of changes. */
    WATCHED(Validity.UNTIL_INVALIDATED, OpenOutFlags.KEEP_CACHE);

    /**
     * What INIT adds for a mount that caches. AUTO_INVAL_DATA: the kernel drops data whose size or time it finds
     * changed, before it is told. DO_READDIRPLUS, READDIRPLUS_AUTO: listings bring attributes where they are wanted.
     * CACHE_SYMLINKS: targets never change while a link lives. Beyond, OPENDIR answers ENOSYS, so that the kernel keeps
     * listings without asking.
     */
    public static final long INIT_FLAGS_CACHED = InitFlags.AUTO_INVAL_DATA
            | InitFlags.DO_READDIRPLUS
            | InitFlags.READDIRPLUS_AUTO
            | InitFlags.CACHE_SYMLINKS;

    private final Validity validity;
    private final int openFlags;

    CachePolicy(final Validity validity, final int openFlags) {
        this.validity = validity;
        this.openFlags = openFlags;
    }

    /** Of names, absent names, listings, attributes and contents alike. */
    Validity validity() {
        return validity;
    }

    /** Bits of {@link OpenOutFlags} of an open file, but NO_FLUSH. */
    int openFlags() {
        return openFlags;
    }

    /** How long the names in a reply with these {@link ReplyFlags} may be remembered. */
    static Validity ofNames(final MountCache facts, final int replyFlags) {
        return (replyFlags & ReplyFlags.FOLDED) != 0
                ? Validity.NEVER
                : of(facts, replyFlags).validity();
    }

    /** How long attributes and content in a reply with these {@link ReplyFlags} may be remembered. */
    static Validity ofAttributes(final MountCache facts, final int replyFlags) {
        if ((replyFlags & ReplyFlags.VOLATILE) != 0) {
            return Validity.NEVER;
        }
        // Changes are told by name, and the name that is told may be another than that which was looked up.
        final boolean byName = (replyFlags & ReplyFlags.FOLDED) == 0;
        return of(facts, byName ? replyFlags : replyFlags & ~ReplyFlags.WATCHED).validity();
    }

    /** The row for a reply of the host with these {@link ReplyFlags}. */
    static CachePolicy of(final MountCache facts, final int replyFlags) {
        if (facts == null) {
            return CONSISTENT;
        }
        if (facts.isSuspended()) {
            return SUSPENDED;
        }
        return (replyFlags & ReplyFlags.WATCHED) != 0 ? WATCHED : UNWATCHED;
    }
}
