package io.transfuse.host.watch;

import io.transfuse.host.posix.Posix;
import io.transfuse.host.watch.KnownDirectory.Entry;
import io.transfuse.host.watch.WatchTable.Identity;
import io.transfuse.host.watch.WatchTable.Subscriber;
import io.transfuse.protocol.EventKind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks at watched directories again, where it is not known what happened in them, and tells the changes that the
 * difference from what was known implies. Belongs to the thread of {@link EventStream}.
 *
 * <p>What has another name but is the same object was renamed. What has other data was modified and closed. Of a
 * directory of which not everything was known, what changed since the watch was set is told, by the times that its
 * objects bear.
 */
final class Rescan {
    /** Differences that are kept before they are told; renames between directories are found among these only. */
    private static final int DIFFERENCES_MAX = 100_000;

    /** Clocks of file systems are that coarse: a tick of the kernel, which is 10 ms at most. */
    private static final long CLOCK_NANOS = 10_000_000;

    /** A platform that tells directories only tells of many at once, one after the other within this time. */
    private static final long BATCH_NANOS = 2_000_000;

    private final WatchTable table;
    private final KnownDirectories known;
    private final ChangeTeller teller;
    private final DirectoryScan scan;
    private final List<Found> removed = new ArrayList<>();
    private final List<Found> added = new ArrayList<>();
    private final List<Change> touched = new ArrayList<>();

    /** What was or is at a name of a watched directory. */
    private record Found(long watch, byte[] name, Entry entry) {
        boolean isAt(final Found other) {
            return watch == other.watch && Arrays.equals(name, other.name);
        }
    }

    /** A name of a watched directory, to be found by. */
    private record Place(long watch, ByteBuffer name) {
        static Place of(final Found found) {
            return new Place(found.watch(), ByteBuffer.wrap(found.name()));
        }
    }

    /** From one place to another. */
    private record Move(Found from, Found to) {}

    Rescan(final Posix posix, final WatchTable table, final KnownDirectories known, final ChangeTeller teller) {
        this.table = table;
        this.known = known;
        this.teller = teller;
        this.scan = new DirectoryScan(posix);
    }

    /** Every directory in which somebody wants to know of events. */
    void ofAll() throws InterruptedException {
        look(table.eventDirectories());
    }

    /** A directory, and those that are to be looked at next, so that renames between them are found. */
    void ofDirectories(final ChangeQueue queue, final long watch) throws InterruptedException {
        final Set<Long> watches = new LinkedHashSet<>();
        watches.add(watch);
        watches.addAll(queue.pollDirectories(BATCH_NANOS));
        look(watches);
    }

    /**
     * What {@code subscriber} watches and has missed changes of since then: told to it alone, by the times of the
     * objects.
     */
    void ofSubscriber(final Subscriber subscriber, final long since) throws InterruptedException {
        for (final long watch : table.eventDirectories()) {
            if (table.eventInterests(watch).stream().anyMatch(interest -> interest.subscriber() == subscriber)) {
                visit(watch, (name, entry) -> addIfNew(watch, name, entry, since));
                tellAll(subscriber);
            }
        }
    }

    private void look(final Iterable<Long> watches) throws InterruptedException {
        final Map<Long, KnownDirectory> unknown = new HashMap<>();
        for (final long watch : watches) {
            compare(watch, unknown);
            if (removed.size() + added.size() + touched.size() > DIFFERENCES_MAX) {
                tellAll(null);
            }
        }
        tellAll(null);
        unknown.forEach(known::put);
    }

    private void compare(final long watch, final Map<Long, KnownDirectory> unknown) {
        final KnownDirectory old = known.get(watch);
        if (old != null && old.isComplete()) {
            final KnownDirectory fresh = new KnownDirectory();
            if (visit(watch, fresh::put)) {
                final long since = table.watchedSince(watch);
                fresh.forEach((name, entry) -> compare(watch, since, name, old.get(name), entry));
                addRemoved(watch, old, fresh);
            }
            return;
        }
        final long since = table.watchedSince(watch);
        final KnownDirectory fresh = new KnownDirectory();
        final boolean whole = visit(watch, (name, entry) -> {
            addIfNew(watch, name, entry, since);
            if (fresh.size() <= KnownDirectories.DIRECTORY_MAX) {
                fresh.put(name, entry);
            }
        });
        if (whole && fresh.size() <= KnownDirectories.DIRECTORY_MAX) {
            if (old != null) {
                addRemoved(watch, old, fresh);
            }
            fresh.setComplete();
            unknown.put(watch, fresh);
        }
    }

    private void addRemoved(final long watch, final KnownDirectory old, final KnownDirectory fresh) {
        old.forEach((name, entry) -> {
            if (fresh.get(name) == null) {
                removed.add(new Found(watch, name, entry));
            }
        });
    }

    private interface Visitor {
        void found(byte[] name, Entry entry);
    }

    /** Looks at a whole directory; false where that is not possible. */
    private boolean visit(final long watch, final Visitor visitor) {
        final int descriptor = table.open(watch);
        if (descriptor < 0) {
            return false;
        }
        scan.begin(descriptor);
        final long deadline = System.nanoTime() + Long.MAX_VALUE / 2;
        return scan.step(deadline, (name, stat) -> visitor.found(name, Entry.of(stat, true))) > 0;
    }

    private void compare(final long watch, final long since, final byte[] name, final Entry was, final Entry entry) {
        if (was == null) {
            added.add(new Found(watch, name, entry));
        } else if (!was.is(entry)) {
            removed.add(new Found(watch, name, was));
            added.add(new Found(watch, name, entry));
        } else if (!was.told() && was.changed() == entry.changed()) {
            // What was known was taken after the watch was set: it may have changed in between.
            addIfNew(watch, name, entry, since);
        } else if (entry.isDirectory()) {
            // Its times change with what is in it.
            if (was.mode() != entry.mode()) {
                touch(EventKind.ATTRIB, watch, name, entry);
            }
        } else if (!was.hasDataOf(entry)) {
            touchData(watch, name, entry);
        } else if (was.changed() != entry.changed()) {
            touch(EventKind.ATTRIB, watch, name, entry);
        }
    }

    private void addIfNew(final long watch, final byte[] name, final Entry entry, final long since) {
        final long from = since - CLOCK_NANOS;
        if (entry.identity().birth() >= from) {
            added.add(new Found(watch, name, entry));
        } else if (!entry.isDirectory() && entry.modified() >= from) {
            touchData(watch, name, entry);
        } else if (!entry.isDirectory() && entry.changed() >= from) {
            touch(EventKind.ATTRIB, watch, name, entry);
        }
    }

    private void touchData(final long watch, final byte[] name, final Entry entry) {
        touch(EventKind.MODIFY, watch, name, entry);
        touch(EventKind.CLOSE_WRITE, watch, name, entry);
    }

    private void touch(final EventKind kind, final long watch, final byte[] name, final Entry entry) {
        touched.add(change(kind, watch, name, entry));
    }

    private static Change change(final EventKind kind, final long watch, final byte[] name, final Entry entry) {
        return Change.at(kind, watch, name, 0, entry.isDirectory(), Change.OTHERS);
    }

    /**
     * Tells what was found: what was removed, what was moved, what was made, what was changed.
     *
     * @param subscriber to whom; null for all
     */
    private void tellAll(final Subscriber subscriber) throws InterruptedException {
        final List<Move> moves = takeMoves();
        final Set<Place> targets = new HashSet<>();
        moves.forEach(move -> targets.add(Place.of(move.to())));
        for (final Found found : removed) {
            // What a move replaces is told with the move.
            if (!targets.contains(Place.of(found))) {
                teller.tell(change(EventKind.DELETE, found.watch(), found.name(), found.entry()), null);
            }
        }
        tellMoves(moves);
        for (final Found found : added) {
            teller.tellTo(subscriber, change(EventKind.CREATE, found.watch(), found.name(), found.entry()));
            if (found.entry().isRegular() && found.entry().size() > 0) {
                teller.tellTo(subscriber, change(EventKind.MODIFY, found.watch(), found.name(), found.entry()));
            }
            if (found.entry().isRegular()) {
                teller.tellTo(subscriber, change(EventKind.CLOSE_WRITE, found.watch(), found.name(), found.entry()));
            }
        }
        for (final Change change : touched) {
            teller.tellTo(subscriber, change);
        }
        removed.clear();
        added.clear();
        touched.clear();
    }

    /** Takes away what was removed at one place and is at another. */
    private List<Move> takeMoves() {
        final Map<Identity, Found> lost = new HashMap<>();
        removed.forEach(found -> lost.putIfAbsent(found.entry().identity(), found));
        final List<Move> moves = new ArrayList<>();
        added.removeIf(found -> {
            final Found from = lost.get(found.entry().identity());
            if (from == null || !from.entry().is(found.entry())) {
                return false;
            }
            lost.remove(found.entry().identity());
            moves.add(new Move(from, found));
            if (found.entry().isRegular() && !from.entry().hasDataOf(found.entry())) {
                touchData(found.watch(), found.name(), found.entry());
            }
            return true;
        });
        final Set<Found> sources = new HashSet<>();
        moves.forEach(move -> sources.add(move.from()));
        removed.removeIf(sources::contains);
        return moves;
    }

    /** In an order in which no move replaces what is to be moved yet; what moves in a circle is moved out and in. */
    private void tellMoves(final List<Move> moves) throws InterruptedException {
        final Map<Place, Move> left = new LinkedHashMap<>();
        moves.forEach(move -> left.put(Place.of(move.from()), move));
        while (!left.isEmpty()) {
            final Deque<Move> chain = new ArrayDeque<>();
            Move next = left.values().iterator().next();
            while (next != null) {
                left.remove(Place.of(next.from()));
                chain.push(next);
                next = left.get(Place.of(next.to()));
            }
            final Move first = chain.peekLast();
            final boolean circle = chain.peek().to().isAt(first.from());
            if (circle) {
                chain.removeLast();
                teller.tell(change(EventKind.MOVED_FROM, first.from()), null);
            }
            while (!chain.isEmpty()) {
                teller.tell(rename(chain.pop()), null);
            }
            if (circle) {
                teller.tell(change(EventKind.MOVED_TO, first.to()), null);
            }
        }
    }

    private static Change change(final EventKind kind, final Found found) {
        return change(kind, found.watch(), found.name(), found.entry());
    }

    private static Change rename(final Move move) {
        return new Change(
                EventKind.RENAME,
                move.from().watch(),
                move.from().name(),
                move.to().watch(),
                move.to().name(),
                0,
                move.to().entry().isDirectory(),
                Change.OTHERS,
                0);
    }

    /** Gives everything back. */
    void close() {
        scan.end();
    }
}
