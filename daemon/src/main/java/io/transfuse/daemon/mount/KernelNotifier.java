package io.transfuse.daemon.mount;

import io.transfuse.cache.HeldByKernel;
import io.transfuse.cache.Name;
import io.transfuse.cache.Stale;
import io.transfuse.daemon.mount.NotificationQueue.Kind;
import io.transfuse.daemon.mount.NotificationQueue.Notification;
import io.transfuse.daemon.operation.ChangingFiles;
import io.transfuse.protocol.Errno;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel what it must not use any more, in a thread of its own: the kernel may make it wait for requests in
 * flight, which the lanes have to answer meanwhile. Nobody waits for this thread. Thread-safe.
 */
final class KernelNotifier implements Stale, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelNotifier.class);
    private static final long JOIN_MILLIS = 3_000;
    private static final int NOTIFICATIONS_MAX = 65_536;
    private static final int ACTIONS_MAX = 65_536;

    private final String name;
    private final KernelNotifications kernel;
    private final ChangingFiles changing;
    private final Supplier<HeldByKernel> held;
    private final NotificationQueue queue;
    private final Thread thread;

    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;

        Ended() {
            super(null, null, false, false);
        }
    }

    /**
     * @param changing is told of each change of an object, and says whether the kernel has to be told, and when
     * @param held what the kernel was given; asked for by the notifier's thread when it has to tell of everything
     */
    KernelNotifier(
            final String name,
            final KernelNotifications kernel,
            final ChangingFiles changing,
            final Supplier<HeldByKernel> held) {
        this(name, kernel, changing, held, NOTIFICATIONS_MAX, ACTIONS_MAX);
    }

    KernelNotifier(
            final String name,
            final KernelNotifications kernel,
            final ChangingFiles changing,
            final Supplier<HeldByKernel> held,
            final int notificationsMax,
            final int actionsMax) {
        this.name = name;
        this.kernel = kernel;
        this.changing = changing;
        this.held = held;
        this.queue = new NotificationQueue(notificationsMax, actionsMax, this::overflowed);
        this.thread = new Thread(this::run, "notify " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void overflowed() {
        LOG.warn("{}: the kernel takes notifications too slowly, everything is asked for anew", name);
    }

    @Override
    public void name(final long directory, final Name changed) {
        queue.add(Kind.NAME, directory, changed);
    }

    @Override
    public void doubtfulName(final long directory, final Name changed) {
        queue.add(Kind.DOUBTFUL_NAME, directory, changed);
    }

    @Override
    public void object(final long node) {
        if (changing.changed(node)) {
            queue.add(Kind.OBJECT, node, null);
        } else {
            // Where it may wait, the thread has to know that it has something to wait for.
            queue.wake();
        }
    }

    @Override
    public void attributes(final long node) {
        if (changing.attributesChanged(node)) {
            queue.add(Kind.ATTRIBUTES, node, null);
        }
    }

    @Override
    public void listing(final long directory) {
        queue.add(Kind.OBJECT, directory, null);
    }

    @Override
    public boolean everyName() {
        if (!kernel.hasEpoch()) {
            return false;
        }
        queue.add(Kind.EVERY_NAME, 0, null);
        return true;
    }

    /**
     * Runs {@code action} when the kernel has been told everything so far, in the notifier's thread. Of a file that goes on
     * changing it may have old pages then, of which it has yet to be told ({@link ChangingFiles}); by read(2) nobody gets them.
     *
     * @return false if too many actions wait already: it is not run then, and the caller has to do without
     */
    boolean afterwards(final Runnable action) {
        return queue.addAction(action);
    }

    /** As {@link #afterwards}, when the kernel has been told of files that go on changing, too. */
    boolean afterAll(final Runnable action) {
        return queue.addAction(() -> {
            changing.settle(true, this::tellObject);
            action.run();
        });
    }

    private void tell(final Notification notification) {
        final long node = notification.node();
        switch (notification.kind()) {
            case NAME:
                check(kernel.invalidateEntry(node, notification.name(), false));
                break;
            case DOUBTFUL_NAME:
                check(kernel.invalidateEntry(node, notification.name(), true));
                break;
            case OBJECT:
                tellObject(node);
                break;
            case ATTRIBUTES:
                check(kernel.invalidateAttributes(node));
                break;
            case EVERY_NAME:
                check(kernel.incrementEpoch());
                break;
            case EVERYTHING:
                tellEverything();
                break;
        }
    }

    private void tellEverything() {
        final HeldByKernel everything = held.get();
        if (kernel.hasEpoch()) {
            check(kernel.incrementEpoch());
        } else {
            // Absent names are given to such a kernel for a moment only.
            everything.names().forEach(entry -> check(kernel.invalidateEntry(entry.directory(), entry.name(), true)));
        }
        for (final long node : everything.nodes()) {
            tellObject(node);
        }
    }

    private void tellObject(final long node) {
        check(kernel.invalidateInode(node));
    }

    private static void check(final int errno) {
        // ENOENT: the kernel does not know the node or name, or not any more.
        if (errno == Errno.ENODEV || errno == Errno.ENOTCONN) {
            throw new Ended();
        }
        if (errno != 0 && errno != Errno.ENOENT && errno != Errno.ENOTDIR) {
            LOG.warn("The kernel refuses a notification: {}", Errno.name(errno));
        }
    }

    private void run() {
        try {
            while (true) {
                final NotificationQueue.Item next = queue.take(changing.nanosUntilSettled());
                if (next instanceof Notification) {
                    tell((Notification) next);
                } else if (next instanceof NotificationQueue.Action) {
                    run(((NotificationQueue.Action) next).what());
                }
                changing.settle(false, this::tellObject);
            }
        } catch (final Ended e) {
            LOG.debug("{} ends with its mount", Thread.currentThread().getName());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(final Runnable action) {
        try {
            action.run();
        } catch (final Ended e) {
            throw e;
        } catch (final RuntimeException e) {
            // The kernel has to be told of what follows all the same.
            LOG.error("An action after notifications failed", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
