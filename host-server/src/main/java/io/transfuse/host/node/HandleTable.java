package io.transfuse.host.node;

import io.transfuse.host.posix.DescriptorBudget;
import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.Errno;

/** The open handles of a session. Thread-safe; no lock is held over a system call. */
public final class HandleTable {
    private final Posix posix;
    private final DescriptorBudget budget;
    private final LongMap<Handle> handles = new LongMap<>();
    private long nextId = 1;
    private boolean closed;

    /**
     * @param budget handles beyond it are refused with ENFILE
     */
    public HandleTable(final Posix posix, final DescriptorBudget budget) {
        this.posix = posix;
        this.budget = budget;
    }

    /**
     * Makes a handle of an open descriptor, which it owns from then on in any case.
     *
     * @return the handle's number or a negated errno: ENFILE at the limit
     */
    public long add(final Node node, final int descriptor, final int flags) {
        synchronized (this) {
            if (!closed && budget.take()) {
                final Handle handle = new Handle(nextId++, node, new Descriptor(posix, descriptor), flags);
                handles.put(handle.id(), handle);
                handle.nextOfNode = node.handles;
                node.handles = handle;
                return handle.id();
            }
        }
        posix.close(descriptor);
        return -Errno.ENFILE;
    }

    /** The handle with this number, its descriptor acquired for the caller, or null. */
    public synchronized Handle acquire(final long id) {
        final Handle handle = handles.get(id);
        return handle != null && handle.descriptor().acquire() ? handle : null;
    }

    /** Any open handle of a node, its descriptor acquired for the caller, or null. */
    public synchronized Handle acquireOf(final Node node) {
        for (Handle handle = node.handles; handle != null; handle = handle.nextOfNode) {
            if (handle.descriptor().acquire()) {
                return handle;
            }
        }
        return null;
    }

    /** Ends a handle and returns it, or null when there is none with this number. */
    public Handle remove(final long id) {
        final Handle removed;
        synchronized (this) {
            removed = handles.remove(id);
            if (removed != null) {
                unchain(removed);
            }
        }
        if (removed != null) {
            removed.descriptor().doom();
            budget.give();
        }
        return removed;
    }

    private static void unchain(final Handle removed) {
        final Node node = removed.node();
        if (node.handles == removed) {
            node.handles = removed.nextOfNode;
            return;
        }
        Handle handle = node.handles;
        while (handle.nextOfNode != removed) {
            handle = handle.nextOfNode;
        }
        handle.nextOfNode = removed.nextOfNode;
    }

    /** Ends all handles and refuses further ones. */
    public void close() {
        synchronized (this) {
            closed = true;
        }
        handles.forEach(handle -> {
            handle.descriptor().doom();
            budget.give();
        });
    }

    public synchronized int size() {
        return handles.size();
    }
}
