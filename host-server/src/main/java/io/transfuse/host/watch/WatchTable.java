package io.transfuse.host.watch;

import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.Errno;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which objects are watched for whom: the mounts of a server share one watcher, and each object is watched once.
 * Thread-safe. Subscribers are called without any lock.
 */
public final class WatchTable implements Watcher.Listener, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchTable.class);

    private final Watcher watcher;
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
    }

    /** What an object is recognised by: device, inode number and birth time. */
    public record Identity(long dev, long ino, long birth) {}

    private record Interest(Subscriber subscriber, long node) {}

    /** An object that is watched. */
    public static final class Watch {
        private final long number;
        private final Identity identity;
        private final List<Interest> interests = new ArrayList<>(1);
        private volatile boolean ended;

        private Watch(final long number, final Identity identity) {
            this.number = number;
            this.identity = identity;
        }

        /** Whether changes are told still. */
        public boolean isLive() {
            return !ended;
        }
    }

    /** Starts the best watcher of this machine; without one, nothing can be watched. */
    public WatchTable(final Posix posix) {
        this.watcher = Watcher.start(posix, this);
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
        if (watcher == null) {
            return null;
        }
        synchronized (this) {
            Watch watch = byIdentity.get(identity);
            if (watch == null) {
                watch = new Watch(nextNumber++, identity);
                final int status = watcher.watch(watch.number, descriptor, name, directory);
                if (status < 0) {
                    noteFailure(status);
                    return null;
                }
                byIdentity.put(identity, watch);
                byNumber.put(watch.number, watch);
            }
            watch.interests.add(new Interest(subscriber, node));
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
            watch.interests.remove(new Interest(subscriber, node));
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

    private List<Interest> interests(final long number) {
        synchronized (this) {
            final Watch watch = byNumber.get(number);
            return watch == null ? List.of() : List.copyOf(watch.interests);
        }
    }

    @Override
    public void nameChanged(final long watch, final byte[] name) {
        final boolean certain = !watcher.tellsOwnChanges();
        interests(watch).forEach(interest -> interest.subscriber().nameChanged(interest.node(), name, certain));
    }

    @Override
    public void childChanged(final long watch, final byte[] name) {
        interests(watch).forEach(interest -> interest.subscriber().childChanged(interest.node(), name));
    }

    @Override
    public void changed(final long watch) {
        interests(watch).forEach(interest -> interest.subscriber().changed(interest.node()));
    }

    @Override
    public void directoryChanged(final long watch) {
        interests(watch).forEach(interest -> interest.subscriber().directoryChanged(interest.node()));
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
        interests.forEach(interest -> interest.subscriber().directoryChanged(interest.node()));
    }

    @Override
    public void lost() {
        LOG.warn("The host's queue of changes overflowed: guests ask for everything anew");
        final List<Subscriber> told;
        synchronized (this) {
            told = List.copyOf(subscribers);
        }
        told.forEach(Subscriber::lost);
    }

    @Override
    public void close() throws IOException {
        if (watcher != null) {
            watcher.close();
        }
    }
}
