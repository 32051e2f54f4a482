package io.transfuse.host.node;

import io.transfuse.host.posix.StatBuffer;
import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.FileMode;

/**
 * An object of the host that the guest knows by a number. It is identified by device, inode number and birth time, so
 * that an inode number used again is another node and two hard links are one. All mutable fields belong to
 * {@link NodeTable} and its lock, but for what is volatile.
 */
public final class Node {
    final long id;
    final int type;
    long dev;
    long ino;
    long birth;

    /** The directory and the name under which the object was last seen; null for the root. */
    volatile Place place;

    /** Where it was seen before that, if it may be there still; null if it is not known to have another name. */
    volatile Place otherPlace;

    /** What the guest has looked up and not given back. */
    long lookups;

    /**
     * O_PATH: of a directory, or of another object that was seen in a restless time, in a {@link DescriptorClock}; or
     * {@link #kept}.
     */
    volatile Descriptor descriptor;

    /** The object has no name that is known any more: its descriptor is kept until the guest forgets it. */
    boolean kept;

    /** Used since the hand of the {@link DescriptorClock} passed. */
    volatile boolean recentlyUsed;

    /** What guards what the guest remembers of it; null while it is not watched. Belongs to whoever watches. */
    public volatile WatchTable.Watch watch;

    /** Whether the guest may remember attributes and data of what is no directory. */
    public volatile boolean remembered;

    /** Whether the directory takes several names for one; null while that is not known. */
    public volatile Boolean folds;

    /** Next of the nodes whose identities have one hash. */
    Node nextOfHash;

    /** The open handles of this node, a chain; guarded by the lock of {@link HandleTable}. */
    Handle handles;

    /**
     * Where an object was seen.
     *
     * @param directory the node of the directory
     * @param name the bytes of the name; never changed
     */
    record Place(Node directory, byte[] name) {}

    Node(final long id, final StatBuffer stat, final Place place) {
        this.id = id;
        this.type = FileMode.type(stat.mode());
        this.place = place;
        adopt(stat);
    }

    /** The number by which the guest names it; the root has 1. */
    public long id() {
        return id;
    }

    /** The host's inode number. */
    public long ino() {
        return ino;
    }

    public boolean isDirectory() {
        return type == FileMode.DIRECTORY;
    }

    public boolean isRegular() {
        return type == FileMode.REGULAR;
    }

    public boolean isSymlink() {
        return type == FileMode.SYMLINK;
    }

    /** What the host knows it by. */
    public WatchTable.Identity identity() {
        return new WatchTable.Identity(dev, ino, birth);
    }

    /** The directory in which it was seen last; null for the root, and for what has no name. */
    public Node directory() {
        final Place seen = place;
        return seen == null ? null : seen.directory();
    }

    /** The bytes of the name under which it was seen last, never changed; null for the root, and for what has no name. */
    public byte[] name() {
        final Place seen = place;
        return seen == null ? null : seen.name();
    }

    public boolean is(final StatBuffer stat) {
        return ino == stat.ino() && dev == stat.dev() && birth == stat.birth() && type == FileMode.type(stat.mode());
    }

    /** Takes the identity of what stands at the name now; only the root that is a file does so later. */
    void adopt(final StatBuffer stat) {
        dev = stat.dev();
        ino = stat.ino();
        birth = stat.birth();
    }
}
