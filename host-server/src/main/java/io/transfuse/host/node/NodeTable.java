package io.transfuse.host.node;

import io.transfuse.host.posix.DescriptorBudget;
import io.transfuse.host.posix.Posix;
import io.transfuse.host.posix.StatBuffer;
import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.transport.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The nodes of a session: which numbers the guest holds, and how each is found on the host again. A directory is found by
 * its descriptor, which may be closed and opened again; any other object by its directory and name, checked by its
 * identity. No name is ever resolved but as one component in a directory's descriptor, and no symbolic link is followed,
 * so that nothing outside the export can be reached, whatever the guest asks and whatever the host's users swap.
 *
 * <p>Thread-safe; the lock is not held over a system call.
 */
public final class NodeTable {
    /** The number of the root. */
    public static final long ROOT = 1;

    private static final int DEPTH_MAX = 2048;
    private static final int HELD_MAX = 256;

    /** A thread may be kept from going on for as long between two steps of its way. */
    private static final long RESTLESS_NANOS = 2_000_000_000L;

    private final Posix posix;
    private final int nodeLimit;
    private final DescriptorBudget budget;
    private final LongMap<Node> byId = new LongMap<>();
    private final NodesByIdentity byIdentity = new NodesByIdentity();
    private final DescriptorClock directories;

    /** What is no directory and was looked up in a restless time. */
    private final DescriptorClock held;

    private final Node root;

    /** The directory that holds a root which is a file; null when the root is a directory. */
    private final Descriptor rootParent;

    private final long rootDev;
    private long nextId = ROOT + 1;
    private boolean closed;

    /** Until when what is looked up is held, as {@link System#nanoTime}; 0 for not at all. */
    private volatile long restlessUntil;

    /**
     * @param rootDescriptor O_PATH descriptor of the root if it is a directory, else of the directory that holds it
     * @param rootName the name of a root that is a file, null for a directory
     * @param rootStat the root's attributes
     * @param directoryLimit most directories that hold a descriptor at a time
     * @param nodeLimit most nodes that the guest may hold at a time; more are refused with ENFILE
     * @param budget for what the guest holds and has removed, or has looked up in a restless time
     */
    public NodeTable(
            final Posix posix,
            final int rootDescriptor,
            final byte[] rootName,
            final StatBuffer rootStat,
            final int directoryLimit,
            final int nodeLimit,
            final DescriptorBudget budget) {
        this.posix = posix;
        this.nodeLimit = nodeLimit;
        this.budget = budget;
        this.directories = new DescriptorClock(directoryLimit, node -> {});
        this.held = new DescriptorClock(HELD_MAX, node -> budget.give());
        this.rootDev = rootStat.dev();
        this.root = new Node(ROOT, rootStat, rootName == null ? null : new Node.Place(null, rootName));
        root.lookups = 1;
        byId.put(ROOT, root);
        if (rootName == null) {
            rootParent = null;
            root.descriptor = new Descriptor(posix, rootDescriptor);
            byIdentity.add(root);
        } else {
            rootParent = new Descriptor(posix, rootDescriptor);
        }
    }

    public Node root() {
        return root;
    }

    /** The node with this number, or null. */
    public synchronized Node get(final long id) {
        return byId.get(id);
    }

    public synchronized int size() {
        return byId.size();
    }

    /** The number to show as st_ino: the host's, made different for other devices than the root's. */
    public long shownIno(final long dev, final long ino) {
        return dev == rootDev ? ino : ino ^ (dev * 0x9e3779b97f4a7c15L | 1L << 63);
    }

    /**
     * Finds or makes the node of an object that was just seen at a name, and counts one lookup.
     *
     * @param nameAt where in {@code frame} the name's bytes begin
     * @return the node, or null when the guest holds as many as it may
     */
    public synchronized Node lookedUp(
            final Node directory,
            final ByteBuffer frame,
            final int nameAt,
            final int nameLength,
            final StatBuffer stat) {
        final Node known = byIdentity.find(stat);
        if (known != null) {
            known.lookups++;
            setPlace(known, directory, frame, nameAt, nameLength);
            return known;
        }
        if (byId.size() >= nodeLimit || closed) {
            return null;
        }
        final byte[] name = new byte[nameLength];
        frame.get(nameAt, name);
        final Node node = new Node(nextId++, stat, new Node.Place(directory, name));
        node.lookups = 1;
        byId.put(node.id, node);
        byIdentity.add(node);
        return node;
    }

    /** As {@link #lookedUp} for an object without a name; {@code descriptor} is kept for it and owned in any case. */
    public synchronized Node lookedUpNameless(final StatBuffer stat, final int descriptor) {
        if (byId.size() >= nodeLimit || closed || !budget.take()) {
            posix.close(descriptor);
            return null;
        }
        final Node node = new Node(nextId++, stat, null);
        node.lookups = 1;
        node.descriptor = new Descriptor(posix, descriptor);
        node.kept = true;
        byId.put(node.id, node);
        byIdentity.add(node);
        return node;
    }

    private void setPlace(
            final Node node, final Node directory, final ByteBuffer frame, final int nameAt, final int nameLength) {
        final Node.Place place = node.place;
        if (node == root || isPlace(place, directory, frame, nameAt, nameLength)) {
            return;
        }
        final byte[] name = new byte[nameLength];
        frame.get(nameAt, name);
        node.otherPlace = place;
        node.place = new Node.Place(directory, name);
    }

    private static boolean same(final byte[] name, final ByteBuffer frame, final int at, final int length) {
        if (name.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name[i] != frame.get(at + i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Gives back lookups; at 0 the number ends. Wild numbers and counts are without effect.
     *
     * @return the node that has ended, or null
     */
    public Node forget(final long id, final long lookups) {
        synchronized (this) {
            final Node node = byId.get(id);
            if (node == null || node == root || lookups <= 0) {
                return null;
            }
            node.lookups = Math.max(0, node.lookups - lookups);
            if (node.lookups > 0) {
                return null;
            }
            byId.remove(id);
            byIdentity.remove(node);
            // A directory's descriptor stays in the bounded set: children may still be found through it.
            if (!node.isDirectory() && node.descriptor != null) {
                budget.give();
                doom(node);
            }
            return node;
        }
    }

    /** Hands every node to {@code action}. */
    public void forEach(final Consumer<Node> action) {
        final List<Node> nodes = new ArrayList<>();
        synchronized (this) {
            byId.forEach(nodes::add);
        }
        nodes.forEach(action);
    }

    private static void doom(final Node node) {
        final Descriptor descriptor = node.descriptor;
        if (descriptor != null) {
            node.descriptor = null;
            descriptor.doom();
        }
    }

    /**
     * The guest removes a name: the object, if the guest still holds it and it was last seen under this name, is kept by a
     * descriptor, so that it can be used on. To be called before the removal with an open reference, which is owned in any
     * case.
     */
    public void keep(
            final StatBuffer stat,
            final int reference,
            final Node directory,
            final ByteBuffer frame,
            final int nameAt,
            final int nameLength) {
        synchronized (this) {
            final Node node = byIdentity.find(stat);
            if (node != null
                    && node != root
                    && !node.isDirectory()
                    && isPlace(node.place, directory, frame, nameAt, nameLength)) {
                if (node.descriptor != null) {
                    node.kept = true;
                } else if (takeFromBudget()) {
                    node.descriptor = new Descriptor(posix, reference);
                    node.kept = true;
                    return;
                }
            }
        }
        posix.close(reference);
    }

    private boolean takeFromBudget() {
        if (budget.take()) {
            return true;
        }
        held.evictOne();
        return budget.take();
    }

    /**
     * The guest removes a name of an object that has several: if it was last seen there and is still where it was seen
     * before, that is its place from now on, and no descriptor is needed.
     *
     * @param work memory of the calling thread
     * @return whether it has such a place
     */
    public boolean moveToOtherPlace(
            final StatBuffer stat,
            final Node directory,
            final ByteBuffer frame,
            final int nameAt,
            final int nameLength,
            final PathWork work) {
        final Node node;
        final Node.Place place;
        final Node.Place other;
        synchronized (this) {
            node = byIdentity.find(stat);
            place = node == null ? null : node.place;
            other = node == null ? null : node.otherPlace;
        }
        if (other == null
                || other.directory() == null
                || isPlace(other, directory, frame, nameAt, nameLength)
                || !isPlace(place, directory, frame, nameAt, nameLength)
                || acquireDirectory(other.directory(), work) < 0) {
            return false;
        }
        final Descriptor parent = work.descriptor;
        final int status = posix.stat(parent.number(), work.name(other.name()), work.stat);
        parent.release();
        if (status < 0 || !node.is(work.stat)) {
            return false;
        }
        synchronized (this) {
            if (!place.equals(node.place)) {
                return false;
            }
            node.place = other;
            node.otherPlace = null;
            return true;
        }
    }

    /**
     * Whether objects have not been found lately where they had just been seen: somebody replaces what stands at names, and
     * may do so between any two steps of a guest's way. What is looked up must be held then, see {@link #hold}.
     */
    public boolean isRestless() {
        final long until = restlessUntil;
        if (until == 0) {
            return false;
        }
        if (System.nanoTime() - until < 0) {
            return true;
        }
        synchronized (this) {
            restlessUntil = 0;
            held.evictAll();
        }
        return false;
    }

    /** An object is not where it was seen. The guest's kernel, when it hears so, walks the path a second time, and only once. */
    public void noteRestless() {
        restlessUntil = System.nanoTime() + RESTLESS_NANOS | 1;
    }

    /**
     * Keeps a descriptor of an object that was just seen, so that it is found whatever happens to its name, for as long as
     * there is room.
     *
     * @param reference refers to the object; owned in any case
     */
    public void hold(final Node node, final int reference) {
        synchronized (this) {
            if (node.descriptor == null && !closed && byId.get(node.id) == node) {
                if (node.isDirectory()) {
                    node.descriptor = new Descriptor(posix, reference);
                    directories.add(node);
                    return;
                }
                if (takeFromBudget()) {
                    node.descriptor = new Descriptor(posix, reference);
                    held.add(node);
                    return;
                }
            }
            node.recentlyUsed = true;
        }
        posix.close(reference);
    }

    private static boolean isPlace(
            final Node.Place place,
            final Node directory,
            final ByteBuffer frame,
            final int nameAt,
            final int nameLength) {
        return place != null && place.directory() == directory && same(place.name(), frame, nameAt, nameLength);
    }

    /** The guest has moved what stood at a name. */
    public synchronized void moved(
            final StatBuffer stat,
            final Node oldDirectory,
            final int oldNameAt,
            final int oldNameLength,
            final Node newDirectory,
            final int newNameAt,
            final int newNameLength,
            final ByteBuffer frame) {
        final Node node = byIdentity.find(stat);
        if (node == null) {
            return;
        }
        final boolean fromPlace = isPlace(node.place, oldDirectory, frame, oldNameAt, oldNameLength);
        final Node.Place other =
                isPlace(node.otherPlace, oldDirectory, frame, oldNameAt, oldNameLength) ? null : node.otherPlace;
        setPlace(node, newDirectory, frame, newNameAt, newNameLength);
        if (fromPlace) {
            node.otherPlace = other;
        }
    }

    /** What was looked at stands at a name, at which the guest has not looked it up: others than the guest brought it there. */
    public synchronized void seen(final StatBuffer stat, final Node directory, final byte[] name) {
        final Node node = byIdentity.find(stat);
        if (node != null) {
            setPlace(node, directory, ByteBuffer.wrap(name), 0, name.length);
        }
    }

    /** What was known to stand at a name does so no more, by others' doing: it is looked for at its other name, if there is one. */
    public synchronized void gone(
            final WatchTable.Identity identity, final int type, final Node directory, final byte[] name) {
        final Node node = byIdentity.find(identity, type);
        if (node != null
                && node.otherPlace != null
                && isPlace(node.place, directory, ByteBuffer.wrap(name), 0, name.length)) {
            node.place = node.otherPlace;
            node.otherPlace = null;
        }
    }

    /** The node of the object of this identity and type (of {@link FileMode}), or null. */
    public synchronized Node find(final WatchTable.Identity identity, final int type) {
        return byIdentity.find(identity, type);
    }

    /** The node of the object that a node of another table stands for, or null. */
    public synchronized Node find(final Node other) {
        final Node node = byIdentity.find(other);
        // A root that is a file is not among them: whatever bears its name is the root.
        final boolean isRoot =
                node == null && root.ino == other.ino && root.dev == other.dev && root.birth == other.birth;
        return isRoot ? root : node;
    }

    /** The node of the object that was just looked at, or null. */
    public synchronized Node of(final StatBuffer stat) {
        return byIdentity.find(stat);
    }

    /**
     * Acquires the descriptor of a directory, opening it if it was closed.
     *
     * @param work memory of the calling thread
     * @return 0 with the descriptor in {@code work}, to be released by the caller, or a negated errno: ENOTDIR; ESTALE
     *     when the directory is not to be found any more
     */
    public int acquireDirectory(final Node node, final PathWork work) {
        return acquireDirectory(node, work, 0);
    }

    private int acquireDirectory(final Node node, final PathWork work, final int depth) {
        if (!node.isDirectory()) {
            return -Errno.ENOTDIR;
        }
        final Descriptor descriptor = node.descriptor;
        if (descriptor != null && descriptor.acquire()) {
            node.recentlyUsed = true;
            work.descriptor = descriptor;
            return 0;
        }
        final Node.Place place = node.place;
        if (place == null || depth == DEPTH_MAX) {
            return -Errno.ESTALE;
        }
        int status = acquireDirectory(place.directory(), work, depth + 1);
        if (status < 0) {
            return status;
        }
        final Descriptor parent = work.descriptor;
        final int number = posix.openReference(parent.number(), work.name(place.name()));
        parent.release();
        status = number < 0 ? staleIfGone(number) : adoptDirectory(node, number, work);
        if (status == -Errno.ESTALE) {
            noteRestless();
        }
        return status;
    }

    private int adoptDirectory(final Node node, final int number, final PathWork work) {
        final int status = posix.stat(number, posix.self(), work.stat);
        if (status < 0 || !node.is(work.stat)) {
            posix.close(number);
            return status < 0 ? status : -Errno.ESTALE;
        }
        final Descriptor opened = new Descriptor(posix, number);
        opened.acquire();
        work.descriptor = opened;
        synchronized (this) {
            if (node.descriptor == null && !closed) {
                node.descriptor = opened;
                directories.add(node);
                return 0;
            }
        }
        // Another thread was faster: this one is closed after its only use.
        opened.doom();
        return 0;
    }

    /**
     * Acquires a descriptor that refers to an object, for calls that take no name.
     *
     * @param handles where an open handle of the object may be found
     * @return 0 with the descriptor in {@code work}, to be released by the caller, or a negated errno: ESTALE when the
     *     object is not to be found any more
     */
    public int acquireObject(final Node node, final HandleTable handles, final PathWork work) {
        if (node.isDirectory()) {
            return acquireDirectory(node, work);
        }
        final Descriptor descriptor = node.descriptor;
        if (descriptor != null && descriptor.acquire()) {
            work.descriptor = descriptor;
            return 0;
        }
        final int status = acquirePlace(node, work);
        if (status < 0) {
            return status;
        }
        final Descriptor parent = work.descriptor;
        final int number = posix.openReference(parent.number(), work.nameAddress());
        parent.release();
        if (number >= 0) {
            final int statStatus = posix.stat(number, posix.self(), work.stat);
            if (statStatus >= 0 && isAt(node, work.stat)) {
                final Descriptor opened = new Descriptor(posix, number);
                opened.acquire();
                opened.doom();
                work.descriptor = opened;
                return 0;
            }
            posix.close(number);
        }
        final Handle handle = handles.acquireOf(node);
        if (handle != null) {
            work.descriptor = handle.descriptor();
            return 0;
        }
        noteRestless();
        return -Errno.ESTALE;
    }

    /**
     * Acquires the directory of an object that is not a directory, and puts its name into {@code work}.
     *
     * @return 0, or a negated errno
     */
    public int acquirePlace(final Node node, final PathWork work) {
        final Node.Place place = node.place;
        if (place == null) {
            return -Errno.ESTALE;
        }
        if (place.directory() == null) {
            if (!rootParent.acquire()) {
                return -Errno.ESTALE;
            }
            work.descriptor = rootParent;
        } else {
            final int status = acquireDirectory(place.directory(), work);
            if (status < 0) {
                return status;
            }
        }
        work.name(place.name());
        return 0;
    }

    /**
     * Whether what was seen at a node's place is the node. A root that is a file is whatever bears its name now: editors
     * and git replace files by renaming.
     */
    public boolean isAt(final Node node, final StatBuffer stat) {
        if (node == root && rootParent != null && FileMode.isRegular(stat.mode())) {
            synchronized (this) {
                node.adopt(stat);
            }
            return true;
        }
        return node.is(stat);
    }

    /** A name that is gone means that what the guest holds by it is stale. */
    private static int staleIfGone(final int status) {
        return status == -Errno.ENOENT || status == -Errno.ENOTDIR || status == -Errno.ELOOP ? -Errno.ESTALE : status;
    }

    /** Gives back every descriptor. */
    public void close() {
        synchronized (this) {
            closed = true;
        }
        byId.forEach(node -> {
            if (!node.isDirectory() && node.descriptor != null) {
                budget.give();
            }
            doom(node);
        });
        directories.forEach(NodeTable::doom);
        if (rootParent != null) {
            rootParent.doom();
        }
    }

    /** A thread's memory for finding objects: the acquired descriptor, a name, attributes. */
    public static final class PathWork {
        private static final int NAME_MAX = 255;

        private final NativeBuffer name = NativeBuffer.allocate(NAME_MAX + 1);

        /** Attributes of what was looked at last. */
        public final StatBuffer stat = new StatBuffer();

        private Descriptor descriptor;

        /** What the last successful call acquired. */
        public Descriptor descriptor() {
            return descriptor;
        }

        /** Takes over what another call acquired, as if it had been acquired with this memory. */
        public void take(final Descriptor acquired) {
            descriptor = acquired;
        }

        /** Address of the name that {@link NodeTable#acquirePlace} put. */
        public long nameAddress() {
            return name.address();
        }

        /** Puts a name; returns its address. */
        public long name(final byte[] bytes) {
            name.bytes().put(0, bytes);
            name.bytes().put(bytes.length, (byte) 0);
            return name.address();
        }
    }
}
