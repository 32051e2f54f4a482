package io.transfuse.host.watch;

import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.EventKind;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which objects are watched for whom: the mounts of a server share one watcher, and each object is watched once.
 * Thread-safe. Subscribers are called without any lock.
 */
public final class WatchTable implements Watcher.Listener, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchTable.class);

    private final Watcher watcher;
    private final EventStream stream;
    private final Map<Integer, Actor> actors = new ConcurrentHashMap<>();

    /** What lanes do just now or did just now; only where the watcher tells own changes as others'. */
    private final Set<OwnChange> ownChanges = ConcurrentHashMap.newKeySet();

    private final Map<Identity, Watch> byIdentity = new HashMap<>();
    private final Map<Long, Watch> byNumber = new HashMap<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private long nextNumber = 1;
    private boolean full;

    /** Whoever wants to be told. The calls come from the watcher's thread and must not wait. */
    public interface Subscriber {
        /**
         * In the directory {@code node}, something else stands at the name, or nothing.
         *
         * @param certain false where it may be what this very server has done
         */
        void nameChanged(long node, byte[] name, boolean certain);

        /** In the directory {@code node}, data or attributes of what stands at the name changed. */
        void childChanged(long node, byte[] name);

        /** Data or attributes of the object changed. */
        void changed(long node);

        /** Anything in the directory may have changed. */
        void directoryChanged(long node);

        /** Anything may have changed. */
        void lost();

        /** Whom to tell what happens, exactly; null for a subscriber that does not want to know. Always the same. */
        EventSubscriber events();
    }

    /** A thread's present purpose; one object for each call of {@link #act}. */
    private static final class Actor {
        private final Subscriber subscriber;

        private Actor(final Subscriber subscriber) {
            this.subscriber = subscriber;
        }
    }

    /** What an object is recognised by: device, inode number and birth time. */
    public record Identity(long dev, long ino, long birth) {}

    /**
     * Who wants to know of a watched object.
     *
     * @param node the subscriber's number of it, or of what stands at {@code only} in it
     * @param only the one name in the directory that matters; null for all
     */
    record Interest(Subscriber subscriber, long node, byte[] only) {
        /** Whether a change at the name matters. */
        boolean concerns(final byte[] name) {
            return only == null || Arrays.equals(only, name);
        }

        private boolean is(final Subscriber other, final long itsNode) {
            return subscriber == other && node == itsNode;
        }
    }

    /** Something that a lane does, where the platform does not tell who does it. */
    public static final class OwnChange {
        private final Subscriber by;
        private final Change change;

        private OwnChange(final Subscriber by, final Change change) {
            this.by = by;
            this.change = change;
        }

        /** Whether the platform means this one. */
        private boolean is(final Change told) {
            if (change.kind() == EventKind.RENAME) {
                return told.kind() == EventKind.MOVED_FROM && isAt(told, change.watch(), change.name())
                        || told.kind() == EventKind.MOVED_TO && isAt(told, change.newWatch(), change.newName());
            }
            return told.kind() == change.kind()
                    && (isAt(told, change.watch(), change.name())
                            || told.watch() == 0 && told.object() == change.object());
        }

        private static boolean isAt(final Change told, final long watch, final byte[] name) {
            return watch != 0 && told.watch() == watch && Arrays.equals(told.name(), name);
        }
    }

    /** An object that is watched. */
    public static final class Watch {
        private final long number;
        private final Identity identity;
        private final boolean directory;

        /** When the watch was set, in nanoseconds since the epoch. */
        private final long since = System.currentTimeMillis() * 1_000_000;

        private final List<Interest> interests = new ArrayList<>(1);
        private volatile boolean ended;

        private Watch(final long number, final Identity identity, final boolean directory) {
            this.number = number;
            this.identity = identity;
            this.directory = directory;
        }

        /** Whether changes are told still. */
        public boolean isLive() {
            return !ended;
        }
    }

    /** Starts the best watcher of this machine; without one, nothing can be watched. */
    public WatchTable(final Posix posix) {
        this.stream = new EventStream(posix, this);
        this.watcher = Watcher.start(posix, this);
        stream.start();
    }

    /** Whether it can be told what happens: something watches. */
    public boolean watches() {
        return watcher != null;
    }

    /** What the calling thread does from now on is that of the subscriber, until {@link #actNoMore}. */
    public void act(final Subscriber subscriber) {
        if (watcher != null && watcher.namesThreads()) {
            actors.put(watcher.callingThread(), new Actor(subscriber));
        }
    }

    /** What the calling thread does from now on is nobody's; what it did before is told as it was. */
    public void actNoMore() {
        if (watcher != null && watcher.namesThreads()) {
            final int thread = watcher.callingThread();
            final Actor actor = actors.get(thread);
            watcher.afterPending(() -> actors.remove(thread, actor));
        }
    }

    /** Whether lanes have to say what they do: the platform does not tell by which of them. */
    public boolean needsReports() {
        return watcher != null && !watcher.namesThreads();
    }

    /**
     * What a subscriber is going to do; see {@link Change}.
     *
     * @param directory null where the directory is not watched, as {@code object}
     * @param newDirectory null but for a rename
     */
    public OwnChange ownChange(
            final Subscriber by,
            final EventKind kind,
            final Watch directory,
            final byte[] name,
            final Watch newDirectory,
            final byte[] newName,
            final Watch object,
            final boolean isDirectory) {
        return new OwnChange(
                by,
                new Change(
                        kind,
                        number(directory),
                        name,
                        number(newDirectory),
                        newName,
                        number(object),
                        isDirectory,
                        Change.THIS_PROCESS,
                        0));
    }

    private static long number(final Watch watch) {
        return watch == null ? 0 : watch.number;
    }

    /** The subscriber is about to do it: what the platform tells of it is dropped from now on. */
    public void willChange(final OwnChange own) {
        if (watcher.tellsOwnChanges()) {
            ownChanges.add(own);
        }
    }

    /** The subscriber has done it, or failed: the others are told. */
    public void didChange(final OwnChange own, final boolean success) {
        if (watcher.tellsOwnChanges()) {
            watcher.afterPending(() -> ownChanges.remove(own));
        }
        if (success) {
            stream.happened(own.change, own.by);
        }
    }

    /** Whether the platform tells what a lane did, which tells it itself. */
    private boolean isReported(final Change change) {
        return change.actor() == Change.THIS_PROCESS
                || watcher.tellsOwnChanges() && ownChanges.stream().anyMatch(own -> own.is(change));
    }

    @Override
    public boolean isOwnThread(final int thread) {
        return actors.containsKey(thread);
    }

    /** Tells the subscriber, who missed something, what changed since then in what it watches. */
    public void rescan(final Subscriber subscriber, final long sinceEpochNanos) {
        stream.rescan(subscriber, sinceEpochNanos);
    }

    /** Tells the subscriber from now on when changes are lost. */
    public synchronized void subscribe(final Subscriber subscriber) {
        subscribers.add(subscriber);
    }

    /** Tells the subscriber nothing any more, and gives back what it has not given back itself. */
    public void unsubscribe(final Subscriber subscriber) {
        final List<Watch> left = new ArrayList<>();
        synchronized (this) {
            subscribers.remove(subscriber);
            for (final Watch watch : byNumber.values()) {
                if (watch.interests.stream().anyMatch(interest -> interest.subscriber() == subscriber)) {
                    left.add(watch);
                }
            }
        }
        for (final Watch watch : left) {
            synchronized (this) {
                watch.interests.removeIf(interest -> interest.subscriber() == subscriber);
                endIfUnused(watch, -1, 0);
            }
        }
    }

    /**
     * Watches an object. What is looked at from the return on is told when it changes.
     *
     * @param identity what the object was identified by
     * @param descriptor of the object, or of the directory in which {@code name} is
     * @param name address of the name, or {@link Posix#self}
     * @return the watch, or null when the object cannot be watched
     */
    public Watch watch(
            final Subscriber subscriber,
            final long node,
            final Identity identity,
            final int descriptor,
            final long name,
            final boolean directory) {
        return watch(new Interest(subscriber, node, null), identity, descriptor, name, directory);
    }

    /**
     * Watches a directory because of one name in it only, at which the subscriber's {@code node} stands: it is told of
     * the node whatever happens at the name.
     */
    public Watch watchName(
            final Subscriber subscriber,
            final long node,
            final Identity identity,
            final int descriptor,
            final long self,
            final byte[] only) {
        return watch(new Interest(subscriber, node, only), identity, descriptor, self, true);
    }

    private Watch watch(
            final Interest interest,
            final Identity identity,
            final int descriptor,
            final long name,
            final boolean directory) {
        if (watcher == null) {
            return null;
        }
        synchronized (this) {
            Watch watch = byIdentity.get(identity);
            if (watch == null) {
                watch = new Watch(nextNumber++, identity, directory);
                final int status = watcher.watch(watch.number, descriptor, name, directory);
                if (status < 0) {
                    noteFailure(status);
                    return null;
                }
                byIdentity.put(identity, watch);
                byNumber.put(watch.number, watch);
            }
            watch.interests.add(interest);
            if (directory && interest.subscriber().events() != null) {
                stream.watched(watch.number);
            }
            return watch;
        }
    }

    private void noteFailure(final int status) {
        if (status == -Errno.ENOSPC && !full) {
            full = true;
            LOG.warn(
                    "The host's limit of watches is reached: guests ask again after a time-to-live for what is beyond");
        } else {
            LOG.debug("Something cannot be watched: {}", Errno.name(-status));
        }
    }

    /**
     * Gives a watch back.
     *
     * @param descriptor of the object, or -1 when it cannot be reached
     */
    public void unwatch(
            final Watch watch, final Subscriber subscriber, final long node, final int descriptor, final long name) {
        synchronized (this) {
            watch.interests.removeIf(interest -> interest.is(subscriber, node));
            endIfUnused(watch, descriptor, name);
        }
    }

    private void endIfUnused(final Watch watch, final int descriptor, final long name) {
        if (watch.interests.isEmpty() && !watch.ended) {
            watch.ended = true;
            byIdentity.remove(watch.identity, watch);
            byNumber.remove(watch.number);
            watcher.unwatch(watch.number, descriptor, name);
            full = false;
        }
    }

    /** Who wants to know of a watch; empty where there is none. */
    List<Interest> interests(final long number) {
        synchronized (this) {
            final Watch watch = byNumber.get(number);
            return watch == null ? List.of() : List.copyOf(watch.interests);
        }
    }

    /** Those among them who want to be told what happens. */
    List<Interest> eventInterests(final long number) {
        return number == 0
                ? List.of()
                : interests(number).stream()
                        .filter(interest -> interest.subscriber().events() != null)
                        .toList();
    }

    /** The directories in which somebody wants to be told what happens, in the order in which they were first watched. */
    synchronized List<Long> eventDirectories() {
        return byNumber.values().stream()
                .filter(watch -> watch.directory
                        && watch.interests.stream()
                                .anyMatch(interest -> interest.subscriber().events() != null))
                .map(watch -> watch.number)
                .sorted()
                .toList();
    }

    /** When a watch was set, in nanoseconds since the epoch. */
    synchronized long watchedSince(final long number) {
        final Watch watch = byNumber.get(number);
        return watch == null ? Long.MAX_VALUE : watch.since;
    }

    /** What a watch was set for; null where there is none. */
    synchronized Identity identity(final long number) {
        final Watch watch = byNumber.get(number);
        return watch == null ? null : watch.identity;
    }

    /** Opens a watched directory for listing, for whom wants events of it: a descriptor or a negated errno. */
    int open(final long number) {
        int status = -Errno.ESTALE;
        for (final Interest interest : eventInterests(number)) {
            status = interest.subscriber().events().open(interest.node());
            if (status >= 0) {
                break;
            }
        }
        return status;
    }

    @Override
    public void nameChanged(final long watch, final byte[] name) {
        final boolean certain = !watcher.tellsOwnChanges();
        for (final Interest interest : interests(watch)) {
            if (interest.only() == null) {
                interest.subscriber().nameChanged(interest.node(), name, certain);
            } else if (interest.concerns(name)) {
                interest.subscriber().changed(interest.node());
            }
        }
    }

    @Override
    public void childChanged(final long watch, final byte[] name) {
        for (final Interest interest : interests(watch)) {
            if (interest.only() == null) {
                interest.subscriber().childChanged(interest.node(), name);
            } else if (interest.concerns(name)) {
                interest.subscriber().changed(interest.node());
            }
        }
    }

    @Override
    public void changed(final long watch) {
        for (final Interest interest : interests(watch)) {
            if (interest.only() == null) {
                interest.subscriber().changed(interest.node());
            }
        }
    }

    @Override
    public void directoryChanged(final long watch) {
        tellDirectoryChanged(interests(watch));
        stream.directoryChanged(watch);
    }

    private static void tellDirectoryChanged(final List<Interest> interests) {
        for (final Interest interest : interests) {
            if (interest.only() == null) {
                interest.subscriber().directoryChanged(interest.node());
            } else {
                interest.subscriber().changed(interest.node());
            }
        }
    }

    @Override
    public void happened(final Change change) {
        if (isReported(change)) {
            return;
        }
        final Actor actor = change.actor() > 0 ? actors.get(change.actor()) : null;
        stream.happened(change, actor == null ? null : actor.subscriber);
    }

    @Override
    public void ended(final long watch) {
        final List<Interest> interests;
        synchronized (this) {
            final Watch ended = byNumber.remove(watch);
            if (ended == null) {
                return;
            }
            ended.ended = true;
            byIdentity.remove(ended.identity, ended);
            interests = List.copyOf(ended.interests);
        }
        tellDirectoryChanged(interests);
    }

    @Override
    public void lost() {
        LOG.warn("The host's queue of changes overflowed: guests ask for everything anew");
        final List<Subscriber> told;
        synchronized (this) {
            told = List.copyOf(subscribers);
        }
        told.forEach(Subscriber::lost);
        stream.lost();
    }

    @Override
    public void close() throws IOException {
        if (watcher != null) {
            watcher.close();
        }
        stream.close();
    }
}
