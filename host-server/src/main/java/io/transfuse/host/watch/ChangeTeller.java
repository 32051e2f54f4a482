package io.transfuse.host.watch;

import io.transfuse.host.posix.StatBuffer;
import io.transfuse.host.watch.KnownDirectory.Entry;
import io.transfuse.host.watch.WatchTable.Interest;
import io.transfuse.host.watch.WatchTable.Subscriber;
import io.transfuse.protocol.EventKind;
import io.transfuse.protocol.FileMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tells changes that are known exactly to those who watch, in terms of their nodes, and keeps what is known of the
 * directories up to date. Belongs to the thread of {@link EventStream}.
 */
final class ChangeTeller {
    private static final byte[] NO_NAME = {};

    /** How long what belongs to a change may come after it. */
    private static final long PATIENCE_NANOS = 30_000_000;

    /** How far ahead a rename is looked for that explains why something is not where it was made. */
    private static final int LOOK_AHEAD = 256;

    private final WatchTable table;
    private final KnownDirectories known;
    private final ChangeQueue queue;

    /** Of what {@link #look} looked at last. */
    private final StatBuffer stat = new StatBuffer();

    private final StatBuffer objectStat = new StatBuffer();

    /** Who alone is told; null while all are. */
    private Subscriber onlyTo;

    /** What the last change replaced, and who was told so: that its link count changed is no news to them. */
    private Entry lastReplaced;

    private List<Interest> lastReplacedTold = List.of();

    /** What was told last by its name, and to whom: the same of the object itself is no news to them. */
    private EventKind lastKind;

    private WatchTable.Identity lastIdentity;
    private List<Interest> lastTold = List.of();

    ChangeTeller(final WatchTable table, final KnownDirectories known, final ChangeQueue queue) {
        this.table = table;
        this.known = known;
        this.queue = queue;
    }

    /**
     * Tells a change to all but the one who made it.
     *
     * @param by who made it; null for others than subscribers
     */
    void tell(final Change change, final Subscriber by) throws InterruptedException {
        if (change.kind() == EventKind.RENAME) {
            tellRename(change, by);
            return;
        }
        final Entry replaced = lastReplaced;
        final List<Interest> replacedTold = lastReplacedTold;
        lastReplaced = null;
        lastReplacedTold = List.of();
        final List<Interest> directory = table.eventInterests(change.watch());
        if (!directory.isEmpty()) {
            tellAtName(change, directory, by);
        }
        if (change.object() != 0 && isNewsOfObject(change)) {
            tellOfObject(change, directory, by, replaced, replacedTold);
        }
    }

    /**
     * Tells a change of others to one subscriber, though all may have been told.
     *
     * @param subscriber null for all
     */
    void tellTo(final Subscriber subscriber, final Change change) throws InterruptedException {
        onlyTo = subscriber;
        try {
            tell(change, null);
        } finally {
            onlyTo = null;
        }
    }

    private boolean isToldTo(final Interest interest, final Subscriber by) {
        return interest.subscriber() != by && (onlyTo == null || interest.subscriber() == onlyTo);
    }

    private static boolean isNewsOfObject(final Change change) {
        return change.kind() == EventKind.MODIFY
                || change.kind() == EventKind.ATTRIB
                || change.kind() == EventKind.CLOSE_WRITE;
    }

    private void tellAtName(final Change change, final List<Interest> interests, final Subscriber by)
            throws InterruptedException {
        final EventKind kind = change.kind();
        final boolean gone = kind == EventKind.DELETE || kind == EventKind.MOVED_FROM;
        final Entry now = gone ? null : look(change, interests);
        final boolean arrives = kind == EventKind.CREATE || kind == EventKind.MOVED_TO;
        final Entry known = now == null && arrives ? Entry.unseen(change.directory()) : now;
        final Entry noted = note(change.watch(), change.name(), known, gone);
        final Entry before = gone ? ofKindTold(noted, change) : noted;
        if (arrives && onlyTo == null && before != null && before.told() && before.is(now)) {
            // A re-scan has found and told it already.
            return;
        }
        lastKind = kind;
        lastIdentity = now == null ? null : now.identity();
        lastTold = interests;
        for (final Interest interest : interests) {
            final EventSubscriber subscriber = interest.subscriber().events();
            if (!isToldTo(interest, by)) {
                continue;
            }
            if (interest.only() != null) {
                if (interest.concerns(change.name())) {
                    tellOfName(kind, interest.node(), subscriber);
                }
                continue;
            }
            final Entry shown = now != null ? now : before;
            if (gone && before != null) {
                subscriber.gone(before.identity(), before.type(), interest.node(), change.name());
            }
            final long node = nodeOf(subscriber, shown);
            final int links =
                    shown == null ? 0 : kind == EventKind.DELETE ? linksLeft(subscriber, node, shown) : shown.links();
            final boolean replaces = kind == EventKind.MOVED_TO && before != null && !before.is(now);
            if (arrives && now != null) {
                // A name that was made just now lasts longer than the one known, more often than not: a backup, git's
                // objects.
                subscriber.moved(stat, interest.node(), change.name());
            }
            final long replaced = replaces ? nodeOf(subscriber, before) : 0;
            subscriber.tell(new GuestEvent(
                    kind,
                    interest.node(),
                    change.name(),
                    0,
                    NO_NAME,
                    node,
                    mode(shown, change.directory()),
                    links,
                    replaced,
                    replaces ? before.mode() : 0,
                    replaces ? linksLeft(subscriber, replaced, before) : 0));
        }
        if (kind == EventKind.MOVED_TO && before != null && !before.is(now)) {
            lastReplaced = before;
            lastReplacedTold = interests;
        }
    }

    /**
     * How many links there are left of what has lost a name. It may have got others since it was last seen at that one,
     * which are known if the guest holds it.
     */
    private int linksLeft(final EventSubscriber subscriber, final long node, final Entry lost) {
        if (lost.isDirectory()) {
            return 0;
        }
        return node != 0 && subscriber.stat(node, objectStat) >= 0 ? objectStat.nlink() : Math.max(0, lost.links() - 1);
    }

    /** The subscriber's node of what stands or stood somewhere; 0 where it holds none, or nothing is known. */
    private static long nodeOf(final EventSubscriber subscriber, final Entry entry) {
        return entry == null ? 0 : subscriber.find(entry.identity(), entry.type());
    }

    private static int mode(final Entry shown, final boolean directory) {
        return shown != null ? shown.mode() : directory ? FileMode.DIRECTORY : 0;
    }

    /** What stands at the name of the change, or where it was moved from there; null where that is not known. */
    private Entry look(final Change change, final List<Interest> interests) {
        Entry found = look(interests, change.name());
        if (found == null && change.kind() == EventKind.CREATE) {
            final ChangeQueue.Item moved = queue.find(LOOK_AHEAD, item -> isMoveFrom(item.change(), change));
            if (moved != null) {
                found = look(
                        table.eventInterests(moved.change().newWatch()),
                        moved.change().newName());
            }
        }
        return found != null && found.isDirectory() == change.directory() ? found : null;
    }

    private static boolean isMoveFrom(final Change later, final Change change) {
        return later != null
                && later.kind() == EventKind.RENAME
                && later.watch() == change.watch()
                && Arrays.equals(later.name(), change.name());
    }

    /**
     * What was found or known, unless it cannot be what is told of: the object is another one then, of which nothing is known.
     * A lane does not say what it moved.
     */
    private static Entry ofKindTold(final Entry entry, final Change change) {
        return entry == null || change.actor() == Change.THIS_PROCESS || entry.isDirectory() == change.directory()
                ? entry
                : null;
    }

    private Entry knownAt(final long watch, final byte[] name) {
        final KnownDirectory directory = known.get(watch);
        return directory == null ? null : directory.get(name);
    }

    /** What stands at a name now, {@link #stat} too; null where nothing does or it cannot be reached. */
    private Entry look(final List<Interest> interests, final byte[] name) {
        for (final Interest interest : interests) {
            final int status = interest.subscriber().events().stat(interest.node(), name, stat);
            if (status >= 0) {
                return Entry.of(stat, true);
            }
        }
        return null;
    }

    /** Keeps what is known of the directory up to date; returns what was known of the name. */
    private Entry note(final long watch, final byte[] name, final Entry now, final boolean gone) {
        if (watch == 0) {
            return null;
        }
        final KnownDirectory directory = known.learn(watch);
        if (now == null) {
            final Entry before = gone ? directory.remove(name) : directory.get(name);
            known.sizeChanged(gone && before != null ? -1 : 0);
            return before;
        }
        final Entry before = directory.put(name, now);
        known.sizeChanged(before == null ? 1 : 0);
        return before;
    }

    private void tellRename(final Change change, final Subscriber by) throws InterruptedException {
        final List<Interest> old = table.eventInterests(change.watch());
        final List<Interest> fresh = table.eventInterests(change.newWatch());
        lastReplaced = null;
        lastReplacedTold = List.of();
        if (old.isEmpty() && fresh.isEmpty()) {
            return;
        }
        final Entry back = look(old, change.name());
        Entry now = look(fresh, change.newName());
        final Entry other = knownAt(change.newWatch(), change.newName());
        // What was moved there and back stood, and stands, at one of the names only.
        final boolean both = back == null || now == null ? other != null : !now.is(back);
        final boolean exchanged = both && isExchange(change);
        final Entry left = back != null ? back : other;
        final Entry before =
                ofKindTold(note(change.watch(), change.name(), exchanged ? left : null, !exchanged), change);
        now = ofKindTold(now, change);
        final Entry moved = now != null ? now : before;
        final Entry known = moved != null ? moved : Entry.unseen(change.directory());
        final Entry atNewName = note(change.newWatch(), change.newName(), known, false);
        final Entry victim = exchanged || atNewName == null || atNewName.is(moved) ? null : atNewName;
        for (final Interest interest : old) {
            if (isToldTo(interest, by)) {
                tellOldPlace(change, interest, fresh, moved, exchanged ? left : victim, exchanged);
            }
        }
        for (final Interest interest : fresh) {
            final EventSubscriber subscriber = interest.subscriber().events();
            if (!isToldTo(interest, by)) {
                continue;
            }
            if (interest.only() != null) {
                if (interest.concerns(change.newName())) {
                    tellOfName(EventKind.MOVED_TO, interest.node(), subscriber);
                }
                continue;
            }
            if (now != null) {
                subscriber.moved(stat, interest.node(), change.newName());
            }
            if (find(old, interest.subscriber()) == null) {
                tellMove(EventKind.MOVED_TO, change, interest, change.newName(), moved, victim);
            }
        }
        lastReplaced = victim;
        lastReplacedTold = fresh;
    }

    /** Tells who watches the old name: a rename if it watches the new one, too. */
    private void tellOldPlace(
            final Change change,
            final Interest interest,
            final List<Interest> fresh,
            final Entry moved,
            final Entry other,
            final boolean exchanged)
            throws InterruptedException {
        final EventSubscriber subscriber = interest.subscriber().events();
        if (interest.only() != null) {
            if (interest.concerns(change.name())) {
                tellOfName(EventKind.MOVED_FROM, interest.node(), subscriber);
            }
            return;
        }
        final Interest target = find(fresh, interest.subscriber());
        if (target == null) {
            tellMove(EventKind.MOVED_FROM, change, interest, change.name(), moved, null);
            return;
        }
        final long otherNode = nodeOf(subscriber, other);
        subscriber.tell(new GuestEvent(
                exchanged ? EventKind.EXCHANGE : EventKind.RENAME,
                interest.node(),
                change.name(),
                target.node(),
                change.newName(),
                nodeOf(subscriber, moved),
                mode(moved, change.directory()),
                moved == null ? 0 : moved.links(),
                otherNode,
                other == null ? 0 : other.mode(),
                other == null ? 0 : exchanged ? other.links() : linksLeft(subscriber, otherNode, other)));
    }

    private void tellMove(
            final EventKind kind,
            final Change change,
            final Interest interest,
            final byte[] name,
            final Entry moved,
            final Entry victim)
            throws InterruptedException {
        final EventSubscriber subscriber = interest.subscriber().events();
        final long victimNode = nodeOf(subscriber, victim);
        subscriber.tell(new GuestEvent(
                kind,
                interest.node(),
                name,
                0,
                NO_NAME,
                nodeOf(subscriber, moved),
                mode(moved, change.directory()),
                moved == null ? 0 : moved.links(),
                victimNode,
                victim == null ? 0 : victim.mode(),
                victim == null ? 0 : linksLeft(subscriber, victimNode, victim)));
    }

    /** The interest in all names that a subscriber has, or null. */
    private static Interest find(final List<Interest> interests, final Subscriber subscriber) {
        for (final Interest interest : interests) {
            if (interest.subscriber() == subscriber && interest.only() == null) {
                return interest;
            }
        }
        return null;
    }

    /** An exchange is told as two renames, of which the second comes at once; takes that away. */
    private boolean isExchange(final Change change) throws InterruptedException {
        final ChangeQueue.Item next = queue.peek(PATIENCE_NANOS);
        final Change second = next == null ? null : next.change();
        final boolean is = second != null
                && second.kind() == EventKind.RENAME
                && second.actor() == change.actor()
                && second.watch() == change.newWatch()
                && second.newWatch() == change.watch()
                && Arrays.equals(second.name(), change.newName())
                && Arrays.equals(second.newName(), change.name());
        if (is) {
            queue.poll(PATIENCE_NANOS);
        }
        return is;
    }

    /** Tells of a root that is a file, whatever bears its name. */
    private void tellOfName(final EventKind kind, final long node, final EventSubscriber subscriber)
            throws InterruptedException {
        final boolean there = subscriber.stat(node, objectStat) >= 0;
        final int mode = there ? objectStat.mode() : 0;
        final int links = there ? objectStat.nlink() : 0;
        switch (kind) {
            case CREATE:
            case MOVED_TO:
                subscriber.tell(GuestEvent.of(EventKind.MODIFY, node, mode, links));
                subscriber.tell(GuestEvent.of(EventKind.ATTRIB, node, mode, links));
                subscriber.tell(GuestEvent.of(EventKind.CLOSE_WRITE, node, mode, links));
                break;
            case DELETE:
            case MOVED_FROM:
                subscriber.tell(GuestEvent.of(EventKind.ATTRIB, node, mode, links));
                break;
            default:
                subscriber.tell(GuestEvent.of(kind, node, mode, links));
        }
    }

    /** Tells of an object that is watched itself to those who were not told of it by its name. */
    private void tellOfObject(
            final Change change,
            final List<Interest> alreadyTold,
            final Subscriber by,
            final Entry replaced,
            final List<Interest> replacedTold)
            throws InterruptedException {
        final List<Interest> interests = table.eventInterests(change.object());
        if (interests.isEmpty()) {
            return;
        }
        List<Interest> informed = alreadyTold;
        if (change.watch() == 0
                && change.kind() == lastKind
                && lastIdentity != null
                && lastIdentity.equals(table.identity(change.object()))) {
            // inotify tells both, one after the other.
            informed = lastTold;
            lastKind = null;
        } else if (change.kind() == EventKind.ATTRIB && change.watch() == 0) {
            informed = whoIsToldOfLinks(change, replaced, replacedTold);
        }
        for (final Interest interest : interests) {
            if (!isToldTo(interest, by) || find(informed, interest.subscriber()) != null) {
                continue;
            }
            final EventSubscriber subscriber = interest.subscriber().events();
            final EventSubscriber.Place place = change.directory() ? subscriber.place(interest.node()) : null;
            if (place != null && subscriber.stat(place.directory(), place.name(), objectStat) >= 0) {
                final Entry there = Entry.of(objectStat, true);
                if (subscriber.find(there.identity(), there.type()) == interest.node()) {
                    subscriber.tell(GuestEvent.at(
                            change.kind(),
                            place.directory(),
                            place.name(),
                            interest.node(),
                            there.mode(),
                            there.links()));
                    continue;
                }
            }
            if (subscriber.stat(interest.node(), objectStat) >= 0) {
                subscriber.tell(GuestEvent.of(change.kind(), interest.node(), objectStat.mode(), objectStat.nlink()));
            }
        }
    }

    /**
     * Attributes of an object changed without a name by which: the link count perhaps, because of a change that was
     * told just now or comes at once. A guest's own kernel finds that for itself, when it is told of the name.
     */
    private List<Interest> whoIsToldOfLinks(
            final Change change, final Entry replaced, final List<Interest> replacedTold) throws InterruptedException {
        if (replaced != null && replaced.identity().equals(table.identity(change.object()))) {
            return replacedTold;
        }
        if (change.directory()) {
            return List.of();
        }
        final ChangeQueue.Item next = queue.peek(PATIENCE_NANOS);
        final Change later = next == null ? null : next.change();
        final boolean explains = later != null
                && later.object() == change.object()
                && later.actor() == change.actor()
                && (later.kind() == EventKind.CREATE || later.kind() == EventKind.DELETE);
        return explains ? new ArrayList<>(table.eventInterests(later.watch())) : List.of();
    }
}
