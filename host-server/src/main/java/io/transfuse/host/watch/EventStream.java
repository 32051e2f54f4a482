package io.transfuse.host.watch;

import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.EventKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what a watcher tells into events for guests, in a thread of its own: looks at the objects concerned, knows what
 * the directories were like before, filters what a subscriber did itself, and looks at directories again where changes
 * were lost or are told only roughly. The watcher never waits for it; it waits for guests, within limits.
 */
final class EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** Some 150 bytes each. */
    private static final int QUEUE_MAX = 100_000;

    /** How long the second half of a rename may come after the first. */
    private static final long PATIENCE_NANOS = 30_000_000;

    private static final int JOIN_MILLIS = 5_000;

    private final ChangeQueue queue = new ChangeQueue(QUEUE_MAX);
    private final KnownDirectories known;
    private final ChangeTeller teller;
    private final Rescan rescan;
    private final Thread thread = new Thread(this::run, "host-events");

    EventStream(final Posix posix, final WatchTable table) {
        this.known = new KnownDirectories(table, new DirectoryScan(posix));
        this.teller = new ChangeTeller(table, known, queue);
        this.rescan = new Rescan(posix, table, known, teller);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** A directory is watched from now on for somebody who wants events. Any thread. */
    void watched(final long watch) {
        known.wanted(watch);
        // Wakes the thread, which may wait for a change only.
        queue.wake();
    }

    /** Something happened. Never waits. */
    void happened(final Change change, final WatchTable.Subscriber by) {
        add(new ChangeQueue.Item(change, by, 0, 0));
    }

    /** It is not known what happened in a directory. Never waits. */
    void directoryChanged(final long watch) {
        add(new ChangeQueue.Item(null, null, watch, 0));
    }

    /** It is not known what happened. Never waits. */
    void lost() {
        add(ChangeQueue.LOST);
    }

    /** A subscriber has missed what happened since then. Never waits. */
    void rescan(final WatchTable.Subscriber subscriber, final long sinceEpochNanos) {
        add(new ChangeQueue.Item(null, subscriber, 0, sinceEpochNanos));
    }

    private void add(final ChangeQueue.Item item) {
        if (!queue.add(item)) {
            LOG.warn("More than {} changes wait to be told to guests: directories are looked at again", QUEUE_MAX);
        }
    }

    private void run() {
        try {
            while (!queue.isClosed()) {
                final long rest = known.rest();
                final ChangeQueue.Item item = queue.poll(Math.max(0, rest));
                if (item != null) {
                    work(item);
                } else if (rest >= 0) {
                    known.step();
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            known.close();
            rescan.close();
        }
    }

    private void work(final ChangeQueue.Item item) throws InterruptedException {
        try {
            if (item.change() != null) {
                tell(item);
            } else if (item.by() != null) {
                rescan.ofSubscriber(item.by(), item.since());
            } else if (item.watch() != 0) {
                rescan.ofDirectories(queue, item.watch());
            } else {
                queue.clear();
                rescan.ofAll();
            }
        } catch (final RuntimeException e) {
            LOG.error("A change of the host's files could not be told", e);
        }
    }

    private void tell(final ChangeQueue.Item item) throws InterruptedException {
        final Change change = item.change();
        if (change.kind() == EventKind.MOVED_FROM && change.pair() != 0) {
            final ChangeQueue.Item next = queue.peek(PATIENCE_NANOS);
            if (next != null && next.change() != null && isOtherHalf(change, next.change())) {
                queue.poll(PATIENCE_NANOS);
                final Change to = next.change();
                teller.tell(
                        new Change(
                                EventKind.RENAME,
                                change.watch(),
                                change.name(),
                                to.watch(),
                                to.name(),
                                0,
                                change.directory(),
                                change.actor(),
                                0),
                        item.by());
                return;
            }
        }
        teller.tell(change, item.by());
    }

    private static boolean isOtherHalf(final Change from, final Change to) {
        return to.kind() == EventKind.MOVED_TO
                && to.pair() == from.pair()
                && to.actor() == from.actor()
                && to.directory() == from.directory();
    }

    /** Ends the thread. */
    void close() {
        queue.close();
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
