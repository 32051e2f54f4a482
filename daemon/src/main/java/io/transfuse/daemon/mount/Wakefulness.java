package io.transfuse.daemon.mount;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps idle processors awake while requests come thick and fast. A request wakes four threads, one after the other,
 * and to wake a processor that sleeps costs more than all the rest of a request. Polling for work uses power, so it
 * lasts only as long as it saves much: what it takes to begin is a program that waits for the file system most of its
 * time. Thread-safe.
 */
final class Wakefulness implements AutoCloseable {
    static final long WINDOW_NANOS = 5_000_000;

    /** Requests in one window from which on processors are kept awake: 2,000 in a second. */
    static final int MANY = 10;

    /** Requests in one window below which they are let go. */
    static final int FEW = 3;

    /** Windows without any request after which nobody counts any more. */
    private static final int PATIENCE = 20;

    private static final long JOIN_MILLIS = 1_000;

    private final ProcessorLatency latency;
    private final LongAdder requests = new LongAdder();
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean closed;
    private boolean awake;

    /** @param latency taken over and closed with this */
    Wakefulness(final String name, final ProcessorLatency latency) {
        this.latency = latency;
        this.thread = new Thread(this::run, "awake " + name);
        thread.setDaemon(true);
    }

    /** Begins to count requests, if anything can be asked for when there are many. */
    void start() {
        if (latency.isAvailable()) {
            thread.start();
        }
    }

    /** There is a request; costs next to nothing. */
    void request() {
        requests.increment();
        if (parked) {
            parked = false;
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        int quiet = 0;
        while (!closed) {
            LockSupport.parkNanos(this, WINDOW_NANOS);
            final long count = requests.sumThenReset();
            ended(count);
            quiet = count == 0 ? quiet + 1 : 0;
            if (quiet == PATIENCE) {
                quiet = 0;
                parked = true;
                if (requests.sum() == 0 && !closed) {
                    LockSupport.park(this);
                }
                parked = false;
            }
        }
    }

    /** A window has ended that had so many requests. */
    void ended(final long count) {
        final boolean wanted = awake ? count >= FEW : count >= MANY;
        if (wanted != awake) {
            awake = wanted;
            latency.ask(wanted);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(JOIN_MILLIS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        latency.close();
    }
}
