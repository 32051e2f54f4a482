package io.transfuse.host.operation;

import io.transfuse.host.node.Node;
import io.transfuse.host.node.NodeTable;
import io.transfuse.host.posix.Posix;
import io.transfuse.host.watch.WatchTable;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What the guest of one mount may remember, and the watches that guard it. An object is watched before its state is read, for
 * as long as the guest holds its node. Thread-safe.
 */
public final class GuestMemory {
    private final WatchTable watches;
    private final WatchTable.Subscriber subscriber;
    private final LongSupplier sequence;
    private final BooleanSupplier otherMounts;
    private final int contentMax;

    /**
     * @param subscriber who is told of changes
     * @param sequence the number of the last push
     * @param otherMounts whether the server has other mounts, which may change an object by another of its names
     * @param contentMax the size of the largest file whose content the guest wants with OPEN, in bytes
     */
    public GuestMemory(
            final WatchTable watches,
            final WatchTable.Subscriber subscriber,
            final LongSupplier sequence,
            final BooleanSupplier otherMounts,
            final int contentMax) {
        this.watches = watches;
        this.subscriber = subscriber;
        this.sequence = sequence;
        this.otherMounts = otherMounts;
        this.contentMax = contentMax;
        watches.subscribe(subscriber);
    }

    long sequence() {
        return sequence.getAsLong();
    }

    boolean hasOtherMounts() {
        return otherMounts.getAsBoolean();
    }

    int contentMax() {
        return contentMax;
    }

    static boolean isWatched(final Node node) {
        final WatchTable.Watch watch = node.watch;
        return watch != null && watch.isLive();
    }

    /**
     * Watches the object of a node, if it is not watched yet; false when it cannot be.
     *
     * @param descriptor of the object, or of the directory in which {@code name} is
     */
    boolean watch(final Node node, final int descriptor, final long name) {
        if (isWatched(node)) {
            return true;
        }
        synchronized (this) {
            if (isWatched(node)) {
                return true;
            }
            final WatchTable.Watch watch =
                    watches.watch(subscriber, node.id(), node.identity(), descriptor, name, node.isDirectory());
            node.watch = watch;
            return watch != null;
        }
    }

    /** Watches the mount's root, if it is a directory; whether it can be is how most of the mount will be. */
    public boolean watchRoot(final NodeTable nodes, final Posix posix) {
        final NodeTable.PathWork path = new NodeTable.PathWork();
        if (!nodes.root().isDirectory() || nodes.acquireDirectory(nodes.root(), path) < 0) {
            return false;
        }
        try {
            return watch(nodes.root(), path.descriptor().number(), posix.self());
        } finally {
            path.descriptor().release();
        }
    }

    /**
     * Gives the watch of a node back that the guest does not hold any more.
     *
     * @param descriptor of the object, or of the directory in which {@code name} is; -1 when it cannot be reached
     */
    void unwatch(final Node node, final int descriptor, final long name) {
        final WatchTable.Watch watch;
        synchronized (this) {
            watch = node.watch;
            node.watch = null;
        }
        if (watch != null) {
            watches.unwatch(watch, subscriber, node.id(), descriptor, name);
        }
    }

    /** As {@link #unwatch(Node, int, long)}, where the object may be found. */
    void unwatch(final Node node, final NodeTable nodes, final Posix posix, final NodeTable.PathWork path) {
        if (node.watch == null) {
            return;
        }
        final int status = node.isDirectory() ? nodes.acquireDirectory(node, path) : nodes.acquirePlace(node, path);
        if (status < 0) {
            unwatch(node, -1, posix.self());
            return;
        }
        unwatch(node, path.descriptor().number(), node.isDirectory() ? posix.self() : path.nameAddress());
        path.descriptor().release();
    }

    /** Gives every watch back. */
    public void close(final NodeTable nodes, final Posix posix) {
        final NodeTable.PathWork path = new NodeTable.PathWork();
        nodes.forEach(node -> unwatch(node, nodes, posix, path));
        watches.unsubscribe(subscriber);
    }
}
