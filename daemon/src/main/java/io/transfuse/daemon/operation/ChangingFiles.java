package io.transfuse.daemon.operation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Files that the host is changing, and what the kernel may have of them. To tell the kernel of each change by
 * {@code INVAL_INODE} does not do while they follow each other: whatever attributes it is just being given it ignores
 * then, but the caller gets them all the same. So {@code stat} says one size, the kernel goes by another, and what maps
 * the first dies by SIGBUS (fs/fuse/inode.c: fuse_change_attributes, fuse_reverse_inval_inode). So for a file that
 * changes:
 *
 * <ul>
 *   <li>its attributes are given to the kernel without validity, so that there is nothing to be taken back;
 *   <li>it is opened without page cache;
 *   <li>what pages there are the kernel drops by itself when a size or time that it is given differs, and they are
 *       invalidated when the file has come to rest;
 *   <li>nothing is told to a kernel that has nothing.
 * </ul>
 *
 * <p>A file that is not here is at rest, and the kernel is taken to have all of it. Thread-safe; its lock is not held
 * over anything that waits.
 */
public final class ChangingFiles {
    /** A change within this time of the last one makes a file one that changes, in nanoseconds. */
    static final long CHANGING_NANOS = 100_000_000;

    /** After so long without a change what pages the kernel has are invalidated. */
    static final long REST_NANOS = 20_000_000;

    /** And after so long if the changes do not end. */
    static final long MOST_NANOS = 400_000_000;

    /** More files that change make the oldest one at rest. */
    static final int FILES_MAX = 4096;

    private static final int NEVER_TOLD = -1;

    private final LongSupplier clock;
    private final Map<Long, File> files = new LinkedHashMap<>();
    private final Map<Long, File> waiting = new LinkedHashMap<>();

    /** Counts the changes that the host has told; what a lane took from the cache before one may be older than it. */
    private volatile long changes;

    private volatile boolean empty = true;

    private static final class File {
        long changedAt;

        /** When the first change was told of those that the kernel has not been told; of use while it waits. */
        long waitingSince;

        /** Since it changed the kernel was given attributes of it, which say so. */
        boolean regular;

        /** The kernel may have attributes that it goes by without asking. */
        boolean hasAttributes;

        /** The kernel may have pages. */
        boolean hasPages;

        /** What the kernel was told last. */
        long size = NEVER_TOLD;

        long modified;
    }

    /**
     * @param clock the time in nanoseconds, as {@link System#nanoTime} tells it
     */
    public ChangingFiles(final LongSupplier clock) {
        this.clock = clock;
    }

    /** To be taken before the cache is asked for, or taught, what the kernel is then given. */
    long moment() {
        return changes;
    }

    /**
     * The kernel is about to be given attributes.
     *
     * @param size in bytes
     * @param modified the time of modification, any number that stands for it
     * @param since the {@link #moment} before the cache said that they are valid
     * @param nanos for how long the cache takes them to be, in nanoseconds
     * @return for how long the kernel may go by them, in nanoseconds
     */
    long give(
            final long node,
            final boolean regular,
            final long size,
            final long modified,
            final long nanos,
            final long since) {
        if (empty && changes == since) {
            return nanos;
        }
        synchronized (this) {
            final File file = files.get(node);
            if (file == null) {
                return changes == since ? nanos : 0;
            }
            if (!regular) {
                files.remove(node);
                return changes == since ? nanos : 0;
            }
            file.regular = true;
            // A size comes without validity at first: should the kernel ignore it after all, it has had it before.
            final boolean told = file.size == size && file.modified == modified;
            file.size = size;
            file.modified = modified;
            if (!told) {
                // The kernel drops its pages.
                file.hasPages = false;
                if (!file.hasAttributes) {
                    waiting.remove(node);
                }
            }
            if (nanos == 0 || !told || changes != since || clock.getAsLong() - file.changedAt < CHANGING_NANOS) {
                return 0;
            }
            file.hasAttributes = true;
            if (!waiting.containsKey(node)) {
                remove(node);
            }
            return nanos;
        }
    }

    private void remove(final long node) {
        files.remove(node);
        empty = files.isEmpty();
    }

    /** The kernel is about to be given data; returns whether the file is here. */
    boolean givePages(final long node) {
        if (empty) {
            return false;
        }
        synchronized (this) {
            final File file = files.get(node);
            if (file != null) {
                file.hasPages = true;
            }
            return file != null;
        }
    }

    /**
     * Whether data that the host gave show another size than the kernel was told.
     *
     * @param end the offset behind the data, in bytes
     * @param isEnd whether there were no more
     */
    synchronized boolean isOtherSize(final long node, final long end, final boolean isEnd) {
        final File file = files.get(node);
        return file != null && file.size != NEVER_TOLD && (end > file.size || isEnd && end < file.size);
    }

    /** Whether the file is one that changes. */
    boolean isChanging(final long node) {
        if (empty) {
            return false;
        }
        synchronized (this) {
            final File file = files.get(node);
            return file != null && file.regular && clock.getAsLong() - file.changedAt < CHANGING_NANOS;
        }
    }

    /**
     * The host has told that an object changed, and the cache has forgotten it.
     *
     * @return whether the kernel is to be told now
     */
    public synchronized boolean changed(final long node) {
        changes++;
        final long now = clock.getAsLong();
        final File known = files.get(node);
        if (known == null) {
            return add(node, now);
        }
        final boolean rests = now - known.changedAt >= CHANGING_NANOS;
        known.changedAt = now;
        if (!known.regular) {
            return true;
        }
        if (rests && known.hasAttributes) {
            known.hasAttributes = false;
            known.hasPages = false;
            return true;
        }
        if ((known.hasAttributes || known.hasPages) && waiting.put(node, known) == null) {
            known.waitingSince = now;
        }
        return false;
    }

    private boolean add(final long node, final long now) {
        final File file = new File();
        file.changedAt = now;
        files.put(node, file);
        empty = false;
        if (files.size() > FILES_MAX) {
            final long oldest = files.keySet().iterator().next();
            final File dropped = files.remove(oldest);
            if (waiting.containsKey(oldest)) {
                dropped.waitingSince = now - MOST_NANOS;
            }
        }
        return true;
    }

    /**
     * Attributes of an object are not valid any more that the cache has forgotten; data are not concerned.
     *
     * @return whether the kernel is to be told
     */
    public synchronized boolean attributesChanged(final long node) {
        changes++;
        final File file = files.get(node);
        if (file == null || !file.regular) {
            return true;
        }
        final boolean tell = file.hasAttributes;
        file.hasAttributes = false;
        return tell;
    }

    /** In how many nanoseconds there may be something to be told by {@link #settle}; negative for not at all. */
    public synchronized long nanosUntilSettled() {
        if (waiting.isEmpty()) {
            return -1;
        }
        final long now = clock.getAsLong();
        long least = REST_NANOS;
        for (final File file : waiting.values()) {
            least = Math.min(least, remaining(file, now));
        }
        return Math.max(0, least);
    }

    private static long remaining(final File file, final long now) {
        return Math.min(file.changedAt + REST_NANOS - now, file.waitingSince + MOST_NANOS - now);
    }

    /**
     * Hands the files of which the kernel has to be told, because they have come to rest, to {@code tell}.
     *
     * @param all whether those that go on changing are handed over, too
     */
    public void settle(final boolean all, final LongConsumer tell) {
        while (true) {
            final long node;
            synchronized (this) {
                node = takeSettled(all);
            }
            if (node == 0) {
                return;
            }
            tell.accept(node);
        }
    }

    private long takeSettled(final boolean all) {
        final long now = clock.getAsLong();
        for (final Map.Entry<Long, File> entry : waiting.entrySet()) {
            final File file = entry.getValue();
            if (all || remaining(file, now) <= 0) {
                final long node = entry.getKey();
                waiting.remove(node);
                file.hasAttributes = false;
                file.hasPages = false;
                return node;
            }
        }
        return 0;
    }
}
