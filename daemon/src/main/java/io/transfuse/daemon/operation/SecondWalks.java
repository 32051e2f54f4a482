package io.transfuse.daemon.operation;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which callers walk a path for the second time. The kernel, when an object is not found (ESTALE), looks each name of the
 * path up again, and only once; what is remembered of the names may be as old as what led it astray. So their lookups are
 * asked of the host for a while, which then holds what it has found. Thread-safe.
 */
final class SecondWalks {
    /** A power of two. Who falls into one place with another drives him out. */
    private static final int PLACES = 1024;

    /** Between two steps of its way a thread may be kept from going on. */
    private static final int SECONDS = 2;

    private static final long NANOS = 1_000_000_000L;

    /** In each place a thread id in the upper half, and the second at which it was told ESTALE; 0 for nobody. */
    private final AtomicLongArray walkers = new AtomicLongArray(PLACES);

    /** The thread {@code pid} is told ESTALE, {@code now} being the time as {@link System#nanoTime}. */
    void begin(final int pid, final long now) {
        walkers.set(pid & PLACES - 1, (long) pid << 32 | second(now) | 1L << 31);
    }

    /** Whether it has been told so lately. */
    boolean isWalking(final int pid) {
        final long walker = walkers.get(pid & PLACES - 1);
        if (walker == 0 || (int) (walker >>> 32) != pid) {
            return false;
        }
        final int age = (int) (second(System.nanoTime()) - walker) & Integer.MAX_VALUE;
        return age <= SECONDS;
    }

    /** 31 bits. */
    private static long second(final long nanoTime) {
        return Math.floorDiv(nanoTime, NANOS) & Integer.MAX_VALUE;
    }
}
