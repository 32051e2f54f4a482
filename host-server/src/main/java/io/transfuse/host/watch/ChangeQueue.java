package io.transfuse.host.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What happened and was not told yet: from the watcher's thread, which never waits, to that of {@link EventStream}.
 * When it is full, what comes is dropped, and its last item says that changes were lost. Thread-safe.
 */
final class ChangeQueue {
    /** The end of the queue: everything is to be looked at. */
    static final Item LOST = new Item(null, null, 0, 0);

    private final int limit;
    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private boolean closed;
    private boolean woken;

    /**
     * Something to be done.
     *
     * @param change what happened; null for a re-scan
     * @param by who did it, if that is one of the subscribers
     * @param watch the directory that is to be looked at; 0 for all
     * @param since for a re-scan of what {@code by} watches: from when on it has missed changes, in nanoseconds since
     *     the epoch
     */
    record Item(Change change, WatchTable.Subscriber by, long watch, long since) {}

    /**
     * @param limit most items
     */
    ChangeQueue(final int limit) {
        this.limit = limit;
    }

    /** Appends, or notes that something is lost; false when this is the first that is. */
    synchronized boolean add(final Item item) {
        if (items.size() < limit) {
            items.add(item);
            notifyAll();
            return true;
        }
        if (LOST.equals(items.peekLast())) {
            return true;
        }
        items.add(LOST);
        return false;
    }

    /**
     * Takes the next item away.
     *
     * @param nanos how long to wait for one; 0 until {@link #wake}
     * @return null when there is none, or the queue is closed
     */
    synchronized Item poll(final long nanos) throws InterruptedException {
        await(nanos);
        return closed ? null : items.poll();
    }

    /** As {@link #poll}, without taking it away. */
    synchronized Item peek(final long nanos) throws InterruptedException {
        await(nanos);
        return closed ? null : items.peek();
    }

    private void await(final long nanos) throws InterruptedException {
        final long deadline = System.nanoTime() + nanos;
        while (items.isEmpty() && !closed) {
            if (nanos == 0) {
                if (woken) {
                    woken = false;
                    return;
                }
                wait();
                continue;
            }
            final long rest = deadline - System.nanoTime();
            if (rest <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, rest);
        }
    }

    /** The first of the next {@code count} items that is as wanted, or null. */
    synchronized Item find(final int count, final Predicate<Item> wanted) {
        final Iterator<Item> next = items.iterator();
        for (int i = 0; i < count && next.hasNext(); i++) {
            final Item item = next.next();
            if (wanted.test(item)) {
                return item;
            }
        }
        return null;
    }

    /** Drops every change that is there now, because what it tells will be found. */
    synchronized void clear() {
        items.removeIf(item -> item.by() == null || item.change() != null);
    }

    /**
     * Takes the directories away that are to be looked at, as far as nothing else stands before them, until none has come
     * for a while.
     *
     * @param pause how long that is, in nanoseconds
     */
    synchronized List<Long> pollDirectories(final long pause) throws InterruptedException {
        final List<Long> watches = new ArrayList<>();
        while (watches.size() < limit && isDirectory(peek(pause))) {
            watches.add(items.poll().watch());
        }
        return watches;
    }

    private static boolean isDirectory(final Item item) {
        return item != null && item.change() == null && item.watch() != 0;
    }

    /** Lets who waits for an item without end return. */
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Wakes who waits; nothing comes any more. */
    synchronized void close() {
        closed = true;
        items.clear();
        notifyAll();
    }
}
