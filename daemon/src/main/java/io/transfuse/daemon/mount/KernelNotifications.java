package io.transfuse.daemon.mount;

import io.transfuse.cache.Name;

/**
 * The notifications that a FUSE kernel takes. Each may wait in the kernel for requests in flight, and returns 0 or an
 * errno: ENOENT where the kernel does not know the node or name, ENODEV or ENOTCONN when the mount is gone.
 */
interface KernelNotifications {
    /**
     * FUSE_NOTIFY_INVAL_ENTRY.
     *
     * @param expire whether the name need only be asked for again; a kernel that cannot do that drops it
     */
    int invalidateEntry(long directory, Name name, boolean expire);

    /** FUSE_NOTIFY_INVAL_INODE of attributes and all data. */
    int invalidateInode(long node);

    /** FUSE_NOTIFY_INVAL_INODE of attributes only, which does not wait. */
    int invalidateAttributes(long node);

    /** FUSE_NOTIFY_INC_EPOCH: every name is asked for again. Only where {@link #hasEpoch}. */
    int incrementEpoch();

    /** Whether the kernel can be told that every name is stale (Linux 6.16). */
    boolean hasEpoch();
}
