package io.transfuse.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What one mount remembers of its host. A fact is remembered only if nothing that concerns it changed between the
 * {@link #moment} at which it was asked for and now, and is used until a change is told, or its time-to-live is over. The
 * cache also counts what the kernel holds of each object, because what it remembers itself has to be held on the host,
 * too: {@link #drainForgets} tells what neither needs any more.
 *
 * <p>Thread-safe by one lock, which is never held over anything that waits.
 */
public final class MountCache {
    /** The number of the mount's root. */
    public static final long ROOT = 1;

    /** What "until invalidated" is for the kernel, in nanoseconds. */
    public static final long LONG_NANOS = 24 * 3600 * 1_000_000_000L;

    private static final long UNTIL_INVALIDATED = Long.MAX_VALUE;
    private static final long EXPIRED = Long.MIN_VALUE;
    private static final int ENTRY_BYTES = 320;
    private static final int ABSENT_BYTES = 120;
    private static final int CONTENT_BYTES = 64;

    private final long bytesMax;
    private final int entriesMax;
    private final long timeToLiveNanos;
    private final LongSupplier clock;
    private final Map<Long, Inode> inodes = new HashMap<>();
    private final Changes changes = new Changes();
    private final Inode root = new Inode(ROOT);
    private final List<Forget> forgets = new ArrayList<>();

    /** What may have names that are not known here. */
    private final Set<Inode> linked = new HashSet<>();

    /** What lost its last name to an answer of the host, before the host told of the change: the kernel has to be told. */
    private final Set<Inode> unnamed = new HashSet<>();

    /** Directories with names that were not evicted because the kernel holds what stands there. */
    private final Set<Inode> partlyEvicted = new HashSet<>();

    private Inode mostRecent;
    private Inode leastRecent;
    private boolean suspended;
    private long bytes;
    private long entries;
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
        this.bytesMax = bytesMax;
        this.entriesMax = entriesMax;
        this.timeToLiveNanos = timeToLiveNanos;
        this.clock = clock;
        root.kernelLookups = 1;
        inodes.put(ROOT, root);
    }

    /** To be taken before the host is asked, and given with what it answered. */
    public synchronized long moment() {
        return changes.moment();
    }

    /** Whether nothing may be remembered at present. */
    public synchronized boolean isSuspended() {
        return suspended;
    }

    // Questions

    /** Looks a name up. When it is present and known, the kernel is given it, which counts. */
    public synchronized Outcome lookup(final long parent, final Name name, final Answer answer) {
        answer.clear();
        final Outcome outcome = find(parent, name, answer);
        if (outcome == Outcome.UNKNOWN) {
            misses++;
        } else {
            hits++;
        }
        return outcome;
    }

    private Outcome find(final long parent, final Name name, final Answer answer) {
        final Inode directory = inodes.get(parent);
        if (directory == null || directory.directory == null) {
            return Outcome.UNKNOWN;
        }
        final long now = clock.getAsLong();
        final Inode.Entry entry = directory.directory.entries.get(name);
        if (entry == null) {
            final long remaining = directory.directory.complete ? remaining(directory.directory.completeUntil, now) : 0;
            if (remaining == 0) {
                return Outcome.UNKNOWN;
            }
            use(directory);
            // The kernel is given a name of which there is no entry.
            directory.directory.forgotten = true;
            answer.entryNanos = remaining;
            return Outcome.ABSENT;
        }
        answer.entryNanos = remaining(entry.until, now);
        if (answer.entryNanos == 0) {
            return Outcome.UNKNOWN;
        }
        use(directory);
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
        final boolean known = inode != null && putAttributes(inode, clock.getAsLong(), answer);
        count(known);
        return known;
    }

    /**
     * The host does not find the object where it was: each of its names is asked for anew, until the host has found it at
     * one.
     */
    public synchronized void doubtObject(final long node) {
        final Inode inode = inodes.get(node);
        if (inode != null && inode != root) {
            inode.lost = true;
            objectChanged(inode);
        }
    }

    private static boolean putAttributes(final Inode inode, final long now, final Answer answer) {
        final long remaining = inode.attributes == null ? 0 : remaining(inode.attributesUntil, now);
        if (remaining == 0) {
            return false;
        }
        answer.node = inode.node;
        answer.attributes = inode.attributes;
        answer.attributeNanos = remaining;
        return true;
    }

    private static long remaining(final long until, final long now) {
        if (until == UNTIL_INVALIDATED) {
            return LONG_NANOS;
        }
        return until == EXPIRED ? 0 : Math.max(0, until - now);
    }

    /** All names of a directory; null when they are not known. */
    public synchronized Listing listing(final long node) {
        final Inode inode = inodes.get(node);
        final Inode.Directory directory = inode == null ? null : inode.directory;
        final boolean known =
                directory != null && directory.complete && remaining(directory.completeUntil, clock.getAsLong()) > 0;
        count(known);
        if (!known) {
            return null;
        }
        use(inode);
        if (directory.listing == null) {
            directory.listing = list(directory);
        }
        return directory.listing;
    }

    private static Listing list(final Inode.Directory directory) {
        final List<Map.Entry<Name, Inode.Entry>> present = new ArrayList<>(directory.entries.size());
        for (final Map.Entry<Name, Inode.Entry> entry : directory.entries.entrySet()) {
            if (entry.getValue().inode != null) {
                present.add(entry);
            }
        }
        final Name[] names = new Name[present.size()];
        final long[] inos = new long[present.size()];
        final int[] types = new int[present.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = present.get(i).getKey();
            inos[i] = present.get(i).getValue().ino;
            types[i] = present.get(i).getValue().type;
        }
        return new Listing(names, inos, types, directory.ino, directory.parentIno);
    }

    /** Whether the names of a directory are all known until the host says otherwise. */
    public synchronized boolean isListingKept(final long node) {
        final Inode inode = inodes.get(node);
        return inode != null
                && inode.directory != null
                && inode.directory.complete
                && inode.directory.completeUntil == UNTIL_INVALIDATED;
    }

    /** Whether a listing of this directory would be worth to be fetched: it is known to the kernel and not complete. */
    public synchronized boolean lacksListing(final long node) {
        final Inode inode = inodes.get(node);
        return inode != null
                && !suspended
                && (inode.directory == null
                        || !inode.directory.complete
                        || remaining(inode.directory.completeUntil, clock.getAsLong()) == 0);
    }

    /** Content of a file or target of a link, with its attributes in {@code answer}; null when it is not known. */
    public synchronized byte[] content(final long node, final Answer answer) {
        answer.clear();
        final Inode inode = inodes.get(node);
        final long now = clock.getAsLong();
        final boolean known = inode != null
                && inode.content != null
                && remaining(inode.contentUntil, now) > 0
                && putAttributes(inode, now, answer);
        count(known);
        if (!known) {
            return null;
        }
        use(inode);
        return inode.content;
    }

    /** Where an object was seen last; 0 when that is not known. */
    public synchronized long directoryOf(final long node) {
        final Inode inode = inodes.get(node);
        return inode == null || inode.parent == null ? 0 : inode.parent.node;
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
        if (suspended || inode == null || inode.directory == null) {
            return List.of();
        }
        final long now = clock.getAsLong();
        final List<WithoutContent> found = new ArrayList<>();
        for (final Inode.Entry entry : inode.directory.entries.values()) {
            final Inode child = entry.inode;
            if (child != null
                    && entry.type == type
                    && child.content == null
                    && child.attributes != null
                    && remaining(child.attributesUntil, now) > 0) {
                found.add(new WithoutContent(child.node, child.attributes));
            }
        }
        return found;
    }

    /** Whether these very bytes are the content of a file still. */
    public synchronized boolean isContent(final long node, final byte[] content) {
        final Inode inode = inodes.get(node);
        return inode != null && inode.content == content && remaining(inode.contentUntil, clock.getAsLong()) > 0;
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
        if (suspended || inode == null) {
            return false;
        }
        final boolean keep = !inode.pagesStale && inode.attributesUntil == UNTIL_INVALIDATED;
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
        answer.clear();
        learnEntry(since, withNames(parent), parent, name, facts, validity, toKernel, answer);
        evict();
    }

    private void learnEntry(
            final long since,
            final Inode directory,
            final long parent,
            final Name name,
            final ObjectFacts facts,
            final Validity validity,
            final boolean toKernel,
            final Answer answer) {
        final Inode inode = counted(facts.node());
        if (toKernel) {
            inode.kernelLookups++;
        }
        answer.node = facts.node();
        answer.attributes = facts.attributes();
        final long until = until(validity);
        if (until != EXPIRED && directory != null && !changes.ofName(since, parent, name)) {
            putEntry(directory, name, new Inode.Entry(inode, facts.ino(), facts.type(), until));
            answer.entryNanos = remaining(until, clock.getAsLong());
        }
        learnAttributes(since, inode, parent, name, facts, answer);
        dropIfUnused(inode);
    }

    private Inode counted(final long node) {
        final Inode inode = inodes.computeIfAbsent(node, Inode::new);
        inode.hostLookups++;
        inode.lost = false;
        return inode;
    }

    private Inode withNames(final long node) {
        final Inode inode = inodes.get(node);
        if (inode != null && inode.directory == null) {
            inode.directory = new Inode.Directory();
        }
        return inode;
    }

    private long until(final Validity validity) {
        if (suspended || validity == Validity.NEVER) {
            return EXPIRED;
        }
        return validity == Validity.UNTIL_INVALIDATED ? UNTIL_INVALIDATED : clock.getAsLong() + timeToLiveNanos;
    }

    private void putEntry(final Inode directory, final Name name, final Inode.Entry entry) {
        // What is learnt while a listing is being learnt is as good as what the listing says.
        entry.listing = directory.directory.listings;
        final Inode.Entry before = directory.directory.entries.put(name, entry);
        final Inode inode = entry.inode;
        account(name, entry, 1);
        if (inode != null) {
            inode.names++;
            inode.parent = directory;
            inode.name = name;
        }
        if (before != null) {
            account(name, before, -1);
            released(directory, name, before);
        }
        if (before == null || before.inode != inode || before.ino != entry.ino) {
            directory.directory.listing = null;
        }
        use(directory);
    }

    private void account(final Name name, final Inode.Entry entry, final int sign) {
        entries += sign;
        bytes += (long) sign * ((entry.inode == null ? ABSENT_BYTES : ENTRY_BYTES) + name.length());
    }

    /** An entry is no longer there: what stood at it may be of no use any more. */
    private void released(final Inode directory, final Name name, final Inode.Entry entry) {
        final Inode inode = entry.inode;
        if (inode == null) {
            return;
        }
        inode.names--;
        if (inode.names == 0 && inode.parent == directory && name.equals(inode.name)) {
            inode.parent = null;
            inode.name = null;
        }
        if (inode.names == 0 && inode.attributes != null && inode.attributesUntil == UNTIL_INVALIDATED) {
            // Its changes are told by a name that is not known any more.
            forgetObject(inode);
            inode.attributesUntil = EXPIRED;
            unnamed.add(inode);
        }
        dropIfUnused(inode);
    }

    private void removeEntry(final Inode directory, final Name name) {
        final Inode.Entry before = directory.directory.entries.remove(name);
        if (before != null) {
            account(name, before, -1);
            directory.directory.listing = null;
            released(directory, name, before);
        }
    }

    private void dropIfUnused(final Inode inode) {
        if (inode == root || inode.kernelLookups > 0 || inode.names > 0 || inodes.get(inode.node) != inode) {
            return;
        }
        inodes.remove(inode.node);
        linked.remove(inode);
        unnamed.remove(inode);
        partlyEvicted.remove(inode);
        forgets.add(new Forget(inode.node, inode.hostLookups));
        dropContent(inode);
        if (inode.directory != null) {
            for (final Name name : List.copyOf(inode.directory.entries.keySet())) {
                removeEntry(inode, name);
            }
            inode.directory = null;
        }
        takeOutOfOrder(inode);
    }

    private void learnAttributes(
            final long since,
            final Inode inode,
            final long parent,
            final Name name,
            final ObjectFacts facts,
            final Answer answer) {
        noteVersion(inode, facts.version());
        if (facts.linked()) {
            linked.add(inode);
        } else {
            linked.remove(inode);
        }
        // Changes are told by the name in a directory: where no name is known they would not be noticed.
        final boolean told = inode.names > 0 || inode == root;
        long until = until(facts.attributesValidity());
        if (until == UNTIL_INVALIDATED && !told) {
            until = EXPIRED;
        }
        inode.attributesUntil = until;
        if (until == EXPIRED || changes.ofObject(since, inode.node, parent, name)) {
            inode.attributes = null;
            return;
        }
        inode.attributes = facts.attributes();
        answer.attributeNanos = remaining(until, clock.getAsLong());
    }

    /** Another version than the one known: content and pages are those of before. */
    private void noteVersion(final Inode inode, final long version) {
        if (inode.version != 0 && inode.version != version) {
            dropContent(inode);
            inode.pagesStale = true;
        }
        inode.version = version;
    }

    /** The host has found nothing at a name. */
    public synchronized void learnAbsent(
            final long since, final long parent, final Name name, final Validity validity, final Answer answer) {
        answer.clear();
        final Inode directory = withNames(parent);
        final long until = until(validity);
        if (until == EXPIRED || directory == null || changes.ofName(since, parent, name)) {
            return;
        }
        putEntry(directory, name, new Inode.Entry(null, 0, 0, until));
        answer.entryNanos = remaining(until, clock.getAsLong());
        evict();
    }

    /** The host has told the attributes of an object. */
    public synchronized void learnAttributes(final long since, final ObjectFacts facts, final Answer answer) {
        answer.clear();
        answer.node = facts.node();
        answer.attributes = facts.attributes();
        final Inode inode = inodes.get(facts.node());
        if (inode != null) {
            learnAttributes(since, inode, 0, null, facts, answer);
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
            keepContent(inodes.get(facts.node()), content, until(validity));
        }
    }

    /** As {@link #learnContent}, for what never changes while the object lives: the target of a link. */
    public synchronized void learnTarget(final long since, final long node, final byte[] target) {
        final Inode inode = inodes.get(node);
        if (inode != null && !suspended && !changes.ofObject(since, node, 0, null)) {
            keepContent(inode, target, UNTIL_INVALIDATED);
        }
    }

    private void keepContent(final Inode inode, final byte[] content, final long until) {
        if (until == EXPIRED || content.length > bytesMax) {
            return;
        }
        dropContent(inode);
        inode.content = content;
        inode.contentUntil = until;
        bytes += content.length + CONTENT_BYTES;
        use(inode);
        evict();
    }

    private void dropContent(final Inode inode) {
        if (inode.content != null) {
            bytes -= inode.content.length + CONTENT_BYTES;
            inode.content = null;
        }
    }

    // Whole directories

    /** A whole directory is going to be learnt; the number is to be given with its entries. */
    public synchronized long beginListing(final long node) {
        final Inode inode = withNames(node);
        return inode == null ? 0 : ++inode.directory.listings;
    }

    /** As {@link #learnEntry}, for an entry of a listing, which the kernel is not given. */
    public synchronized void learnListed(
            final long since,
            final long parent,
            final Name name,
            final ObjectFacts facts,
            final Validity validity,
            final Answer answer) {
        answer.clear();
        learnEntry(since, withNames(parent), parent, name, facts, validity, false, answer);
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
        final long until = until(validity);
        if (inode == null || inode.directory == null) {
            return;
        }
        final Inode.Directory directory = inode.directory;
        if (until != EXPIRED && !changes.ofListing(since, node) && directory.listings == listing) {
            for (final Map.Entry<Name, Inode.Entry> entry : List.copyOf(directory.entries.entrySet())) {
                if (entry.getValue().listing != listing && entry.getValue().inode != null) {
                    removeEntry(inode, entry.getKey());
                }
            }
            directory.complete = true;
            directory.completeUntil = until;
            directory.ino = ino;
            directory.parentIno = parentIno;
            directory.listing = null;
            use(inode);
        }
        evict();
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
        final boolean fresh = !changes.ofName(since, parent, name);
        final boolean freshObject = !changes.ofObject(since, facts.node(), parent, name);
        nameChanged(parent, name);
        changes.node(facts.node());
        final Inode directory = withNames(parent);
        final long now = changes.moment();
        if (directory != null) {
            removeEntry(directory, name);
        }
        learnEntry(fresh && freshObject ? now : since, directory, parent, name, facts, validity, true, answer);
        if (directory != null && answer.entryNanos == 0) {
            directory.directory.complete = false;
        }
        evict();
    }

    /** The guest has removed a name. */
    public synchronized void removed(final long parent, final Name name) {
        nameChanged(parent, name);
        final Inode directory = inodes.get(parent);
        final Inode.Entry entry =
                directory == null || directory.directory == null ? null : directory.directory.entries.get(name);
        if (entry == null || entry.inode == null) {
            forgetLinked();
            return;
        }
        objectChanged(entry.inode);
        removeEntry(directory, name);
    }

    /** The guest tried to change a name, and it is not certain what stands there now. */
    public synchronized void doubtful(final long parent, final Name name) {
        removed(parent, name);
        final Inode directory = inodes.get(parent);
        if (directory != null && directory.directory != null) {
            directory.directory.complete = false;
            // What was known to be absent, too.
            removeEntry(directory, name);
        }
    }

    /** The guest has renamed; what stood at the new name is replaced. */
    public synchronized void renamed(
            final long oldParent, final Name oldName, final long newParent, final Name newName) {
        final Inode from = inodes.get(oldParent);
        final Inode to = withNames(newParent);
        final Inode.Entry moved = from == null || from.directory == null ? null : from.directory.entries.get(oldName);
        final Inode.Entry replaced = to == null ? null : to.directory.entries.get(newName);
        final boolean known = moved != null
                && moved.inode != null
                && to != null
                && (replaced == null ? to.directory.complete : replaced.inode != moved.inode);
        if (!known) {
            doubtful(oldParent, oldName);
            doubtful(newParent, newName);
            return;
        }
        nameChanged(oldParent, oldName);
        nameChanged(newParent, newName);
        if (replaced != null && replaced.inode != null) {
            objectChanged(replaced.inode);
        }
        objectChanged(moved.inode);
        putEntry(to, newName, new Inode.Entry(moved.inode, moved.ino, moved.type, moved.until));
        removeEntry(from, oldName);
        if (moved.inode.names > 0) {
            moved.inode.parent = to;
            moved.inode.name = newName;
        }
    }

    private void nameChanged(final long parent, final Name name) {
        changes.name(parent, name);
        final Inode directory = inodes.get(parent);
        if (directory != null) {
            directory.attributes = null;
            directory.version = 0;
        }
    }

    /** The guest has changed data or attributes of an object. */
    public synchronized void changed(final long node) {
        changes.node(node);
        final Inode inode = inodes.get(node);
        if (inode != null) {
            forgetObject(inode);
        }
    }

    /** As {@link #changed}, with the attributes that it has since. */
    public synchronized void changed(final long since, final ObjectFacts facts, final Answer answer) {
        answer.clear();
        answer.node = facts.node();
        answer.attributes = facts.attributes();
        final boolean fresh = !changes.ofObject(since, facts.node(), 0, null);
        changed(facts.node());
        if (fresh) {
            learnAttributes(changes.moment(), facts, answer);
        }
    }

    private void objectChanged(final Inode inode) {
        changes.node(inode.node);
        forgetObject(inode);
    }

    private void forgetObject(final Inode inode) {
        inode.attributes = null;
        inode.version = 0;
        dropContent(inode);
    }

    /** It is not known which object lost a name: one that has several may have one less. */
    private void forgetLinked() {
        linked.forEach(this::objectChanged);
    }

    // What the host tells

    private void tellUnnamed(final Stale stale) {
        unnamed.forEach(inode -> stale.attributes(inode.node));
        unnamed.clear();
    }

    /**
     * Something else stands at a name, or nothing.
     *
     * @param certain false if the same object may well stand there
     */
    public synchronized void invalidateName(
            final long directory, final Name name, final boolean certain, final Stale stale) {
        changes.name(directory, name);
        tellUnnamed(stale);
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
        inode.attributes = null;
        inode.version = 0;
        if (inode.directory == null) {
            return;
        }
        inode.directory.complete = false;
        inode.directory.listing = null;
        final Inode.Entry entry = inode.directory.entries.get(name);
        if (entry != null && entry.inode != null) {
            changes.node(entry.inode.node);
            stale.attributes(entry.inode.node);
            forgetObject(entry.inode);
        }
        removeEntry(inode, name);
    }

    /** Attributes or data of what stands at a name changed. */
    public synchronized void invalidateChild(final long directory, final Name name, final Stale stale) {
        changes.child(directory, name);
        final Inode inode = inodes.get(directory);
        final Inode.Entry entry = inode == null || inode.directory == null ? null : inode.directory.entries.get(name);
        if (entry != null && entry.inode != null) {
            invalidateObject(entry.inode.node, stale);
        }
    }

    /** Attributes or data of an object changed. */
    public synchronized void invalidateObject(final long node, final Stale stale) {
        changes.node(node);
        stale.object(node);
        final Inode inode = inodes.get(node);
        if (inode != null) {
            forgetObject(inode);
        }
    }

    /** Anything in a directory may have changed. */
    public synchronized void invalidateDirectory(final long node, final Stale stale) {
        changes.directory(node);
        tellUnnamed(stale);
        stale.listing(node);
        stale.object(node);
        final Inode inode = inodes.get(node);
        if (inode == null) {
            return;
        }
        forgetObject(inode);
        if (inode.directory == null) {
            return;
        }
        if (inode.directory.forgotten) {
            stale.everyName();
        }
        doubtEntries(inode, stale);
    }

    /** Anything may have changed. */
    public synchronized void invalidateAll(final Stale stale) {
        changes.all();
        unnamed.clear();
        final boolean told = stale.everyName();
        for (final Inode inode : List.copyOf(inodes.values())) {
            stale.object(inode.node);
            forgetObject(inode);
            if (inode.directory != null) {
                stale.listing(inode.node);
                doubtEntries(inode, told ? NOBODY : stale);
            }
        }
    }

    /** What stands at the names is kept, so that changes told by name are still understood, but not used. */
    private void doubtEntries(final Inode inode, final Stale stale) {
        inode.directory.complete = false;
        inode.directory.listing = null;
        for (final Map.Entry<Name, Inode.Entry> entry : List.copyOf(inode.directory.entries.entrySet())) {
            stale.doubtfulName(inode.node, entry.getKey());
            final Inode.Entry before = entry.getValue();
            if (before.inode == null) {
                removeEntry(inode, entry.getKey());
                continue;
            }
            changes.node(before.inode.node);
            stale.object(before.inode.node);
            forgetObject(before.inode);
            before.until = EXPIRED;
        }
    }

    /** Nothing may be remembered from now on, and what is is forgotten. */
    public synchronized void suspend(final Stale stale) {
        suspended = true;
        invalidateAll(stale);
    }

    /** As {@link #suspend}, while nothing is known yet. */
    public synchronized void beginSuspended() {
        suspended = true;
    }

    /** What is asked from now on may be remembered again. */
    public synchronized void resume() {
        suspended = false;
        changes.all();
    }

    // What the kernel gives back, and the cache

    /** The kernel gives an object back. */
    public synchronized void forget(final long node, final long lookups) {
        final Inode inode = inodes.get(node);
        if (inode != null && inode != root) {
            inode.kernelLookups = Math.max(0, inode.kernelLookups - lookups);
            dropIfUnused(inode);
            if (inode.kernelLookups == 0 && inode.names > 0 && !partlyEvicted.isEmpty()) {
                letEvict(inode);
                evict();
            }
        }
    }

    /** The names of an object may be evicted from now on. */
    private void letEvict(final Inode inode) {
        final Inode.Entry entry = inode.parent == null || inode.parent.directory == null
                ? null
                : inode.parent.directory.entries.get(inode.name);
        if (inode.names == 1 && entry != null && entry.inode == inode) {
            if (partlyEvicted.remove(inode.parent)) {
                use(inode.parent);
            }
        } else {
            List.copyOf(partlyEvicted).forEach(this::use);
            partlyEvicted.clear();
        }
    }

    /** The host has counted an object that has no name, for the kernel. */
    public synchronized void learnNameless(final long node) {
        counted(node).kernelLookups++;
    }

    /** Takes what the host may forget; null when there is nothing. */
    public synchronized List<Forget> drainForgets() {
        if (forgets.isEmpty()) {
            return null;
        }
        final List<Forget> drained = List.copyOf(forgets);
        forgets.clear();
        return drained;
    }

    private void evict() {
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
        directory.forgotten = true;
        final List<Name> evicted = new ArrayList<>();
        for (final Map.Entry<Name, Inode.Entry> entry : directory.entries.entrySet()) {
            final Inode child = entry.getValue().inode;
            if (child == null || child.kernelLookups == 0) {
                evicted.add(entry.getKey());
            }
        }
        for (final Name name : evicted) {
            removeEntry(inode, name);
        }
        if (!directory.entries.isEmpty()) {
            partlyEvicted.add(inode);
        }
    }

    private void use(final Inode inode) {
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

    public synchronized CacheStatistics statistics() {
        return new CacheStatistics(entries, bytes, hits, misses);
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
