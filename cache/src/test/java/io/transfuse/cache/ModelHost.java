package io.transfuse.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A host of which every state that ever was is remembered, and the changes that it has not told yet. What it tells, and of
 * what, is the contract between host server and guest: directories tell of their names and of what stands there, files with
 * several names and directories tell of themselves.
 */
final class ModelHost {
    static final Name[] NAMES = {CacheFixture.name("a"), CacheFixture.name("b"), CacheFixture.name("c")};

    /** What was true when: each value from the change that made it to the change that made the next. */
    static final class Timeline {
        private final List<long[]> values = new ArrayList<>();

        /** What was over then must not be believed any more: the guest has been told. */
        long bound;

        /** The same, because the guest has changed it itself. */
        long ownBound;

        void set(final long time, final long value) {
            values.add(new long[] {time, value});
        }

        long value() {
            return values.isEmpty() ? 0 : values.get(values.size() - 1)[1];
        }

        /** Whether this was the value at any moment since. */
        boolean was(final long value, final long since) {
            for (int i = -1; i < values.size(); i++) {
                final long is = i < 0 ? 0 : values.get(i)[1];
                final long end = i + 1 < values.size() ? values.get(i + 1)[0] : Long.MAX_VALUE;
                if (is == value && end > since) {
                    return true;
                }
            }
            return false;
        }

        void raise(final long time) {
            bound = Math.max(bound, time);
        }

        @Override
        public String toString() {
            final StringBuilder text = new StringBuilder();
            values.forEach(
                    value -> text.append(' ').append(value[0]).append(':').append(value[1]));
            return text + " bound " + bound;
        }
    }

    /** A file or a directory. */
    static final class Thing {
        final int id;
        final boolean directory;

        /** Whether the host is able to watch it. */
        final boolean watchable;

        final Timeline attributes = new Timeline();
        final Timeline data = new Timeline();
        final Map<Name, Thing> entries = new LinkedHashMap<>();
        private final Map<Name, Timeline> names = new HashMap<>();
        int links;
        boolean removed;

        /** What the guest holds of it. */
        long node;

        long count;
        boolean watched;

        /** Whether the guest was ever told that it would be told of its attributes. */
        boolean promised;

        /** Whether it was ever told that it would not. */
        boolean notPromised;

        private Thing placeDirectory;
        private Name placeName;

        private Thing(final int id, final boolean directory, final boolean watchable) {
            this.id = id;
            this.directory = directory;
            this.watchable = watchable;
        }

        Timeline at(final Name name) {
            return names.computeIfAbsent(name, key -> new Timeline());
        }

        boolean isAtItsPlace() {
            return placeDirectory != null && placeDirectory.entries.get(placeName) == this;
        }

        @Override
        public String toString() {
            return (directory ? "directory " : "file ") + id + " (node " + node + ", held " + count + ")";
        }
    }

    /** Who changes something, and whether the host tells of it. */
    enum By {
        HOST,
        /** The guest, of whose changes the host does not tell. */
        GUEST,
        /** The guest, from a host that cannot tell its changes from others. */
        GUEST_DOUBTED
    }

    /** What is told. */
    enum Kind {
        NAME,
        CHILD,
        NODE,
        DIRECTORY,
        ALL,
        SUSPEND,
        RESUME
    }

    /** One thing to be told, with the changes that it tells of. */
    static final class Event {
        final Kind kind;
        final long node;
        final Name name;
        private final List<Runnable> applied = new ArrayList<>();

        private Event(final Kind kind, final long node, final Name name) {
            this.kind = kind;
            this.node = node;
            this.name = name;
        }

        void applied() {
            applied.forEach(Runnable::run);
        }

        @Override
        public String toString() {
            return kind + " " + node + " " + name;
        }
    }

    /** A change, and what the guest must not believe any more when it has been told all of it. */
    static final class Change {
        private final long time;
        private final By by;
        private final List<Timeline> changed = new ArrayList<>();
        private int untold;

        /** Not all of it can be told. */
        private boolean isPartlyTold;

        private Change(final long time, final By by) {
            this.time = time;
            this.by = by;
        }

        /** The guest knows all of it. */
        void told() {
            changed.forEach(this::told);
        }

        void told(final Timeline timeline) {
            timeline.raise(time);
            if (by != By.HOST) {
                timeline.ownBound = Math.max(timeline.ownBound, time);
            }
        }
    }

    /** What the guest is told of what stands at a name. */
    record Answer(Thing thing, ObjectFacts facts, Validity names, long time) {}

    final List<Event> untold = new ArrayList<>();
    private final Deque<Change> inOrder = new ArrayDeque<>();
    final List<Thing> things = new ArrayList<>();
    final Thing root;
    private final Map<Long, Thing> nodes = new HashMap<>();
    private long nextNode = MountCache.ROOT + 1;
    private long versions;
    private long now;

    ModelHost() {
        root = new Thing(1, true, true);
        root.node = MountCache.ROOT;
        root.count = 1;
        root.watched = true;
        root.attributes.set(0, ++versions);
        nodes.put(root.node, root);
        things.add(root);
    }

    long now() {
        return now;
    }

    /** Whatever bears the number, or bore it; null for none. */
    Thing of(final long node) {
        return nodes.get(node);
    }

    private Change begin(final By by) {
        final Change change = new Change(++now, by);
        inOrder.add(change);
        return change;
    }

    private void touch(final Change change, final Thing thing) {
        thing.attributes.set(now, ++versions);
        change.changed.add(thing.attributes);
    }

    private void put(final Change change, final Thing directory, final Name name, final Thing thing) {
        if (thing == null) {
            directory.entries.remove(name);
        } else {
            directory.entries.put(name, thing);
        }
        directory.at(name).set(now, thing == null ? 0 : thing.id);
        change.changed.add(directory.at(name));
        touch(change, directory);
    }

    private void tell(final Change change, final Kind kind, final Thing thing, final Name name, final Timeline alone) {
        if (thing.node == 0 || !thing.watched) {
            change.isPartlyTold = true;
            return;
        }
        Event event = null;
        for (final Event pending : untold) {
            if (pending.kind == kind
                    && pending.node == thing.node
                    && (name == null ? pending.name == null : name.equals(pending.name))) {
                event = pending;
            }
        }
        if (event == null) {
            event = new Event(kind, thing.node, name);
            untold.add(event);
        }
        change.untold++;
        event.applied.add(() -> {
            if (alone != null) {
                alone.raise(change.time);
            }
            change.untold--;
            believeInOrder();
        });
    }

    /** What a change means for objects is known when all changes before have been told, too. */
    private void believeInOrder() {
        while (!inOrder.isEmpty() && inOrder.peek().untold == 0) {
            final Change change = inOrder.poll();
            if (!change.isPartlyTold && change.by == By.HOST) {
                change.told();
            }
        }
    }

    private void tellName(final Change change, final Thing directory, final Name name) {
        tell(change, Kind.NAME, directory, name, directory.at(name));
    }

    private void tellSelf(final Change change, final Thing thing) {
        if (!thing.watched && !thing.directory && thing.links < 2) {
            // Its directory tells of it.
            return;
        }
        tell(change, Kind.NODE, thing, null, thing.attributes);
    }

    Change write(final Thing file, final Thing directory, final Name name, final By by) {
        final Change change = begin(by);
        touch(change, file);
        file.data.set(now, ++versions);
        change.changed.add(file.data);
        if (by != By.GUEST) {
            tell(change, Kind.CHILD, directory, name, null);
            tellSelf(change, file);
        }
        return change;
    }

    Change changeMode(final Thing thing, final Thing directory, final Name name, final By by) {
        final Change change = begin(by);
        touch(change, thing);
        if (by != By.GUEST) {
            tellSelf(change, thing);
            if (!thing.directory) {
                tell(change, Kind.CHILD, directory, name, null);
            }
        }
        return change;
    }

    Change create(
            final Thing directory, final Name name, final boolean isDirectory, final boolean watchable, final By by) {
        final Change change = begin(by);
        final Thing thing = new Thing(things.size() + 1, isDirectory, watchable);
        things.add(thing);
        thing.links = 1;
        touch(change, thing);
        thing.data.set(now, ++versions);
        put(change, directory, name, thing);
        if (by != By.GUEST) {
            tellName(change, directory, name);
        }
        return change;
    }

    /** Whether what stands at the name can be removed. */
    static boolean canRemove(final Thing directory, final Name name) {
        final Thing thing = directory.entries.get(name);
        return thing != null && thing.entries.isEmpty();
    }

    private void unlinked(final Change change, final Thing thing) {
        change.isPartlyTold |= thing.links > 1 && !thing.watched;
        thing.links--;
        thing.removed = thing.links == 0;
        touch(change, thing);
        // Told whoever did it: the guest may not have known that it was this one that lost a name.
        tellSelf(change, thing);
    }

    Change remove(final Thing directory, final Name name, final By by) {
        final Change change = begin(by);
        unlinked(change, directory.entries.get(name));
        put(change, directory, name, null);
        if (by != By.GUEST) {
            tellName(change, directory, name);
        }
        return change;
    }

    private boolean isBelow(final Thing thing, final Thing directory) {
        return thing == directory || directory.entries.values().stream().anyMatch(child -> isBelow(thing, child));
    }

    boolean canRename(final Thing from, final Name oldName, final Thing to, final Name newName) {
        final Thing moved = from.entries.get(oldName);
        final Thing replaced = to.entries.get(newName);
        return moved != null
                && !isBelow(to, moved)
                && (replaced == null || replaced.directory == moved.directory && replaced.entries.isEmpty());
    }

    Change rename(final Thing from, final Name oldName, final Thing to, final Name newName, final By by) {
        final Change change = begin(by);
        final Thing moved = from.entries.get(oldName);
        final Thing replaced = to.entries.get(newName);
        if (moved == replaced) {
            return change;
        }
        if (replaced != null) {
            unlinked(change, replaced);
        }
        put(change, from, oldName, null);
        put(change, to, newName, moved);
        touch(change, moved);
        tellSelf(change, moved);
        if (by != By.GUEST) {
            tellName(change, from, oldName);
            tellName(change, to, newName);
        }
        return change;
    }

    boolean canExchange(final Thing from, final Name oldName, final Thing to, final Name newName) {
        final Thing one = from.entries.get(oldName);
        final Thing other = to.entries.get(newName);
        return one != null && other != null && one != other && !isBelow(to, one) && !isBelow(from, other);
    }

    Change exchange(final Thing from, final Name oldName, final Thing to, final Name newName, final By by) {
        final Change change = begin(by);
        final Thing one = from.entries.get(oldName);
        final Thing other = to.entries.get(newName);
        put(change, from, oldName, other);
        put(change, to, newName, one);
        touch(change, one);
        touch(change, other);
        tellSelf(change, one);
        tellSelf(change, other);
        if (by != By.GUEST) {
            tellName(change, from, oldName);
            tellName(change, to, newName);
        }
        return change;
    }

    Change link(final Thing file, final Thing directory, final Name name, final By by) {
        final Change change = begin(by);
        file.links++;
        touch(change, file);
        put(change, directory, name, file);
        if (by != By.GUEST) {
            tellSelf(change, file);
            tellName(change, directory, name);
        }
        return change;
    }

    /** Everything that was not told is told as "everything". */
    void loseChanges() {
        replaceUntold(event -> event.kind != Kind.SUSPEND && event.kind != Kind.RESUME, Kind.ALL, 0);
    }

    /** What was not told of a directory is told as "anything in it". */
    void coarsen(final Thing directory) {
        replaceUntold(
                event -> (event.kind == Kind.NAME || event.kind == Kind.CHILD) && event.node == directory.node,
                Kind.DIRECTORY,
                directory.node);
    }

    private void replaceUntold(final java.util.function.Predicate<Event> which, final Kind kind, final long node) {
        final Event event = new Event(kind, node, null);
        untold.removeIf(old -> {
            if (which.test(old)) {
                event.applied.addAll(old.applied);
                return true;
            }
            return false;
        });
        if (!event.applied.isEmpty() || kind == Kind.ALL) {
            untold.add(event);
        }
    }

    void tellMode(final boolean suspend) {
        untold.add(new Event(suspend ? Kind.SUSPEND : Kind.RESUME, 0, null));
    }

    // What the guest asks

    /** A lookup, which counts; the thing is null where there is none. */
    Answer lookup(final Thing directory, final Name name) {
        watch(directory);
        final Validity names = directory.watched ? Validity.UNTIL_INVALIDATED : Validity.TIME_TO_LIVE;
        final Thing thing = directory.entries.get(name);
        if (thing == null) {
            return new Answer(null, null, names, now);
        }
        if (thing.node == 0) {
            thing.node = nextNode++;
            nodes.put(thing.node, thing);
        }
        thing.count++;
        thing.placeDirectory = directory;
        thing.placeName = name;
        return answer(thing, directory);
    }

    private Answer answer(final Thing thing, final Thing directory) {
        watch(directory);
        final boolean byItself = thing.directory || thing.links > 1;
        if (byItself) {
            watch(thing);
        }
        final Validity names = directory.watched ? Validity.UNTIL_INVALIDATED : Validity.TIME_TO_LIVE;
        final Validity attributes = directory.watched && byItself && !thing.watched ? Validity.NEVER : names;
        promise(thing, attributes);
        return new Answer(thing, facts(thing, attributes), names, now);
    }

    private static void promise(final Thing thing, final Validity validity) {
        thing.promised |= validity == Validity.UNTIL_INVALIDATED;
        thing.notPromised |= validity == Validity.TIME_TO_LIVE;
    }

    private static void watch(final Thing thing) {
        thing.watched |= thing.watchable && thing.node != 0;
    }

    private static ObjectFacts facts(final Thing thing, final Validity validity) {
        final long version = thing.attributes.value();
        return new ObjectFacts(
                thing.node,
                ("v" + version).getBytes(UTF_8),
                version,
                thing.id,
                thing.directory ? CacheFixture.DIRECTORY : CacheFixture.REGULAR,
                !thing.directory && thing.links > 1,
                validity);
    }

    /** Attributes of what bears a number; null where it is not found at its place. */
    Answer attributes(final long node) {
        final Thing thing = nodes.get(node);
        if (thing.node != node) {
            return null;
        }
        if (thing.directory) {
            watch(thing);
            final Validity validity = thing.watched ? Validity.UNTIL_INVALIDATED : Validity.TIME_TO_LIVE;
            promise(thing, validity);
            return thing.removed ? null : new Answer(thing, facts(thing, validity), validity, now);
        }
        return thing.isAtItsPlace() ? answer(thing, thing.placeDirectory) : null;
    }

    /** Attributes as they are told by an open file, not to be remembered. */
    static ObjectFacts attributesOfOpen(final Thing thing) {
        return facts(thing, Validity.NEVER);
    }

    /** Where the host finds a file by now; as the host notes it when it has moved it itself. */
    void moved(final Thing thing, final Thing directory, final Name name) {
        if (thing.node != 0) {
            thing.placeDirectory = directory;
            thing.placeName = name;
        }
    }

    /** The guest gives lookups back. */
    void forget(final long node, final long lookups) {
        final Thing thing = nodes.get(node);
        thing.count -= lookups;
        if (thing.count == 0) {
            thing.node = 0;
            thing.watched = false;
            thing.placeDirectory = null;
        }
    }
}
