package io.transfuse.cache;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What is believed of the host's objects and names: enters, doubts and forgets it, with all that follows for other beliefs. Which
 * objects and names there are is kept in {@link Inodes}; what is learnt and told, and in which order, is the business of {@link
 * MountCache}, whose lock guards this.
 */
final class Memory {
    private static final int DIRECTORY = 0040000;

    /** A directory of which more names have to be asked for than these is better listed anew. */
    private static final int GAPS_MAX = 256;

    private final long timeToLiveNanos;
    private final LongSupplier clock;
    private final Inodes inodes;
    private final Changes changes = new Changes();

    /** What may have names that are not known here. */
    private final Set<Inode> linked = new HashSet<>();

    /** Names of what the kernel holds that an answer of the host contradicted: the kernel is told with what is told next. */
    private final Set<Inode.Entry> unsure = new HashSet<>();

    private boolean suspended;

    /** See {@link MountCache#MountCache}. */
    Memory(final long bytesMax, final int entriesMax, final long timeToLiveNanos, final LongSupplier clock) {
        this.timeToLiveNanos = timeToLiveNanos;
        this.clock = clock;
        this.inodes = new Inodes(bytesMax, entriesMax, new Inodes.Observer() {
            @Override
            public void nameGone(final Inode inode) {
                forgetUntold(inode);
            }

            @Override
            public void dropped(final Inode inode) {
                linked.remove(inode);
                unsure.removeIf(entry -> entry.inode == inode);
            }
        });
    }

    Inodes inodes() {
        return inodes;
    }

    Changes changes() {
        return changes;
    }

    /** The time in nanoseconds. */
    long now() {
        return clock.getAsLong();
    }

    /** Whether nothing may be remembered at present. */
    boolean isSuspended() {
        return suspended;
    }

    void setSuspended(final boolean suspended) {
        this.suspended = suspended;
    }

    /** Whether what ends at {@code until} is still used. */
    boolean isLive(final long until) {
        return Validity.remaining(until, now()) > 0;
    }

    /** Whether a change of the object would be noticed: changes are told by the name in a directory. */
    boolean isTold(final Inode inode) {
        if (inode == inodes.root()) {
            return true;
        }
        for (Inode.Entry name = inode.names; name != null; name = name.nextName) {
            if (isLive(name.until)) {
                return true;
            }
        }
        return false;
    }

    /** The end of what is learnt now; {@link Validity#EXPIRED} for what must not be remembered. */
    long until(final Validity validity) {
        if (suspended || validity == Validity.NEVER) {
            return Validity.EXPIRED;
        }
        return validity == Validity.UNTIL_INVALIDATED ? Validity.FOREVER : now() + timeToLiveNanos;
    }

    /**
     * Two answers say that different objects stand at a name, and no change has been told: it is on its way, and which answer
     * is the newer one is not known. The next to ask finds out.
     */
    boolean isContradicted(final Inode directory, final Name name, final Inode inode) {
        final Inode.Entry before = directory.entry(name);
        return before != null && before.inode != null && before.inode != inode && isLive(before.until);
    }

    /** Enters what stands at a name, or that nothing does. */
    void put(final Inode.Entry entry) {
        final Inode.Entry before = entry.directory.entry(entry.name);
        if (before != null && before.inode != entry.inode) {
            replaced(before);
        }
        inodes.put(entry);
        if (entry.inode != null) {
            forgetUntold(entry.inode);
        }
    }

    /** Something else turns out to stand at a name, or nothing, and that has not been told. */
    private void replaced(final Inode.Entry before) {
        if (before.inode != null) {
            forgetObject(before.inode);
            before.inode.pagesStale = true;
            if (before.inode.kernelLookups > 0) {
                unsure.add(before);
            }
        }
    }

    /** Takes an entry out: what stands at the name is not what was entered, or is not known any more. */
    void remove(final Inode.Entry entry) {
        replaced(entry);
        // The kernel may have been given the name.
        entry.directory.directory.forgotten = true;
        inodes.remove(entry);
    }

    /** It is not known any more what stands at a name. */
    void forgetName(final Inode directory, final Name name) {
        final Inode.Entry entry = directory.entry(name);
        if (directory.directory.complete && directory.directory.gaps < GAPS_MAX) {
            put(new Inode.Entry(directory, name, Validity.EXPIRED));
        } else if (directory.directory.complete) {
            endCompleteness(directory);
            forgetName(directory, name);
        } else if (entry != null) {
            remove(entry);
        }
    }

    private void endCompleteness(final Inode inode) {
        inode.directory.complete = false;
        inode.directory.listing = null;
        for (final Inode.Entry entry : List.copyOf(inode.directory.entries.values())) {
            if (entry.isGap()) {
                remove(entry);
            }
        }
    }

    /** As {@link #forgetName}; changes that are told by the name still find the object. */
    void doubtName(final Inode directory, final Name name) {
        final Inode.Entry entry = directory.entry(name);
        if (entry == null || entry.inode == null) {
            forgetName(directory, name);
            return;
        }
        inodes.expire(entry);
        forgetUntold(entry.inode);
    }

    /** What stands at the names is kept, so that changes told by name are still understood, but not used. */
    void doubtEntries(final Inode inode, final Stale stale) {
        inode.directory.complete = false;
        inode.directory.listing = null;
        for (final Map.Entry<Name, Inode.Entry> entry : List.copyOf(inode.directory.entries.entrySet())) {
            stale.doubtfulName(inode.node, entry.getKey());
            final Inode child = entry.getValue().inode;
            if (child != null) {
                objectChanged(child);
                stale.object(child.node);
            }
            doubtName(inode, entry.getKey());
        }
    }

    /** Every name of a directory has been entered during a listing: the others are absent. */
    void complete(final Inode inode, final long listing, final long until) {
        final Inode.Directory directory = inode.directory;
        for (final Inode.Entry entry : List.copyOf(directory.entries.values())) {
            if (entry.listing != listing && (entry.inode != null || entry.isGap())) {
                remove(entry);
            }
        }
        directory.complete = true;
        directory.completeUntil = until;
        directory.listing = null;
    }

    /** At a name stands, as it seems, what {@code moved} was the entry of: changes told by the name will find it. */
    void expect(final Inode directory, final Name name, final Inode.Entry moved) {
        if (directory == null) {
            return;
        }
        if (moved == null || moved.inode == null) {
            forgetName(directory, name);
        } else {
            put(new Inode.Entry(directory, name, moved.inode, moved.ino, moved.type, Validity.EXPIRED));
        }
    }

    /** Of what has no name that is used, changes are not noticed. */
    void forgetUntold(final Inode inode) {
        if (!isTold(inode)) {
            forgetObject(inode);
            inode.attributesUntil = Validity.EXPIRED;
            inode.pagesStale = true;
        }
    }

    /**
     * Remembers attributes, unless they may have changed since they were asked for.
     *
     * @param parent where the object was seen, 0 if that is not known
     * @param name its name there
     * @param answer is told for how long they may be relied on
     */
    void rememberAttributes(
            final long since,
            final Inode inode,
            final long parent,
            final Name name,
            final ObjectFacts facts,
            final Answer answer) {
        long until = until(facts.attributesValidity());
        if (!isTold(inode)) {
            until = Validity.EXPIRED;
        }
        final boolean changed = hasChanged(since, inode, parent, name, facts.linked());
        keepAttributes(inode, facts, changed ? Validity.EXPIRED : until);
        inode.attributesUntil = until;
        answer.attributeNanos = inode.attributes == null ? 0 : Validity.remaining(inode.attributesUntil, now());
    }

    /** Whether attributes or data of an object changed, by its number, by this name or by one that is known. */
    boolean hasChanged(
            final long since, final Inode inode, final long parent, final Name name, final boolean isLinked) {
        if (changes.ofObject(since, inode.node, parent, name, isLinked)) {
            return true;
        }
        for (Inode.Entry known = inode.names; known != null; known = known.nextName) {
            if (changes.ofObject(since, inode.node, known.directory.node, known.name, isLinked)) {
                return true;
            }
        }
        return false;
    }

    /** Keeps attributes until then, and content and pages only if they belong to them. */
    void keepAttributes(final Inode inode, final ObjectFacts facts, final long until) {
        if (inode.version != 0 && inode.version != facts.version()) {
            // Content and pages are those of before.
            inodes.dropContent(inode);
            inode.pagesStale = true;
        }
        inode.version = facts.version();
        if (facts.linked()) {
            linked.add(inode);
        } else {
            linked.remove(inode);
        }
        inode.attributes = until == Validity.EXPIRED ? null : facts.attributes();
    }

    /** Keeps content until then, if there is room for it. */
    void keepContent(final Inode inode, final byte[] content, final long until) {
        if (until != Validity.EXPIRED) {
            inodes.putContent(inode, content, until);
            inodes.evict();
        }
    }

    /** The guest has changed a name, and the times of its directory with it. */
    void nameChanged(final long parent, final Name name) {
        changes.name(parent, name);
        forgetAttributes(inodes.get(parent));
    }

    /** What stood at a name has it no longer; when it is not known which object that was, any that has several may have one less. */
    void objectLostName(final Inode.Entry entry) {
        if (entry != null && entry.inode != null) {
            objectChanged(entry.inode);
        }
        if (entry == null || !isLive(entry.until)) {
            changes.linked();
            linked.forEach(this::forgetObject);
        }
    }

    /** Attributes or data changed, which answers that are on their way do not know. */
    void objectChanged(final Inode inode) {
        changes.node(inode.node);
        forgetObject(inode);
    }

    /** The object may be null. */
    static void forgetAttributes(final Inode inode) {
        if (inode != null) {
            inode.attributes = null;
            inode.version = 0;
        }
    }

    /** Attributes and content. */
    void forgetObject(final Inode inode) {
        forgetAttributes(inode);
        inodes.dropContent(inode);
    }

    /** Tells the kernel what an answer of the host contradicted. */
    void tellUnsure(final Stale stale) {
        for (final Inode.Entry entry : unsure) {
            stale.doubtfulName(entry.directory.node, entry.name);
            stale.attributes(entry.inode.node);
        }
        unsure.clear();
    }

    /** The kernel has an object at another name now, with attributes of before. */
    void tellMoved(final Inode.Entry entry, final Stale stale) {
        if (entry == null || entry.inode == null) {
            return;
        }
        if (entry.type == DIRECTORY) {
            forgetParent(entry.inode);
            stale.listing(entry.inode.node);
        } else {
            stale.attributes(entry.inode.node);
        }
    }

    /** A listing has the inode number of the parent in it. */
    private void forgetParent(final Inode directory) {
        if (directory.directory != null) {
            endCompleteness(directory);
        }
    }

    /** The kernel knows what became of a name by itself. */
    void settle(final Inode.Entry entry) {
        unsure.remove(entry);
    }

    /** Names of which the kernel may believe what is not so, and has not been told. */
    Collection<Inode.Entry> unsure() {
        return unsure;
    }
}
