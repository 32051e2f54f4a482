package io.transfuse.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What one mount remembers of its host. A fact is remembered only if nothing that concerns it changed between the
 * {@link #moment} at which it was asked for and now, and is used until a change is told, or its time-to-live is over. The
 * cache also counts what the kernel holds of each object, because what it remembers itself has to be held on the host,
 * too: {@link #drainForgets} tells what neither needs any more.
 *
 * <p>What the host has to tell: what stands at a name, and attributes and data of that, by the name; attributes of directories
 * and attributes and data of files with several names, by their numbers. It does not tell of the guest's own changes, except
 * that an object with several names lost or changed one: that it was this one, the guest may not have known.
 *
 * <p>Thread-safe by one lock, which is never held over anything that waits.
 */
public final class MountCache {
    /** The number of the mount's root. */
    public static final long ROOT = 1;

    /** What "until invalidated" is for the kernel, in nanoseconds. */
    public static final long LONG_NANOS = 24 * 3600 * 1_000_000_000L;

    private final Memory memory;
    private final Inodes inodes;
    private final Changes changes;
    private long listings;
    private long hits;
    private long misses;

    /** What the host may forget. */
    public record Forget(long node, long lookups) {}

    /** Whether a name is known. */
    public enum Outcome {
        /** Something stands at the name. */
        PRESENT,
        /** Nothing stands at the name. */
        ABSENT,
        /** The host has to be asked. */
        UNKNOWN
    }

    /**
     * @param bytesMax about how much memory may be used for what the kernel does not hold itself, in bytes
     * @param entriesMax how many names may be remembered that the kernel does not hold itself
     * @param timeToLiveNanos how long facts are used that the host does not watch, in nanoseconds
     * @param clock the time in nanoseconds, as {@link System#nanoTime} tells it
     */
    public MountCache(final long bytesMax, final int entriesMax, final long timeToLiveNanos, final LongSupplier clock) {
        this.memory = new Memory(bytesMax, entriesMax, timeToLiveNanos, clock);
        this.inodes = memory.inodes();
        this.changes = memory.changes();
    }

    /** To be taken before the host is asked, and given with what it answered. */
    public synchronized long moment() {
        return changes.moment();
    }

    /** Whether nothing may be remembered at present. */
    public synchronized boolean isSuspended() {
        return memory.isSuspended();
    }

    // Questions

    /** Looks a name up. When it is present and known, the kernel is given it, which counts. */
    public synchronized Outcome lookup(final long parent, final Name name, final Answer answer) {
        answer.clear();
        final Outcome outcome = find(parent, name, answer);
        count(outcome != Outcome.UNKNOWN);
        return outcome;
    }

    private Outcome find(final long parent, final Name name, final Answer answer) {
        final Inode directory = inodes.get(parent);
        if (directory == null || directory.directory == null) {
            return Outcome.UNKNOWN;
        }
        final long now = memory.now();
        final Inode.Entry entry = directory.entry(name);
        if (entry == null) {
            final long remaining =
                    directory.directory.complete ? Validity.remaining(directory.directory.completeUntil, now) : 0;
            if (remaining == 0) {
                return Outcome.UNKNOWN;
            }
            inodes.use(directory);
            // The kernel is given a name of which there is no entry.
            directory.directory.forgotten = true;
            answer.entryNanos = remaining;
            return Outcome.ABSENT;
        }
        answer.entryNanos = Validity.remaining(entry.until, now);
        if (answer.entryNanos == 0) {
            return Outcome.UNKNOWN;
        }
        inodes.use(directory);
        if (entry.inode == null) {
            return Outcome.ABSENT;
        }
        if (entry.inode.lost || !putAttributes(entry.inode, now, answer)) {
            return Outcome.UNKNOWN;
        }
        entry.inode.kernelLookups++;
        return Outcome.PRESENT;
    }

    /** Fills in the attributes of an object; false when they are not known. */
    public synchronized boolean attributes(final long node, final Answer answer) {
        answer.clear();
        final Inode inode = inodes.get(node);
        final boolean known = inode != null && putAttributes(inode, memory.now(), answer);
        count(known);
        return known;
    }

    private static boolean putAttributes(final Inode inode, final long now, final Answer answer) {
        final long remaining = inode.attributes == null ? 0 : Validity.remaining(inode.attributesUntil, now);
        if (remaining == 0) {
            return false;
        }
        answer.node = inode.node;
        answer.attributes = inode.attributes;
        answer.attributeNanos = remaining;
        return true;
    }

    /** All names of a directory; null when they are not known. */
    public synchronized Listing listing(final long node) {
        final Inode inode = inodes.get(node);
        final boolean known = inode != null && isWhole(inode) && inode.directory.gaps == 0;
        count(known);
        if (!known) {
            return null;
        }
        inodes.use(inode);
        if (inode.directory.listing == null) {
            inode.directory.listing = list(inode.directory);
        }
        return inode.directory.listing;
    }

    /** Whether names of which there is no entry are absent. */
    private boolean isWhole(final Inode inode) {
        return inode.directory != null && inode.directory.complete && memory.isLive(inode.directory.completeUntil);
    }

    private static Listing list(final Inode.Directory directory) {
        final List<Inode.Entry> present = new ArrayList<>(directory.entries.size());
        for (final Inode.Entry entry : directory.entries.values()) {
            if (entry.inode != null) {
                present.add(entry);
            }
        }
        final Name[] names = new Name[present.size()];
        final long[] inos = new long[present.size()];
        final int[] types = new int[present.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = present.get(i).name;
            inos[i] = present.get(i).ino;
            types[i] = present.get(i).type;
        }
        return new Listing(names, inos, types, directory.ino, directory.parentIno);
    }

    /** Whether the names of a directory are all known until the host says otherwise. */
    public synchronized boolean isListingKept(final long node) {
        final Inode inode = inodes.get(node);
        return inode != null
                && isWhole(inode)
                && inode.directory.gaps == 0
                && inode.directory.completeUntil == Validity.FOREVER;
    }

    /** Whether a listing of this directory would be worth to be fetched: most of its names are not known. */
    public synchronized boolean lacksListing(final long node) {
        final Inode inode = inodes.get(node);
        return inode != null && !memory.isSuspended() && !isWhole(inode);
    }

    /** Content of a file or target of a link, with its attributes in {@code answer}; null when it is not known. */
    public synchronized byte[] content(final long node, final Answer answer) {
        answer.clear();
        final Inode inode = inodes.get(node);
        final long now = memory.now();
        final boolean known = inode != null
                && inode.content != null
                && Validity.remaining(inode.contentUntil, now) > 0
                && putAttributes(inode, now, answer);
        count(known);
        if (!known) {
            return null;
        }
        inodes.use(inode);
        return inode.content;
    }

    /** A directory in which an object was seen; 0 when none is known. */
    public synchronized long directoryOf(final long node) {
        final Inode inode = inodes.get(node);
        return inode == null || inode.names == null ? 0 : inode.names.directory.node;
    }

    /** An object of which the attributes are known and the content is not. */
    public record WithoutContent(long node, byte[] attributes) {}

    /**
     * What stands in a directory of which attributes are known and content is not.
     *
     * @param type type bits of the mode that are wanted
     */
    public synchronized List<WithoutContent> withoutContent(final long directory, final int type) {
        final Inode inode = inodes.get(directory);
        if (memory.isSuspended() || inode == null || inode.directory == null) {
            return List.of();
        }
        final List<WithoutContent> found = new ArrayList<>();
        for (final Inode.Entry entry : inode.directory.entries.values()) {
            final Inode child = entry.inode;
            if (child != null
                    && entry.type == type
                    && child.content == null
                    && child.attributes != null
                    && memory.isLive(child.attributesUntil)) {
                found.add(new WithoutContent(child.node, child.attributes));
            }
        }
        return found;
    }

    /** Whether these very bytes are the content of a file still. */
    public synchronized boolean isContent(final long node, final byte[] content) {
        final Inode inode = inodes.get(node);
        return inode != null && inode.content == content && memory.isLive(inode.contentUntil);
    }

    /** The target of a symbolic link; null when it is not known. */
    public synchronized byte[] target(final long node) {
        final Inode inode = inodes.get(node);
        final boolean known = inode != null && inode.content != null;
        count(known);
        return known ? inode.content : null;
    }

    /**
     * Whether the kernel may go on using the data of a file that it has, now that the file is opened. When not, it is taken
     * that it drops them.
     */
    public synchronized boolean mayKeepPages(final long node) {
        final Inode inode = inodes.get(node);
        if (memory.isSuspended() || inode == null || !memory.isTold(inode)) {
            return false;
        }
        final boolean keep = !inode.pagesStale && inode.attributesUntil == Validity.FOREVER;
        inode.pagesStale = false;
        return keep;
    }

    private void count(final boolean hit) {
        if (hit) {
            hits++;
        } else {
            misses++;
        }
    }

    // What the host answered

    /**
     * The host has looked a name up, or made what stands there, and counted it.
     *
     * @param since the {@link #moment} before it was asked
     * @param validity of the name
     * @param toKernel whether the kernel will be given it, which counts
     * @param answer filled in with what the kernel may rely on
     */
    public synchronized void learnEntry(
            final long since,
            final long parent,
            final Name name,
            final ObjectFacts facts,
            final Validity validity,
            final boolean toKernel,
            final Answer answer) {
        learn(since, parent, name, facts, validity, toKernel, answer);
        inodes.evict();
    }

    /** As {@link #learnEntry}, for an entry of a listing, which the kernel is not given. */
    public synchronized void learnListed(
            final long since,
            final long parent,
            final Name name,
            final ObjectFacts facts,
            final Validity validity,
            final Answer answer) {
        learn(since, parent, name, facts, validity, false, answer);
    }

    private void learn(
            final long since,
            final long parent,
            final Name name,
            final ObjectFacts facts,
            final Validity validity,
            final boolean toKernel,
            final Answer answer) {
        answer.clear();
        final Inode directory = inodes.withNames(parent);
        final Inode inode = counted(facts, toKernel, answer);
        long until = memory.until(validity);
        if (until != Validity.EXPIRED && directory != null && !changes.ofName(since, parent, name)) {
            if (memory.isContradicted(directory, name, inode)) {
                until = Validity.EXPIRED;
            }
            memory.put(new Inode.Entry(directory, name, inode, facts.ino(), facts.type(), until));
            answer.entryNanos = Validity.remaining(until, memory.now());
        }
        if (answer.entryNanos > 0) {
            memory.rememberAttributes(since, inode, parent, name, facts, answer);
        } else {
            // Its changes would be told by this name.
            memory.keepAttributes(inode, facts, Validity.EXPIRED);
        }
        inodes.dropIfUnused(inode);
    }

    private Inode counted(final ObjectFacts facts, final boolean toKernel, final Answer answer) {
        final Inode inode = inodes.counted(facts.node());
        inode.lost = false;
        if (toKernel) {
            inode.kernelLookups++;
        }
        answer.node = facts.node();
        answer.attributes = facts.attributes();
        return inode;
    }

    /** The host has found nothing at a name. */
    public synchronized void learnAbsent(
            final long since, final long parent, final Name name, final Validity validity, final Answer answer) {
        answer.clear();
        final Inode directory = inodes.withNames(parent);
        final long until = memory.until(validity);
        if (until == Validity.EXPIRED || directory == null || changes.ofName(since, parent, name)) {
            return;
        }
        memory.put(new Inode.Entry(directory, name, until));
        answer.entryNanos = Validity.remaining(until, memory.now());
        inodes.evict();
    }

    /** The host has told the attributes of an object. */
    public synchronized void learnAttributes(final long since, final ObjectFacts facts, final Answer answer) {
        answer.clear();
        answer.node = facts.node();
        answer.attributes = facts.attributes();
        final Inode inode = inodes.get(facts.node());
        if (inode != null) {
            memory.rememberAttributes(since, inode, 0, null, facts, answer);
        }
    }

    /** The host has told the content of a file, or the target of a link, together with its attributes. */
    public synchronized void learnContent(
            final long since,
            final ObjectFacts facts,
            final byte[] content,
            final Validity validity,
            final Answer answer) {
        learnAttributes(since, facts, answer);
        if (answer.attributeNanos > 0) {
            memory.keepContent(inodes.get(facts.node()), content, memory.until(validity));
        }
    }

    /** As {@link #learnContent}, for what never changes while the object lives: the target of a link. */
    public synchronized void learnTarget(final long since, final long node, final byte[] target) {
        final Inode inode = inodes.get(node);
        if (inode != null && !memory.isSuspended() && !changes.ofObject(since, node, 0, null, false)) {
            memory.keepContent(inode, target, Validity.FOREVER);
        }
    }

    // Whole directories

    /** A whole directory is going to be learnt; the number is to be given when it has been. */
    public synchronized long beginListing(final long node) {
        final Inode inode = inodes.withNames(node);
        listings++;
        if (inode != null) {
            inode.directory.learning = listings;
        }
        return listings;
    }

    /**
     * All entries of a listing have been learnt. Names that were not among them are absent from now on, unless the directory
     * has changed in the meantime.
     *
     * @param ino inode number of the directory
     * @param parentIno inode number of {@code ..}
     */
    public synchronized void endListing(
            final long since,
            final long node,
            final long listing,
            final long ino,
            final long parentIno,
            final Validity validity) {
        final Inode inode = inodes.get(node);
        final long until = memory.until(validity);
        if (inode != null
                && inode.directory != null
                && inode.directory.learning == listing
                && until != Validity.EXPIRED
                && !changes.ofListing(since, node)) {
            memory.complete(inode, listing, until);
            inode.directory.ino = ino;
            inode.directory.parentIno = parentIno;
            inodes.use(inode);
        }
        inodes.evict();
    }

    // The guest's own changes, to be told when the host has made them and before the caller hears of it

    /** As {@link #learnEntry}, for what the guest has just made there. */
    public synchronized void made(
            final long since,
            final long parent,
            final Name name,
            final ObjectFacts facts,
            final Validity validity,
            final Answer answer) {
        answer.clear();
        final boolean freshName = !changes.ofName(since, parent, name);
        final Inode known = inodes.get(facts.node());
        final boolean freshObject = known == null
                ? !changes.ofObject(since, facts.node(), parent, name, facts.linked())
                : !memory.hasChanged(since, known, parent, name, facts.linked());
        memory.nameChanged(parent, name);
        changes.node(facts.node());
        final Inode directory = inodes.withNames(parent);
        final Inode inode = counted(facts, true, answer);
        memory.forgetObject(inode);
        if (directory != null) {
            final long until = freshName ? memory.until(validity) : Validity.EXPIRED;
            memory.put(new Inode.Entry(directory, name, inode, facts.ino(), facts.type(), until));
            answer.entryNanos = Validity.remaining(until, memory.now());
        }
        if (freshObject && answer.entryNanos > 0) {
            memory.rememberAttributes(changes.moment(), inode, parent, name, facts, answer);
        } else {
            memory.keepAttributes(inode, facts, Validity.EXPIRED);
        }
        inodes.evict();
    }

    /**
     * The guest has removed a name.
     *
     * @param since the {@link #moment} before the host was asked
     */
    public synchronized void removed(final long since, final long parent, final Name name) {
        final boolean fresh = !changes.ofName(since, parent, name);
        memory.nameChanged(parent, name);
        final Inode directory = inodes.get(parent);
        final Inode.Entry entry = directory == null ? null : directory.entry(name);
        memory.objectLostName(entry);
        if (directory == null || directory.directory == null) {
            return;
        }
        if (!fresh) {
            memory.forgetName(directory, name);
        } else if (entry != null) {
            memory.remove(entry);
        }
        if (entry != null && memory.isLive(entry.until)) {
            // The kernel knows what it has removed.
            memory.settle(entry);
        }
        inodes.evict();
    }

    /** The guest tried to change a name, and it is not certain what stands there now. */
    public synchronized void doubtful(final long parent, final Name name) {
        memory.nameChanged(parent, name);
        final Inode directory = inodes.get(parent);
        memory.objectLostName(directory == null ? null : directory.entry(name));
        if (directory != null && directory.directory != null) {
            memory.doubtName(directory, name);
        }
        inodes.evict();
    }

    /**
     * The guest has renamed; what stood at the new name is replaced, or is at the old one now.
     *
     * <p>Whether it was what the guest takes it for is not known: the host may have put something else at the old name before,
     * and not have told yet. The kernel has moved what it took it for, so that it has to ask anew what stands at the new name.
     *
     * @param exchange whether what stood at the new name is at the old one now
     */
    public synchronized void renamed(
            final long oldParent,
            final Name oldName,
            final long newParent,
            final Name newName,
            final boolean exchange,
            final Stale stale) {
        memory.nameChanged(oldParent, oldName);
        memory.nameChanged(newParent, newName);
        final Inode from = inodes.withNames(oldParent);
        final Inode to = inodes.withNames(newParent);
        final Inode.Entry moved = from == null ? null : from.entry(oldName);
        final Inode.Entry replaced = to == null ? null : to.entry(newName);
        memory.objectLostName(moved);
        memory.objectLostName(replaced);
        memory.expect(to, newName, moved);
        memory.expect(from, oldName, exchange ? replaced : null);
        stale.doubtfulName(newParent, newName);
        memory.tellMoved(moved, stale);
        if (exchange) {
            stale.doubtfulName(oldParent, oldName);
            memory.tellMoved(replaced, stale);
        }
        inodes.evict();
    }

    /** The guest has changed data or attributes of an object. */
    public synchronized void changed(final long node) {
        changes.node(node);
        final Inode inode = inodes.get(node);
        if (inode != null) {
            memory.forgetObject(inode);
        }
    }

    /** As {@link #changed}, with the attributes that it has since. */
    public synchronized void changed(final long since, final ObjectFacts facts, final Answer answer) {
        answer.clear();
        answer.node = facts.node();
        answer.attributes = facts.attributes();
        final Inode inode = inodes.get(facts.node());
        final boolean fresh = inode != null && !memory.hasChanged(since, inode, 0, null, facts.linked());
        changed(facts.node());
        if (fresh) {
            learnAttributes(changes.moment(), facts, answer);
        }
    }

    /**
     * The host does not find the object where it was: each of its names is asked for anew, until the host has found it at
     * one.
     */
    public synchronized void doubtObject(final long node) {
        final Inode inode = inodes.get(node);
        if (inode != null && inode != inodes.root()) {
            inode.lost = true;
            memory.objectChanged(inode);
        }
    }

    // What the host tells

    /**
     * Something else stands at a name, or nothing.
     *
     * @param certain false if the same object may well stand there
     */
    public synchronized void invalidateName(
            final long directory, final Name name, final boolean certain, final Stale stale) {
        changes.name(directory, name);
        memory.tellUnsure(stale);
        if (certain) {
            stale.name(directory, name);
        } else {
            stale.doubtfulName(directory, name);
        }
        stale.listing(directory);
        final Inode inode = inodes.get(directory);
        if (inode == null) {
            return;
        }
        Memory.forgetAttributes(inode);
        if (inode.directory == null) {
            return;
        }
        final Inode.Entry entry = inode.entry(name);
        if (entry != null && entry.inode != null) {
            memory.objectChanged(entry.inode);
            memory.tellMoved(entry, stale);
        }
        memory.forgetName(inode, name);
        memory.settle(entry);
        inodes.evict();
    }

    /** Attributes or data of what stands at a name changed. */
    public synchronized void invalidateChild(final long directory, final Name name, final Stale stale) {
        changes.child(directory, name);
        memory.tellUnsure(stale);
        final Inode inode = inodes.get(directory);
        final Inode.Entry entry = inode == null ? null : inode.entry(name);
        if (entry != null && entry.inode != null) {
            invalidateObject(entry.inode.node, stale);
        }
    }

    /** Attributes or data of an object changed. */
    public synchronized void invalidateObject(final long node, final Stale stale) {
        changes.node(node);
        memory.tellUnsure(stale);
        stale.object(node);
        final Inode inode = inodes.get(node);
        if (inode != null) {
            memory.forgetObject(inode);
        }
    }

    /** Anything in a directory may have changed. */
    public synchronized void invalidateDirectory(final long node, final Stale stale) {
        changes.directory(node);
        memory.tellUnsure(stale);
        stale.listing(node);
        stale.object(node);
        final Inode inode = inodes.get(node);
        if (inode == null) {
            return;
        }
        memory.forgetObject(inode);
        if (inode.directory == null) {
            return;
        }
        if (inode.directory.forgotten) {
            inode.directory.forgotten = false;
            stale.everyName();
        }
        memory.doubtEntries(inode, stale);
    }

    /** Anything may have changed. */
    public synchronized void invalidateAll(final Stale stale) {
        changes.all();
        memory.tellUnsure(stale);
        final boolean told = stale.everyName();
        for (final Inode inode : inodes.all()) {
            stale.object(inode.node);
            memory.forgetObject(inode);
            if (inode.directory != null) {
                stale.listing(inode.node);
                memory.doubtEntries(inode, told ? NOBODY : stale);
            }
        }
    }

    /** Nothing may be remembered from now on, and what is is forgotten. */
    public synchronized void suspend(final Stale stale) {
        memory.setSuspended(true);
        invalidateAll(stale);
    }

    /** As {@link #suspend}, while nothing is known yet. */
    public synchronized void beginSuspended() {
        memory.setSuspended(true);
    }

    /** What is asked from now on may be remembered again. */
    public synchronized void resume() {
        memory.setSuspended(false);
        changes.all();
    }

    // What the kernel gives back, and the cache

    /** The kernel gives an object back. */
    public synchronized void forget(final long node, final long lookups) {
        final Inode inode = inodes.get(node);
        if (inode != null) {
            inodes.forget(inode, lookups);
        }
    }

    /** The host has counted an object that has no name, for the kernel. */
    public synchronized void learnNameless(final long node) {
        final Inode inode = inodes.counted(node);
        inode.lost = false;
        inode.kernelLookups++;
    }

    /** Takes what the host may forget; null when there is nothing. */
    public synchronized List<Forget> drainForgets() {
        return inodes.drainForgets();
    }

    /** What the kernel may have been given, so that it can be told of all of it. */
    public synchronized HeldByKernel heldByKernel() {
        final List<Long> nodes = new ArrayList<>();
        final List<HeldByKernel.Entry> names = new ArrayList<>();
        for (final Inode inode : inodes.all()) {
            if (inode.kernelLookups > 0) {
                nodes.add(inode.node);
            }
            if (inode.directory != null) {
                inode.directory.entries.keySet().forEach(name -> names.add(new HeldByKernel.Entry(inode.node, name)));
            }
        }
        for (final Inode.Entry entry : memory.unsure()) {
            names.add(new HeldByKernel.Entry(entry.directory.node, entry.name));
        }
        return new HeldByKernel(nodes, names);
    }

    /** What is remembered at present, and how often that was of use. */
    public synchronized CacheStatistics statistics() {
        return new CacheStatistics(inodes.entries(), inodes.bytes(), hits, misses);
    }

    private static final Stale NOBODY = new Stale() {
        @Override
        public void name(final long directory, final Name name) {}

        @Override
        public void doubtfulName(final long directory, final Name name) {}

        @Override
        public void object(final long node) {}

        @Override
        public void attributes(final long node) {}

        @Override
        public void listing(final long directory) {}

        @Override
        public boolean everyName() {
            return true;
        }
    };
}
