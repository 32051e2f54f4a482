package io.transfuse.daemon.operation;

import io.transfuse.cache.MountCache;
import io.transfuse.daemon.session.HostLane;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches whole directories in which names are missed, and the contents of small files beside those that are opened, in
 * a thread and on a connection of its own: nobody waits for it. Thread-safe.
 */
public final class Prefetcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prefetcher.class);
    private static final int WAITING_MAX = 256;
    private static final int KNOWN_MAX = 4096;
    private static final int FRAME_BYTES = 4096;
    private static final int ASKED = 1024;
    private static final int OPENED_ENOUGH = 3;
    private static final long JOIN_MILLIS = 3_000;

    /** A directory is fetched again only after so many times the time that it took last. */
    private static final long PAUSE_FACTOR = 20;

    /** What cannot be fetched, or not be remembered, is tried again after so long. */
    private static final long VAIN_PAUSE_NANOS = 60_000_000_000L;

    private final MountCache facts;
    private final HostLane lane;
    private final BlockingQueue<Job> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread;

    /** When each directory may be fetched again; guarded by itself. */
    private final Map<Long, Long> notBefore = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(final Map.Entry<Long, Long> eldest) {
            return size() > KNOWN_MAX;
        }
    };

    /** Directories in which a name was asked for, by their hash; lost updates do no harm. */
    private final long[] asked = new long[ASKED];

    /** The same for files that were opened, and how many. */
    private final long[] opened = new long[ASKED];

    private final int[] openedCount = new int[ASKED];

    private volatile boolean closed;

    /** A directory of which the names are wanted, or the contents of its files. */
    private record Job(long directory, boolean contents) {}

    public Prefetcher(final String name, final MountCache facts, final HostLane lane) {
        this.facts = facts;
        this.lane = lane;
        this.thread = new Thread(this::run, "prefetch " + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A name was asked for, and found: from the second on, the directory is worth being known. */
    void asked(final long directory) {
        final int at = (int) directory & ASKED - 1;
        if (asked[at] == directory) {
            missed(directory);
        } else {
            asked[at] = directory;
        }
    }

    /** A name was missed in a directory of which not everything is known. */
    void missed(final long directory) {
        if (!facts.lacksListing(directory)) {
            return;
        }
        synchronized (notBefore) {
            final Long earliest = notBefore.get(directory);
            if (earliest != null && System.nanoTime() - earliest < 0) {
                return;
            }
            // Until it has been fetched, nobody asks again.
            notBefore.put(directory, Long.MAX_VALUE / 2 + System.nanoTime());
        }
        if (!waiting.offer(new Job(directory, false))) {
            allow(directory, System.nanoTime());
        }
    }

    /**
     * A file of the directory was opened and its content not known: from the third on, the contents of the others are
     * worth being known, too.
     */
    void opened(final long directory) {
        final int at = (int) directory & ASKED - 1;
        if (directory == 0) {
            return;
        }
        if (opened[at] != directory) {
            opened[at] = directory;
            openedCount[at] = 0;
        }
        if (++openedCount[at] == OPENED_ENOUGH) {
            missed(directory);
            waiting.offer(new Job(directory, true));
        }
    }

    private void allow(final long directory, final long from) {
        synchronized (notBefore) {
            notBefore.put(directory, from);
        }
    }

    private void run() {
        final NativeBuffer frame = NativeBuffer.allocate(FRAME_BYTES);
        final WholeDirectory directory = new WholeDirectory(facts, lane, frame);
        final DirectoryContents contents = new DirectoryContents(facts, lane, frame);
        try {
            while (!closed) {
                final Job job = waiting.take();
                if (job.contents()) {
                    contents.fetch(job.directory());
                } else {
                    fetch(directory, job.directory());
                }
                directory.forget();
            }
        } catch (final IOException e) {
            if (!closed) {
                LOG.debug("Directories are no longer fetched ahead: {}", e.getMessage());
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            lane.shutdown();
            lane.close();
        }
    }

    private void fetch(final WholeDirectory directory, final long node) throws IOException {
        final long begin = System.nanoTime();
        final int status = directory.fetch(node);
        final long now = System.nanoTime();
        final boolean vain = status < 0 || directory.isFolded();
        allow(node, now + (vain ? VAIN_PAUSE_NANOS : PAUSE_FACTOR * (now - begin)));
    }

    /** Ends the thread; the connection ends with it. */
    @Override
    public void close() {
        closed = true;
        lane.shutdown();
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
