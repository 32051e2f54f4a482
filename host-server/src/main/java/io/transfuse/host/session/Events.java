package io.transfuse.host.session;

import io.transfuse.host.node.HandleTable;
import io.transfuse.host.node.Node;
import io.transfuse.host.node.NodeTable;
import io.transfuse.host.posix.Posix;
import io.transfuse.host.posix.StatBuffer;
import io.transfuse.host.watch.EventSubscriber;
import io.transfuse.host.watch.GuestEvent;
import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Event;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be told to a guest of that which happened, until the push connection has told it. The guest acknowledges;
 * no more than {@link #UNACKNOWLEDGED_MAX} events are under way at a time, and no more than {@link #WAITING_MAX} wait.
 * Then the thread that brings them waits, but not for a guest that acknowledges nothing for {@link #PATIENCE_NANOS}:
 * that misses events until it does, and then gets what the times of the objects tell. Thread-safe, but for what
 * {@link EventSubscriber} says.
 */
final class Events implements EventSubscriber {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    /** Events that the guest was told and has not acknowledged. */
    private static final int UNACKNOWLEDGED_MAX = 4_096;

    /** Some 200 bytes each. */
    private static final int WAITING_MAX = 16_384;

    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final String mount;
    private final Posix posix;
    private final NodeTable nodes;
    private final HandleTable handles;
    private final NodeTable.PathWork path = new NodeTable.PathWork();
    private final ArrayDeque<GuestEvent> waiting = new ArrayDeque<>();
    private final ArrayDeque<Push> unacknowledged = new ArrayDeque<>();
    private int unacknowledgedCount;
    private long lastProgress;

    /** Since when the guest misses events, in nanoseconds since the epoch; 0 while it does not. */
    private long missingSince;

    private boolean closed;
    private Runnable wake = () -> {};
    private LongConsumer rescan = since -> {};

    /** A frame that was told. */
    private record Push(long sequence, int count) {}

    Events(final String mount, final Posix posix, final NodeTable nodes, final HandleTable handles) {
        this.mount = mount;
        this.posix = posix;
        this.nodes = nodes;
        this.handles = handles;
    }

    /**
     * Before anything else is called.
     *
     * @param onWaiting called when there is something to tell
     * @param onMissed called when the guest, who has missed events, takes them again; with the time since when, in
     *     nanoseconds since the epoch
     */
    synchronized void begin(final Runnable onWaiting, final LongConsumer onMissed) {
        this.wake = onWaiting;
        this.rescan = onMissed;
    }

    @Override
    public synchronized void tell(final GuestEvent event) throws InterruptedException {
        if (event.equals(waiting.peekLast())) {
            return;
        }
        while (waiting.size() >= WAITING_MAX && missingSince == 0 && !closed) {
            final long rest = lastProgress + PATIENCE_NANOS - System.nanoTime();
            if (rest <= 0) {
                missingSince = System.currentTimeMillis() * 1_000_000;
                LOG.warn("The guest of {} takes no events: it misses some", mount);
            } else {
                wait(rest / 1_000_000 + 1);
            }
        }
        if (missingSince != 0 || closed) {
            return;
        }
        if (waiting.isEmpty()) {
            lastProgress = System.nanoTime();
        }
        waiting.add(event);
        if (waiting.size() == 1) {
            wake.run();
        }
    }

    /**
     * Makes the next push.
     *
     * @param limit most bytes of the frame
     * @return its length in bytes, 0 when there is nothing to tell or the guest is to acknowledge first
     */
    synchronized int poll(final ByteBuffer frame, final int limit, final long sequence) {
        int at = Event.ENTRIES;
        int count = 0;
        while (!waiting.isEmpty() && unacknowledgedCount + count < UNACKNOWLEDGED_MAX) {
            final GuestEvent event = waiting.peek();
            if (at + Event.entrySize(event.name().length, event.newName().length) > limit) {
                break;
            }
            final int end = Event.putEntry(frame, at, event.kind(), event.name(), event.newName());
            Event.setDirectories(frame, at, event.directory(), event.newDirectory());
            Event.setObject(frame, at, event.node(), event.mode(), event.links());
            Event.setReplaced(frame, at, event.replaced(), event.replacedMode(), event.replacedLinks());
            at = end;
            count++;
            waiting.poll();
        }
        if (count == 0) {
            return 0;
        }
        unacknowledged.add(new Push(sequence, count));
        unacknowledgedCount += count;
        notifyAll();
        return Event.encode(frame, sequence, at);
    }

    /** The guest is done with the events of every push up to this number. */
    void acknowledge(final long done) {
        long missed = 0;
        final LongConsumer told;
        synchronized (this) {
            boolean progress = false;
            while (!unacknowledged.isEmpty() && unacknowledged.peek().sequence() <= done) {
                unacknowledgedCount -= unacknowledged.poll().count();
                progress = true;
            }
            if (!progress) {
                return;
            }
            lastProgress = System.nanoTime();
            if (!waiting.isEmpty()) {
                wake.run();
            } else if (missingSince != 0 && unacknowledged.isEmpty()) {
                missed = missingSince;
                missingSince = 0;
            }
            told = rescan;
        }
        if (missed != 0) {
            told.accept(missed);
        }
    }

    /** Lets who waits go on; nothing is told any more. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        notifyAll();
    }

    @Override
    public int stat(final long directory, final byte[] name, final StatBuffer result) {
        final int status = acquireDirectory(directory);
        if (status < 0) {
            return status;
        }
        try {
            return posix.stat(path.descriptor().number(), path.name(name), result);
        } finally {
            path.descriptor().release();
        }
    }

    /** The directory of a node; of a root that is a file, that which holds it. */
    private int acquireDirectory(final long id) {
        final Node node = nodes.get(id);
        if (node == null) {
            return -Errno.ESTALE;
        }
        return node == nodes.root() && !node.isDirectory()
                ? nodes.acquirePlace(node, path)
                : nodes.acquireDirectory(node, path);
    }

    @Override
    public int stat(final long id, final StatBuffer result) {
        final Node node = nodes.get(id);
        if (node == null) {
            return -Errno.ESTALE;
        }
        final int status = nodes.acquireObject(node, handles, path);
        if (status < 0) {
            return status;
        }
        try {
            return posix.stat(path.descriptor().number(), posix.self(), result);
        } finally {
            path.descriptor().release();
        }
    }

    @Override
    public int open(final long directory) {
        final int status = acquireDirectory(directory);
        if (status < 0) {
            return status;
        }
        try {
            return posix.openDirectory(path.descriptor().number(), posix.self());
        } finally {
            path.descriptor().release();
        }
    }

    @Override
    public long find(final WatchTable.Identity identity, final int type) {
        final Node node = nodes.find(identity, type);
        return node == null ? 0 : node.id();
    }

    @Override
    public Place place(final long id) {
        final Node node = nodes.get(id);
        final Node directory = node == null ? null : node.directory();
        return directory == null ? null : new Place(directory.id(), node.name());
    }

    @Override
    public void moved(final StatBuffer stat, final long directory, final byte[] name) {
        final Node node = nodes.get(directory);
        if (node != null && node.isDirectory()) {
            nodes.seen(stat, node, name);
        }
    }

    @Override
    public void gone(final WatchTable.Identity identity, final int type, final long directory, final byte[] name) {
        final Node node = nodes.get(directory);
        if (node != null && node.isDirectory()) {
            nodes.gone(identity, type, node, name);
        }
    }
}
