package io.transfuse.host.session;

import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.Invalidate;
import io.transfuse.protocol.Invalidation;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What is to be told to a guest of changes, until the push connection has told it. What is said twice before it was
 * told is told once; what is too much becomes "everything". What happened is told after what it made stale.
 * Thread-safe; nobody waits.
 */
final class Invalidations implements WatchTable.Subscriber {
    private static final byte[] NO_NAME = {};
    private static final int PENDING_MAX = 16_384;

    private final Runnable wake;
    private final boolean remembers;
    private final Events events;
    private final Set<Entry> pending = new LinkedHashSet<>();
    private volatile long sequence;
    private long acknowledged;
    private boolean syncPending;
    private long syncSequence;

    private static final Entry SUSPEND = new Entry(Invalidation.SUSPEND, 0, ByteBuffer.wrap(NO_NAME));
    private static final Entry RESUME = new Entry(Invalidation.RESUME, 0, ByteBuffer.wrap(NO_NAME));

    private static final Entry SYNC = new Entry(Invalidation.SYNC, 0, ByteBuffer.wrap(NO_NAME));

    private record Entry(Invalidation kind, long node, ByteBuffer name) {}

    /**
     * @param wake called when there is something to tell and there was nothing before
     * @param remembers whether the guest remembers anything; otherwise it is told of nothing that is stale
     * @param events what is to be told of that which happened; null where nothing is
     */
    Invalidations(final Runnable wake, final boolean remembers, final Events events) {
        this.wake = wake;
        this.remembers = remembers;
        this.events = events;
    }

    @Override
    public Events events() {
        return events;
    }

    /** The number of the last push. */
    long sequence() {
        return sequence;
    }

    @Override
    public void nameChanged(final long node, final byte[] name, final boolean certain) {
        add(certain ? Invalidation.NAME : Invalidation.DOUBT, node, name);
    }

    @Override
    public void childChanged(final long node, final byte[] name) {
        add(Invalidation.CHILD, node, name);
    }

    @Override
    public void changed(final long node) {
        add(Invalidation.NODE, node, NO_NAME);
    }

    @Override
    public void directoryChanged(final long node) {
        add(Invalidation.DIRECTORY, node, NO_NAME);
    }

    @Override
    public void lost() {
        add(Invalidation.ALL, 0, NO_NAME);
    }

    /** The guest may remember nothing from now on; {@link #awaitAcknowledged} waits until it does not. */
    synchronized void suspend() {
        pending.remove(RESUME);
        add(Invalidation.SUSPEND, 0, NO_NAME);
        sync();
    }

    /** The guest has to acknowledge what it was told so far; {@link #awaitAcknowledged} waits for that. */
    synchronized void sync() {
        // At the end, behind what has come since it was wanted before.
        pending.remove(SYNC);
        add(Invalidation.SYNC, 0, NO_NAME);
        syncPending = true;
    }

    /** The guest may remember again. */
    synchronized void resume() {
        if (pending.remove(SUSPEND)) {
            add(Invalidation.ALL, 0, NO_NAME);
        } else {
            add(Invalidation.RESUME, 0, NO_NAME);
        }
    }

    private synchronized void add(final Invalidation kind, final long node, final byte[] name) {
        if (!remembers) {
            return;
        }
        final boolean first = pending.isEmpty();
        if (pending.size() >= PENDING_MAX) {
            pending.removeIf(entry -> entry.node() != 0);
            pending.add(new Entry(Invalidation.ALL, 0, ByteBuffer.wrap(NO_NAME)));
        }
        pending.add(new Entry(kind, node, ByteBuffer.wrap(name)));
        if (first) {
            wake.run();
        }
    }

    /**
     * Makes the next push of what is to be told: what is stale, and when there is no more of that, what happened. What
     * a change makes stale comes to {@link #pending} before its event comes to {@link #events}, so that it is told first.
     *
     * @param limit most bytes of the frame
     * @return its length in bytes, 0 when there is nothing to tell
     */
    synchronized int poll(final ByteBuffer frame, final int limit) {
        if (pending.isEmpty()) {
            final int length = events == null ? 0 : events.poll(frame, limit, sequence + 1);
            sequence += length == 0 ? 0 : 1;
            return length;
        }
        int at = Invalidate.ENTRIES;
        final Iterator<Entry> entries = pending.iterator();
        while (entries.hasNext()) {
            final Entry entry = entries.next();
            if (at + Invalidate.entrySize(entry.name().capacity()) > limit) {
                break;
            }
            at = Invalidate.putEntry(
                    frame, at, entry.kind(), entry.node(), entry.name().array());
            entries.remove();
            if (entry.kind() == Invalidation.SYNC) {
                syncPending = false;
                syncSequence = sequence + 1;
            }
        }
        sequence++;
        return Invalidate.encode(frame, sequence, at);
    }

    /** The guest has forgotten what every push up to this number named, and is done with its events. */
    void acknowledge(final long done) {
        synchronized (this) {
            acknowledged = Math.max(acknowledged, done);
            notifyAll();
        }
        if (events != null) {
            events.acknowledge(done);
        }
    }

    /** Wakes those that wait. */
    void close() {
        synchronized (this) {
            acknowledged = Long.MAX_VALUE;
            syncPending = false;
            notifyAll();
        }
        if (events != null) {
            events.close();
        }
    }

    /**
     * Waits until the guest has acknowledged the last {@link #sync}.
     *
     * @return false when the time is over
     */
    synchronized boolean awaitAcknowledged(final long millis) throws InterruptedException {
        final long deadline = System.nanoTime() + millis * 1_000_000;
        while (syncPending || acknowledged < syncSequence) {
            final long rest = (deadline - System.nanoTime()) / 1_000_000;
            if (rest <= 0) {
                return false;
            }
            wait(rest);
        }
        return true;
    }
}
