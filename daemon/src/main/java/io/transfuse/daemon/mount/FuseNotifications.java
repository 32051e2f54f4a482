package io.transfuse.daemon.mount;

import io.transfuse.cache.Name;
import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.fuse.IncEpochOut;
import io.transfuse.daemon.fuse.InvalEntryOut;
import io.transfuse.daemon.fuse.InvalInodeOut;
import io.transfuse.transport.NativeBuffer;

/** Writes notifications to /dev/fuse. Belongs to one thread. */
final class FuseNotifications implements KernelNotifications {
    private final FuseDevice device;
    private final boolean hasEpoch;
    private final boolean canExpire;
    private final boolean keepsNames;
    private final NativeBuffer memory = NativeBuffer.allocate(InvalEntryOut.SIZE_MAX);

    /**
     * @param tellsEvents whether programs are told of events: names are expired then and never dropped, since a directory
     *     without a name cannot be reached to tell what happened in it before its removal
     */
    FuseNotifications(final FuseDevice device, final Negotiation agreed, final boolean tellsEvents) {
        this.keepsNames = tellsEvents;
        this.device = device;
        this.hasEpoch = agreed.hasEpoch();
        this.canExpire = agreed.canExpire();
    }

    @Override
    public int invalidateEntry(final long directory, final Name name, final boolean expire) {
        return write(InvalEntryOut.put(memory.bytes(), directory, name.bytes(), (expire || keepsNames) && canExpire));
    }

    @Override
    public int invalidateInode(final long node) {
        InvalInodeOut.putAll(memory.bytes(), node);
        return write(InvalInodeOut.SIZE);
    }

    @Override
    public int invalidateAttributes(final long node) {
        InvalInodeOut.putAttributes(memory.bytes(), node);
        return write(InvalInodeOut.SIZE);
    }

    @Override
    public int incrementEpoch() {
        IncEpochOut.put(memory.bytes());
        return write(IncEpochOut.SIZE);
    }

    @Override
    public boolean hasEpoch() {
        return hasEpoch;
    }

    private int write(final int length) {
        return device.write(memory, 0, length);
    }
}
