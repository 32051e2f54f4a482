package io.transfuse.cache;

import java.util.ArrayList;
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

    private long listings;
    private boolean suspended;
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

    /** To be taken before the host is asked, and given with what it answered. */
    public synchronized long moment() {
        return changes.moment();
    }

    /** Whether nothing may be remembered at present. */
    public synchronized boolean isSuspended() {
        return suspended;
    }

    private boolean isLive(final long until) {
        return Validity.remaining(until, clock.getAsLong()) > 0;
    }

    /** Whether a change of the object would be noticed: changes are told by the name in a directory. */
    private boolean isTold(final Inode inode) {
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
        final long now = clock.getAsLong();
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
        final boolean known = inode != null && putAttributes(inode, clock.getAsLong(), answer);
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
        return inode.directory != null && inode.directory.complete && isLive(inode.directory.completeUntil);
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
        return inode != null && !suspended && !isWhole(inode);
    }

    /** Content of a file or target of a link, with its attributes in {@code answer}; null when it is not known. */
    public synchronized byte[] content(final long node, final Answer answer) {
        answer.clear();
        final Inode inode = inodes.get(node);
        final long now = clock.getAsLong();
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
        if (suspended || inode == null || inode.directory == null) {
            return List.of();
        }
        final List<WithoutContent> found = new ArrayList<>();
        for (final Inode.Entry entry : inode.directory.entries.values()) {
            final Inode child = entry.inode;
            if (child != null
                    && entry.type == type
                    && child.content == null
                    && child.attributes != null
                    && isLive(child.attributesUntil)) {
                found.add(new WithoutContent(child.node, child.attributes));
            }
        }
        return found;
    }

    /** Whether these very bytes are the content of a file still. */
    public synchronized boolean isContent(final long node, final byte[] content) {
        final Inode inode = inodes.get(node);
        return inode != null && inode.content == content && isLive(inode.contentUntil);
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
        if (suspended || inode == null || !isTold(inode)) {
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
        long until = until(validity);
        if (until != Validity.EXPIRED && directory != null && !changes.ofName(since, parent, name)) {
            if (isContradicted(directory, name, inode)) {
                until = Validity.EXPIRED;
            }
            put(new Inode.Entry(directory, name, inode, facts.ino(), facts.type(), until));
            answer.entryNanos = Validity.remaining(until, clock.getAsLong());
        }
        if (answer.entryNanos > 0) {
            learnAttributes(since, inode, parent, name, facts, answer);
        } else {
            // Its changes would be told by this name.
            keepAttributes(inode, facts, Validity.EXPIRED);
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

    /**
     * Two answers say that different objects stand at a name, and no change has been told: it is on its way, and which answer
     * is the newer one is not known. The next to ask finds out.
     */
    private boolean isContradicted(final Inode directory, final Name name, final Inode inode) {
        final Inode.Entry before = directory.entry(name);
        return before != null && before.inode != null && before.inode != inode && isLive(before.until);
    }

    private long until(final Validity validity) {
        if (suspended || validity == Validity.NEVER) {
            return Validity.EXPIRED;
        }
        return validity == Validity.UNTIL_INVALIDATED ? Validity.FOREVER : clock.getAsLong() + timeToLiveNanos;
    }

    private void put(final Inode.Entry entry) {
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

    private void remove(final Inode.Entry entry) {
        replaced(entry);
        // The kernel may have been given the name.
        entry.directory.directory.forgotten = true;
        inodes.remove(entry);
    }

    /** It is not known any more what stands at a name. */
    private void forgetName(final Inode directory, final Name name) {
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
    private void doubtName(final Inode directory, final Name name) {
        final Inode.Entry entry = directory.entry(name);
        if (entry == null || entry.inode == null) {
            forgetName(directory, name);
            return;
        }
        inodes.expire(entry);
        forgetUntold(entry.inode);
    }

    /** Of what has no name that is used, changes are not noticed. */
    private void forgetUntold(final Inode inode) {
        if (!isTold(inode)) {
            forgetObject(inode);
            inode.attributesUntil = Validity.EXPIRED;
            inode.pagesStale = true;
        }
    }

    private void learnAttributes(
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
        answer.attributeNanos =
                inode.attributes == null ? 0 : Validity.remaining(inode.attributesUntil, clock.getAsLong());
    }

    /** Whether attributes or data of an object changed, by its number, by this name or by one that is known. */
    private boolean hasChanged(
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

    private void keepAttributes(final Inode inode, final ObjectFacts facts, final long until) {
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

    /** The host has found nothing at a name. */
    public synchronized void learnAbsent(
            final long since, final long parent, final Name name, final Validity validity, final Answer answer) {
        answer.clear();
        final Inode directory = inodes.withNames(parent);
        final long until = until(validity);
        if (until == Validity.EXPIRED || directory == null || changes.ofName(since, parent, name)) {
            return;
        }
        put(new Inode.Entry(directory, name, until));
        answer.entryNanos = Validity.remaining(until, clock.getAsLong());
        inodes.evict();
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
        if (inode != null && !suspended && !changes.ofObject(since, node, 0, null, false)) {
            keepContent(inode, target, Validity.FOREVER);
        }
    }

    private void keepContent(final Inode inode, final byte[] content, final long until) {
        if (until != Validity.EXPIRED) {
            inodes.putContent(inode, content, until);
            inodes.evict();
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
        final long until = until(validity);
        if (inode != null
                && inode.directory != null
                && inode.directory.learning == listing
                && until != Validity.EXPIRED
                && !changes.ofListing(since, node)) {
            complete(inode, listing, until);
            inode.directory.ino = ino;
            inode.directory.parentIno = parentIno;
            inodes.use(inode);
        }
        inodes.evict();
    }

    private void complete(final Inode inode, final long listing, final long until) {
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
                : !hasChanged(since, known, parent, name, facts.linked());
        nameChanged(parent, name);
        changes.node(facts.node());
        final Inode directory = inodes.withNames(parent);
        final Inode inode = counted(facts, true, answer);
        forgetObject(inode);
        if (directory != null) {
            final long until = freshName ? until(validity) : Validity.EXPIRED;
            put(new Inode.Entry(directory, name, inode, facts.ino(), facts.type(), until));
            answer.entryNanos = Validity.remaining(until, clock.getAsLong());
        }
        if (freshObject && answer.entryNanos > 0) {
            learnAttributes(changes.moment(), inode, parent, name, facts, answer);
        } else {
            keepAttributes(inode, facts, Validity.EXPIRED);
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
        nameChanged(parent, name);
        final Inode directory = inodes.get(parent);
        final Inode.Entry entry = directory == null ? null : directory.entry(name);
        objectLostName(entry);
        if (directory == null || directory.directory == null) {
            return;
        }
        if (!fresh) {
            forgetName(directory, name);
        } else if (entry != null) {
            remove(entry);
        }
        if (entry != null && isLive(entry.until)) {
            // The kernel knows what it has removed.
            unsure.remove(entry);
        }
        inodes.evict();
    }

    /** The guest tried to change a name, and it is not certain what stands there now. */
    public synchronized void doubtful(final long parent, final Name name) {
        nameChanged(parent, name);
        final Inode directory = inodes.get(parent);
        objectLostName(directory == null ? null : directory.entry(name));
        if (directory != null && directory.directory != null) {
            doubtName(directory, name);
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
        nameChanged(oldParent, oldName);
        nameChanged(newParent, newName);
        final Inode from = inodes.withNames(oldParent);
        final Inode to = inodes.withNames(newParent);
        final Inode.Entry moved = from == null ? null : from.entry(oldName);
        final Inode.Entry replaced = to == null ? null : to.entry(newName);
        objectLostName(moved);
        objectLostName(replaced);
        expect(to, newName, moved);
        expect(from, oldName, exchange ? replaced : null);
        stale.doubtfulName(newParent, newName);
        tellMoved(moved, stale);
        if (exchange) {
            stale.doubtfulName(oldParent, oldName);
            tellMoved(replaced, stale);
        }
        inodes.evict();
    }

    /** At a name stands, as it seems, what {@code moved} was the entry of: changes told by the name will find it. */
    private void expect(final Inode directory, final Name name, final Inode.Entry moved) {
        if (directory == null) {
            return;
        }
        if (moved == null || moved.inode == null) {
            forgetName(directory, name);
        } else {
            put(new Inode.Entry(directory, name, moved.inode, moved.ino, moved.type, Validity.EXPIRED));
        }
    }

    /** The kernel has an object at another name now, with attributes of before. */
    private void tellMoved(final Inode.Entry entry, final Stale stale) {
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

    private void nameChanged(final long parent, final Name name) {
        changes.name(parent, name);
        forgetAttributes(inodes.get(parent));
    }

    private static void forgetAttributes(final Inode inode) {
        if (inode != null) {
            inode.attributes = null;
            inode.version = 0;
        }
    }

    /** What stood at a name has it no longer; when it is not known which object that was, any that has several may have one less. */
    private void objectLostName(final Inode.Entry entry) {
        if (entry != null && entry.inode != null) {
            objectChanged(entry.inode);
        }
        if (entry == null || !isLive(entry.until)) {
            changes.linked();
            linked.forEach(this::forgetObject);
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
        final Inode inode = inodes.get(facts.node());
        final boolean fresh = inode != null && !hasChanged(since, inode, 0, null, facts.linked());
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
        forgetAttributes(inode);
        inodes.dropContent(inode);
    }

    /**
     * The host does not find the object where it was: each of its names is asked for anew, until the host has found it at
     * one.
     */
    public synchronized void doubtObject(final long node) {
        final Inode inode = inodes.get(node);
        if (inode != null && inode != inodes.root()) {
            inode.lost = true;
            objectChanged(inode);
        }
    }

    // What the host tells

    private void tellUnsure(final Stale stale) {
        for (final Inode.Entry entry : unsure) {
            stale.doubtfulName(entry.directory.node, entry.name);
            stale.attributes(entry.inode.node);
        }
        unsure.clear();
    }

    /**
     * Something else stands at a name, or nothing.
     *
     * @param certain false if the same object may well stand there
     */
    public synchronized void invalidateName(
            final long directory, final Name name, final boolean certain, final Stale stale) {
        changes.name(directory, name);
        tellUnsure(stale);
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
        forgetAttributes(inode);
        if (inode.directory == null) {
            return;
        }
        final Inode.Entry entry = inode.entry(name);
        if (entry != null && entry.inode != null) {
            objectChanged(entry.inode);
            tellMoved(entry, stale);
        }
        forgetName(inode, name);
        unsure.remove(entry);
        inodes.evict();
    }

    /** Attributes or data of what stands at a name changed. */
    public synchronized void invalidateChild(final long directory, final Name name, final Stale stale) {
        changes.child(directory, name);
        tellUnsure(stale);
        final Inode inode = inodes.get(directory);
        final Inode.Entry entry = inode == null ? null : inode.entry(name);
        if (entry != null && entry.inode != null) {
            invalidateObject(entry.inode.node, stale);
        }
    }

    /** Attributes or data of an object changed. */
    public synchronized void invalidateObject(final long node, final Stale stale) {
        changes.node(node);
        tellUnsure(stale);
        stale.object(node);
        final Inode inode = inodes.get(node);
        if (inode != null) {
            forgetObject(inode);
        }
    }

    /** Anything in a directory may have changed. */
    public synchronized void invalidateDirectory(final long node, final Stale stale) {
        changes.directory(node);
        tellUnsure(stale);
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
            inode.directory.forgotten = false;
            stale.everyName();
        }
        doubtEntries(inode, stale);
    }

    /** Anything may have changed. */
    public synchronized void invalidateAll(final Stale stale) {
        changes.all();
        tellUnsure(stale);
        final boolean told = stale.everyName();
        for (final Inode inode : inodes.all()) {
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
            final Inode child = entry.getValue().inode;
            if (child != null) {
                objectChanged(child);
                stale.object(child.node);
            }
            doubtName(inode, entry.getKey());
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
        for (final Inode.Entry entry : unsure) {
            names.add(new HeldByKernel.Entry(entry.directory.node, entry.name));
        }
        return new HeldByKernel(nodes, names);
    }

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
