package io.transfuse.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The guest's kernel: what it was given and for how long, until it is told otherwise. What it does by itself when the guest
 * changes something is what fs/fuse/dir.c does.
 */
final class ModelKernel implements Stale {
    /** What it believes to stand at a name; node 0 for nothing. */
    record Dentry(long node, long until) {}

    /** What it believes of an object. */
    record Known(long version, long until) {}

    private record Place(long directory, Name name) {}

    private final Map<Place, Dentry> dentries = new LinkedHashMap<>();
    private final Map<Long, Known> attributes = new LinkedHashMap<>();
    private final Map<Long, Map<Name, Long>> listings = new LinkedHashMap<>();
    private final Map<Long, Long> lookups = new LinkedHashMap<>();

    /** Where each object was given last: the directory of what is in use is, too. */
    private final Map<Long, Place> places = new HashMap<>();

    /** What it has of the data of files, by their versions. */
    final Map<Long, Long> pages = new HashMap<>();

    /** The version of attributes that it saw last. */
    final Map<Long, Long> seen = new HashMap<>();

    private final boolean hasEpoch;

    /** Directories with requests in flight: how many look up or list, or -1 for one that changes names. */
    private final Map<Long, Integer> locks = new HashMap<>();

    /** What it has not been told yet, because it waits for requests in flight; null for what needs no directory. */
    private final Deque<Notification> notifications = new ArrayDeque<>();

    private long clock;

    private record Notification(Long directory, Runnable effect) {}

    ModelKernel(final boolean hasEpoch) {
        this.hasEpoch = hasEpoch;
        lookups.put(MountCache.ROOT, 1L);
    }

    void pass(final long nanos) {
        clock += nanos;
    }

    long lookups(final long node) {
        return lookups.getOrDefault(node, 0L);
    }

    Iterable<Long> held() {
        return Map.copyOf(lookups).keySet();
    }

    private static long until(final long clock, final long nanos) {
        return nanos >= MountCache.LONG_NANOS ? Long.MAX_VALUE : clock + nanos;
    }

    /** Whether a name in the directory may be looked up now, other than in {@link #lockForChange}. */
    boolean lockForLookup(final long directory) {
        if (locks.getOrDefault(directory, 0) < 0) {
            return false;
        }
        locks.merge(directory, 1, Integer::sum);
        return true;
    }

    /** Whether the guest is changing names in the directory. */
    boolean isChanging(final long directory) {
        return locks.getOrDefault(directory, 0) < 0;
    }

    void unlockLookup(final long directory) {
        locks.merge(directory, -1, Integer::sum);
        runNotifications();
    }

    /** Whether names in the directories may be changed now. */
    boolean lockForChange(final long... directories) {
        for (final long directory : directories) {
            if (locks.getOrDefault(directory, 0) != 0) {
                return false;
            }
        }
        for (final long directory : directories) {
            locks.put(directory, -1);
        }
        return true;
    }

    void unlockChange(final long... directories) {
        for (final long directory : directories) {
            locks.remove(directory);
        }
        runNotifications();
    }

    /** Whether it has been told everything. */
    boolean isTold() {
        return notifications.isEmpty();
    }

    private void told(final Long directory, final Runnable effect) {
        notifications.add(new Notification(directory, effect));
        runNotifications();
    }

    private void runNotifications() {
        while (!notifications.isEmpty()
                && (notifications.peek().directory == null
                        || locks.getOrDefault(notifications.peek().directory, 0) == 0)) {
            notifications.poll().effect.run();
        }
    }

    /** It is given an object at a name. */
    void takeEntry(final long directory, final Name name, final Answer answer) {
        if (answer.node() != 0) {
            lookups.merge(answer.node(), 1L, Long::sum);
            places.put(answer.node(), new Place(directory, name));
            takeAttributes(answer);
        }
        if (answer.entryNanos() > 0) {
            dentries.put(new Place(directory, name), new Dentry(answer.node(), until(clock, answer.entryNanos())));
        } else {
            dentries.remove(new Place(directory, name));
        }
    }

    void takeAttributes(final Answer answer) {
        final long version = ModelWorld.version(answer.attributes());
        attributes.remove(answer.node());
        if (answer.attributeNanos() > 0) {
            attributes.put(answer.node(), new Known(version, until(clock, answer.attributeNanos())));
        }
        final Long before = seen.put(answer.node(), version);
        if (before != null && before != version) {
            // AUTO_INVAL_DATA
            pages.remove(answer.node());
        }
    }

    void takeListing(final long directory, final Map<Name, Long> listing) {
        listings.put(directory, listing);
    }

    Map<Name, Long> listingOf(final long directory) {
        return listings.get(directory);
    }

    /** What it believes to stand at a name; null when it would ask. */
    Dentry at(final long directory, final Name name) {
        final Dentry dentry = dentries.get(new Place(directory, name));
        return dentry != null && dentry.until > clock ? dentry : null;
    }

    /** Null when it would ask. */
    Known attributesOf(final long node) {
        final Known known = attributes.get(node);
        return known != null && known.until > clock ? known : null;
    }

    /** A directory's names change by the guest's own doing. */
    void directoryChanged(final long directory) {
        attributes.remove(directory);
        listings.remove(directory);
    }

    void forgetAttributes(final long node) {
        attributes.remove(node);
    }

    void removed(final long directory, final Name name, final Dentry removed) {
        dentries.remove(new Place(directory, name));
        attributes.remove(removed.node);
        directoryChanged(directory);
    }

    void renamed(
            final long from,
            final Name oldName,
            final Dentry one,
            final long to,
            final Name newName,
            final Dentry other,
            final boolean exchange) {
        final Dentry moved = dentries.remove(new Place(from, oldName));
        final Dentry replaced = dentries.remove(new Place(to, newName));
        attributes.remove(one.node);
        attributes.remove(other.node);
        places.replace(one.node, new Place(to, newName));
        if (exchange) {
            places.replace(other.node, new Place(from, oldName));
        }
        if (moved != null) {
            dentries.put(new Place(to, newName), moved);
        }
        if (replaced != null && exchange) {
            dentries.put(new Place(from, oldName), replaced);
        }
        directoryChanged(from);
        directoryChanged(to);
    }

    /** Gives a node back with all lookups of it; 0 where it cannot, because it uses it. */
    long forget(final long node) {
        if (node == MountCache.ROOT
                || locks.getOrDefault(node, 0) != 0
                || places.values().stream().anyMatch(place -> place.directory == node)) {
            return 0;
        }
        dentries.entrySet().removeIf(entry -> entry.getKey().directory == node || entry.getValue().node == node);
        attributes.remove(node);
        listings.remove(node);
        pages.remove(node);
        seen.remove(node);
        places.remove(node);
        final Long count = lookups.remove(node);
        return count == null ? 0 : count;
    }

    /** Drops every name, so that everything can be given back. */
    void dropNames() {
        dentries.clear();
        places.clear();
    }

    // What it is told

    @Override
    public void name(final long directory, final Name name) {
        told(directory, () -> dentries.remove(new Place(directory, name)));
    }

    @Override
    public void doubtfulName(final long directory, final Name name) {
        told(directory, () -> dentries.remove(new Place(directory, name)));
    }

    @Override
    public void object(final long node) {
        told(null, () -> {
            attributes.remove(node);
            pages.remove(node);
            listings.remove(node);
        });
    }

    @Override
    public void attributes(final long node) {
        told(null, () -> attributes.remove(node));
    }

    @Override
    public void listing(final long directory) {
        object(directory);
    }

    @Override
    public boolean everyName() {
        if (hasEpoch) {
            told(null, dentries::clear);
        } else {
            // Absent names are given to such a kernel for a moment only; see KernelNotifier.
            told(null, () -> dentries.values().removeIf(dentry -> dentry.node == 0));
        }
        return hasEpoch;
    }
}
