package io.transfuse.host.watch;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was last known of the watched directories, within bounds: beyond {@link #ENTRIES_MAX} entries the least used
 * directories are forgotten, and one of more than {@link #DIRECTORY_MAX} is not remembered. Belongs to the thread of
 * {@link EventStream}, but for {@link #wanted}.
 *
 * <p>A directory is looked at a while after its watch is set, little by little and in a small part of the time
 * ({@link #REST_FACTOR}), unless there are few: guests that walk through large trees are not to wait for it.
 */
final class KnownDirectories {
    /** Some 250 bytes each. */
    static final int ENTRIES_MAX = 131_072;

    static final int DIRECTORY_MAX = 65_536;

    private static final long STEP_NANOS = 1_000_000;

    /** For each step, that many times as long is rested. */
    private static final int REST_FACTOR = 9;

    /** So many are looked at without rest. */
    private static final int FEW = 64;

    private final WatchTable table;
    private final DirectoryScan scan;

    /** By number of the watch, the least used first. */
    private final Map<Long, KnownDirectory> directories = new LinkedHashMap<>(64, 0.75f, true);

    /** Watches that were set and are not looked at yet; guarded by itself. */
    private final ArrayDeque<Long> unseen = new ArrayDeque<>();

    private KnownDirectory scanned;
    private long scannedWatch;
    private int total;
    private long nextStep;

    KnownDirectories(final WatchTable table, final DirectoryScan scan) {
        this.table = table;
        this.scan = scan;
    }

    /** A directory is watched from now on. Any thread. */
    void wanted(final long watch) {
        synchronized (unseen) {
            unseen.add(watch);
        }
    }

    /** What is known of a directory, perhaps not all of it yet; null where nothing is. */
    KnownDirectory get(final long watch) {
        return watch != 0 && watch == scannedWatch ? scanned : directories.get(watch);
    }

    /** As {@link #get}, of a directory in which something happens: from now on something is known. */
    KnownDirectory learn(final long watch) {
        final KnownDirectory present = get(watch);
        if (present != null) {
            return present;
        }
        final KnownDirectory partly = new KnownDirectory();
        directories.put(watch, partly);
        return partly;
    }

    /** Has been looked at as a whole: takes the place of what was known. */
    void put(final long watch, final KnownDirectory directory) {
        forget(watch);
        directories.put(watch, directory);
        total += directory.size();
        trim();
    }

    /** Entries came or went. */
    void sizeChanged(final int difference) {
        total += difference;
        if (difference > 0 && total > ENTRIES_MAX) {
            trim();
        }
    }

    /** A directory is watched no more, or too large. */
    void forget(final long watch) {
        if (watch == scannedWatch) {
            scan.end();
            total -= scanned.size();
            scanned = null;
            scannedWatch = 0;
        }
        final KnownDirectory forgotten = directories.remove(watch);
        if (forgotten != null) {
            total -= forgotten.size();
        }
    }

    private void trim() {
        final Iterator<KnownDirectory> oldest = directories.values().iterator();
        while (total > ENTRIES_MAX && oldest.hasNext()) {
            total -= oldest.next().size();
            oldest.remove();
        }
    }

    /** How long to rest before the next {@link #step}, in nanoseconds, at least 1; -1 if there is nothing to look at. */
    long rest() {
        synchronized (unseen) {
            if (scannedWatch == 0 && unseen.isEmpty()) {
                return -1;
            }
            return unseen.size() < FEW ? 1 : Math.max(1, nextStep - System.nanoTime());
        }
    }

    /** Looks at some more. */
    void step() {
        final long begin = System.nanoTime();
        if (scannedWatch == 0) {
            beginNext();
        }
        if (scannedWatch != 0) {
            final int before = scanned.size();
            final int status = scan.step(
                    begin + STEP_NANOS,
                    (name, stat) -> scanned.putIfAbsent(name, KnownDirectory.Entry.of(stat, false)));
            total += scanned.size() - before;
            if (status != 0) {
                final long watch = scannedWatch;
                final KnownDirectory done = scanned;
                forget(watch);
                if (status > 0) {
                    done.setComplete();
                    put(watch, done);
                }
            } else if (scanned.size() > DIRECTORY_MAX) {
                forget(scannedWatch);
            }
        }
        nextStep = System.nanoTime() + REST_FACTOR * (System.nanoTime() - begin);
    }

    private void beginNext() {
        final Long watch;
        synchronized (unseen) {
            watch = unseen.poll();
        }
        final KnownDirectory partly = watch == null ? null : directories.get(watch);
        if (watch == null || partly != null && partly.isComplete()) {
            return;
        }
        final int descriptor = table.open(watch);
        if (descriptor >= 0) {
            scan.begin(descriptor);
            directories.remove(watch);
            scanned = partly == null ? new KnownDirectory() : partly;
            scannedWatch = watch;
        }
    }

    /** Gives everything back. */
    void close() {
        scan.end();
    }
}
