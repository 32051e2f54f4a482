package io.transfuse.host.watch;

import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.Errno;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A watcher that tells no more than FSEvents of macOS does: that something in a directory changed, some time later,
 * once for all that happened meanwhile. It watches directories only. Behind it is the watcher of this machine. For
 * tests of what is made of so little.
 */
final class CoarseWatcher implements Watcher {
    private static final long LATENCY_MILLIS = 50;

    private final Listener listener;
    private final Set<Long> changed = new LinkedHashSet<>();
    private final Thread thread = new Thread(this::run, "watch-coarse");
    private Watcher exact;
    private boolean closed;

    private CoarseWatcher(final Listener listener) {
        this.listener = listener;
    }

    /** A watcher, or null where there is none behind it. */
    static Watcher start(final Posix posix, final Listener listener) {
        final CoarseWatcher watcher = new CoarseWatcher(listener);
        watcher.exact = FanotifyWatcher.start(posix, watcher.new Blur());
        if (watcher.exact == null) {
            return null;
        }
        watcher.thread.setDaemon(true);
        watcher.thread.start();
        return watcher;
    }

    /** Forgets what happened where. */
    private final class Blur implements Listener {
        @Override
        public void nameChanged(final long watch, final byte[] name) {
            note(watch);
        }

        @Override
        public void childChanged(final long watch, final byte[] name) {
            note(watch);
        }

        @Override
        public void changed(final long watch) {
            note(watch);
        }

        @Override
        public void directoryChanged(final long watch) {
            note(watch);
        }

        @Override
        public void happened(final Change change) {
            // Too exact.
        }

        @Override
        public boolean isOwnThread(final int thread) {
            return listener.isOwnThread(thread);
        }

        @Override
        public void lost() {
            listener.lost();
        }

        @Override
        public void ended(final long watch) {
            listener.ended(watch);
        }
    }

    private synchronized void note(final long watch) {
        changed.add(watch);
        notifyAll();
    }

    private void run() {
        try {
            while (true) {
                final Set<Long> told = next();
                if (told.isEmpty()) {
                    return;
                }
                for (final long watch : told) {
                    listener.changed(watch);
                    listener.directoryChanged(watch);
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What changed within a while; nothing at the end. */
    private Set<Long> next() throws InterruptedException {
        synchronized (this) {
            while (changed.isEmpty() && !closed) {
                wait();
            }
        }
        Thread.sleep(LATENCY_MILLIS);
        synchronized (this) {
            final Set<Long> told = closed ? Set.of() : Set.copyOf(changed);
            changed.clear();
            return told;
        }
    }

    @Override
    public boolean tellsOwnChanges() {
        return false;
    }

    @Override
    public boolean namesThreads() {
        return false;
    }

    @Override
    public int callingThread() {
        return exact.callingThread();
    }

    @Override
    public void afterPending(final Runnable task) {
        exact.afterPending(task);
    }

    @Override
    public String name() {
        return "coarse";
    }

    @Override
    public int watch(final long watch, final int descriptor, final long name, final boolean directory) {
        return directory ? exact.watch(watch, descriptor, name, true) : -Errno.EOPNOTSUPP;
    }

    @Override
    public void unwatch(final long watch, final int descriptor, final long name) {
        exact.unwatch(watch, descriptor, name);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
        exact.close();
    }
}
