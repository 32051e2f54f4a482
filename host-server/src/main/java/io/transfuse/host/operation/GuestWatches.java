package io.transfuse.host.operation;

import io.transfuse.host.node.Node;
import io.transfuse.host.node.NodeTable;
import io.transfuse.host.posix.Posix;
import io.transfuse.host.posix.StatBuffer;
import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.EventKind;

/**
 * The watches of one mount, which guard what its guest may remember and tell what happens. An object is watched before
 * its state is read, for as long as the guest holds its node. Thread-safe.
 */
public final class GuestWatches {
    private final WatchTable watches;
    private final WatchTable.Subscriber subscriber;

    /**
     * @param subscriber who is told of changes
     */
    public GuestWatches(final WatchTable watches, final WatchTable.Subscriber subscriber) {
        this.watches = watches;
        this.subscriber = subscriber;
        watches.subscribe(subscriber);
    }

    static boolean isWatched(final Node node) {
        final WatchTable.Watch watch = node.watch;
        return watch != null && watch.isLive();
    }

    /** What the calling thread does from now on is the guest's doing, until {@link #endActing}. */
    public void beginActing() {
        watches.act(subscriber);
    }

    /** The calling thread does nothing more for the guest. */
    public void endActing() {
        watches.actNoMore();
    }

    /** Whether the platform does not tell who makes a change, so that lanes have to. */
    boolean needsReports() {
        return watches.needsReports();
    }

    /** See {@link WatchTable#ownChange}. */
    WatchTable.OwnChange ownChange(
            final EventKind kind,
            final WatchTable.Watch directory,
            final byte[] name,
            final WatchTable.Watch newDirectory,
            final byte[] newName,
            final WatchTable.Watch object,
            final boolean isDirectory) {
        return watches.ownChange(subscriber, kind, directory, name, newDirectory, newName, object, isDirectory);
    }

    void willChange(final WatchTable.OwnChange change) {
        watches.willChange(change);
    }

    void didChange(final WatchTable.OwnChange change, final boolean success) {
        watches.didChange(change, success);
    }

    /** The guest is told that attributes or data of an object changed. */
    void tellChanged(final Node node) {
        subscriber.changed(node.id());
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

    /**
     * Watches the mount's root; of one that is a file, the directory that holds it.
     *
     * @return false when it cannot be, or is a file: whether it can be is how most of the mount will be
     */
    public boolean watchRoot(final NodeTable nodes, final Posix posix) {
        final NodeTable.PathWork path = new NodeTable.PathWork();
        final Node root = nodes.root();
        if (!root.isDirectory()) {
            watchRootFile(nodes, posix, path);
            return false;
        }
        if (nodes.acquireDirectory(root, path) < 0) {
            return false;
        }
        try {
            return watch(root, path.descriptor().number(), posix.self());
        } finally {
            path.descriptor().release();
        }
    }

    private void watchRootFile(final NodeTable nodes, final Posix posix, final NodeTable.PathWork path) {
        final Node root = nodes.root();
        if (nodes.acquirePlace(root, path) < 0) {
            return;
        }
        try {
            final StatBuffer stat = new StatBuffer();
            final int directory = path.descriptor().number();
            if (posix.stat(directory, posix.self(), stat) >= 0) {
                root.watch = watches.watchName(
                        subscriber,
                        root.id(),
                        new WatchTable.Identity(stat.dev(), stat.ino(), stat.birth()),
                        directory,
                        posix.self(),
                        root.name());
            }
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
        final boolean rootFile = node == nodes.root() && !node.isDirectory();
        final int status = node.isDirectory() ? nodes.acquireDirectory(node, path) : nodes.acquirePlace(node, path);
        if (status < 0) {
            unwatch(node, -1, posix.self());
            return;
        }
        unwatch(node, path.descriptor().number(), node.isDirectory() || rootFile ? posix.self() : path.nameAddress());
        path.descriptor().release();
    }

    /** Gives every watch back. */
    public void close(final NodeTable nodes, final Posix posix) {
        final NodeTable.PathWork path = new NodeTable.PathWork();
        nodes.forEach(node -> unwatch(node, nodes, posix, path));
        watches.unsubscribe(subscriber);
    }
}
