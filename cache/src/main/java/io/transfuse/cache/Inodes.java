package io.transfuse.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The objects that a mount knows and the names that are known of them: within bounds, and with the count of what kernel
 * and host hold. What may be believed of all that is not its business but that of {@link MountCache}, whose lock guards
 * it.
 */
final class Inodes {
    private static final int ENTRY_BYTES = 320;
    private static final int ABSENT_BYTES = 120;
    private static final int CONTENT_BYTES = 64;

    private final long bytesMax;
    private final int entriesMax;
    private final Observer observer;
    private final Map<Long, Inode> inodes = new HashMap<>();
    private final Inode root = new Inode(MountCache.ROOT);
    private final List<MountCache.Forget> forgets = new ArrayList<>();

    /** Directories with names that were not evicted because the kernel holds what stands there. */
    private final Set<Inode> partlyEvicted = new HashSet<>();

    private Inode mostRecent;
    private Inode leastRecent;
    private long bytes;
    private long entries;

    /** Whoever draws the conclusions. */
    interface Observer {
        /** An entry of the object is gone; it may have others. */
        void nameGone(Inode inode);

        /** The object is known no longer. */
        void dropped(Inode inode);
    }

    Inodes(final long bytesMax, final int entriesMax, final Observer observer) {
        this.bytesMax = bytesMax;
        this.entriesMax = entriesMax;
        this.observer = observer;
        root.kernelLookups = 1;
        inodes.put(root.node, root);
    }

    Inode root() {
        return root;
    }

    /** Null when it is not known. */
    Inode get(final long node) {
        return inodes.get(node);
    }

    /** Every object, as they are now. */
    Collection<Inode> all() {
        return List.copyOf(inodes.values());
    }

    /** The object with room for names; null when it is not known. */
    Inode withNames(final long node) {
        final Inode inode = inodes.get(node);
        if (inode != null && inode.directory == null) {
            inode.directory = new Inode.Directory();
        }
        return inode;
    }

    /** The host has counted an object. */
    Inode counted(final long node) {
        final Inode inode = inodes.computeIfAbsent(node, Inode::new);
        inode.hostLookups++;
        return inode;
    }

    /** Enters what stands at a name, in place of what was entered there. */
    void put(final Inode.Entry entry) {
        final Inode.Directory directory = entry.directory.directory;
        // What is learnt while a listing is being learnt is as good as what the listing says.
        entry.listing = directory.learning;
        final Inode.Entry before = directory.entries.put(entry.name, entry);
        account(entry, 1);
        if (entry.inode != null) {
            entry.nextName = entry.inode.names;
            entry.inode.names = entry;
        }
        if (before == null
                || before.inode != entry.inode
                || before.ino != entry.ino
                || before.until == Validity.EXPIRED
                || entry.until == Validity.EXPIRED) {
            directory.listing = null;
        }
        if (before != null) {
            released(before);
        }
        use(entry.directory);
    }

    /** Takes an entry out, if it is there still. */
    void remove(final Inode.Entry entry) {
        final Inode.Directory directory = entry.directory.directory;
        // What is believed of directories may make a circle, so that dropping one takes entries out of another.
        if (directory != null && directory.entries.remove(entry.name, entry)) {
            directory.listing = null;
            released(entry);
        }
    }

    /** An entry is no longer there: what stood at it may be of no use any more. */
    private void released(final Inode.Entry entry) {
        account(entry, -1);
        final Inode inode = entry.inode;
        if (inode == null) {
            return;
        }
        if (inode.names == entry) {
            inode.names = entry.nextName;
        } else {
            Inode.Entry before = inode.names;
            while (before.nextName != entry) {
                before = before.nextName;
            }
            before.nextName = entry.nextName;
        }
        observer.nameGone(inode);
        dropIfUnused(inode);
    }

    /** The entry is not used any more, but stays. */
    void expire(final Inode.Entry entry) {
        if (entry.until != Validity.EXPIRED) {
            entry.until = Validity.EXPIRED;
            entry.directory.directory.gaps++;
            entry.directory.directory.listing = null;
        }
    }

    private void account(final Inode.Entry entry, final int sign) {
        entries += sign;
        bytes += (long) sign * ((entry.inode == null ? ABSENT_BYTES : ENTRY_BYTES) + entry.name.length());
        if (entry.until == Validity.EXPIRED && entry.directory.directory != null) {
            entry.directory.directory.gaps += sign;
        }
    }

    /** An object that neither the kernel holds nor a name stands for is given back to the host. */
    void dropIfUnused(final Inode inode) {
        if (inode == root || inode.kernelLookups > 0 || inode.names != null || inodes.get(inode.node) != inode) {
            return;
        }
        inodes.remove(inode.node);
        partlyEvicted.remove(inode);
        forgets.add(new MountCache.Forget(inode.node, inode.hostLookups));
        dropContent(inode);
        if (inode.directory != null) {
            for (final Inode.Entry entry : List.copyOf(inode.directory.entries.values())) {
                remove(entry);
            }
            inode.directory = null;
        }
        takeOutOfOrder(inode);
        observer.dropped(inode);
    }

    /** Keeps content, if there is room for it at all. */
    void putContent(final Inode inode, final byte[] content, final long until) {
        if (content.length > bytesMax) {
            return;
        }
        dropContent(inode);
        inode.content = content;
        inode.contentUntil = until;
        bytes += content.length + CONTENT_BYTES;
        use(inode);
    }

    void dropContent(final Inode inode) {
        if (inode.content != null) {
            bytes -= inode.content.length + CONTENT_BYTES;
            inode.content = null;
        }
    }

    /** The kernel gives an object back. */
    void forget(final Inode inode, final long lookups) {
        if (inode == root) {
            return;
        }
        inode.kernelLookups = Math.max(0, inode.kernelLookups - lookups);
        dropIfUnused(inode);
        if (inode.kernelLookups == 0 && inode.names != null && !partlyEvicted.isEmpty()) {
            for (Inode.Entry name = inode.names; name != null; name = name.nextName) {
                if (partlyEvicted.remove(name.directory)) {
                    use(name.directory);
                }
            }
            evict();
        }
    }

    /** Takes what the host may forget; null when there is nothing. */
    List<MountCache.Forget> drainForgets() {
        if (forgets.isEmpty()) {
            return null;
        }
        final List<MountCache.Forget> drained = List.copyOf(forgets);
        forgets.clear();
        return drained;
    }

    long bytes() {
        return bytes;
    }

    long entries() {
        return entries;
    }

    /** Makes room: what was not used for longest goes first. */
    void evict() {
        while ((bytes > bytesMax || entries > entriesMax) && leastRecent != null) {
            final Inode inode = leastRecent;
            takeOutOfOrder(inode);
            dropContent(inode);
            if (inode.directory != null) {
                evictEntries(inode);
            }
        }
    }

    /** What the kernel holds stays, so that changes told by name are understood. */
    private void evictEntries(final Inode inode) {
        final Inode.Directory directory = inode.directory;
        directory.complete = false;
        directory.listing = null;
        directory.learning = 0;
        directory.forgotten = true;
        for (final Inode.Entry entry : List.copyOf(directory.entries.values())) {
            if (entry.inode == null || entry.inode.kernelLookups == 0) {
                remove(entry);
            }
        }
        if (!directory.entries.isEmpty() && inodes.get(inode.node) == inode) {
            partlyEvicted.add(inode);
        }
    }

    /** It has been used now. */
    void use(final Inode inode) {
        if (mostRecent == inode) {
            return;
        }
        takeOutOfOrder(inode);
        inode.inOrder = true;
        inode.lessRecent = mostRecent;
        if (mostRecent != null) {
            mostRecent.moreRecent = inode;
        }
        mostRecent = inode;
        if (leastRecent == null) {
            leastRecent = inode;
        }
    }

    private void takeOutOfOrder(final Inode inode) {
        if (!inode.inOrder) {
            return;
        }
        if (inode.moreRecent == null) {
            mostRecent = inode.lessRecent;
        } else {
            inode.moreRecent.lessRecent = inode.lessRecent;
        }
        if (inode.lessRecent == null) {
            leastRecent = inode.moreRecent;
        } else {
            inode.lessRecent.moreRecent = inode.moreRecent;
        }
        inode.moreRecent = null;
        inode.lessRecent = null;
        inode.inOrder = false;
    }
}
