package io.transfuse.daemon.mount;

import io.transfuse.cache.Name;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What the kernel is to be told, in order. What is in it already is not put in again; what is too much becomes
 * "everything", which is told before any action that waits for it. So its memory is bounded, and nothing is dropped
 * silently. Nobody waits to put something in. Thread-safe.
 */
final class NotificationQueue {
    /** What is to be told. */
    enum Kind {
        /** Something else may stand at a name. */
        NAME,
        /** As NAME, where the same object may well stand there still. */
        DOUBTFUL_NAME,
        /** Attributes and data of an object. */
        OBJECT,
        /** Attributes of an object. */
        ATTRIBUTES,
        /** Every name that was ever given. */
        EVERY_NAME,
        /** Everything that was ever given. */
        EVERYTHING
    }

    /** One element. */
    interface Item {}

    /**
     * Something to be told.
     *
     * @param node 0 where the kind has none
     * @param name null where the kind has none
     */
    record Notification(Kind kind, long node, Name name) implements Item {}

    /** Something to be done when all before has been told. */
    record Action(Runnable what) implements Item {}

    private static final Notification EVERYTHING = new Notification(Kind.EVERYTHING, 0, null);

    private final int notificationsMax;
    private final int actionsMax;
    private final Runnable overflow;
    private final Deque<Item> items = new ArrayDeque<>();
    private final Set<Notification> pending = new HashSet<>();
    private boolean woken;

    /**
     * @param notificationsMax how many notifications may wait
     * @param actionsMax how many actions may wait
     * @param overflow called when notifications were too many and became "everything"; must not wait
     */
    NotificationQueue(final int notificationsMax, final int actionsMax, final Runnable overflow) {
        this.notificationsMax = notificationsMax;
        this.actionsMax = actionsMax;
        this.overflow = overflow;
    }

    /** The kernel is to be told. */
    synchronized void add(final Kind kind, final long node, final Name name) {
        final Notification notification = new Notification(kind, node, name);
        // What waits will be told later than now: that does for both.
        if (pending.contains(notification)
                || kind == Kind.ATTRIBUTES && pending.contains(new Notification(Kind.OBJECT, node, null))) {
            return;
        }
        if (pending.size() >= notificationsMax) {
            items.removeIf(item -> item instanceof Notification);
            pending.clear();
            // First, so that no action comes before what it waits for.
            items.addFirst(EVERYTHING);
            pending.add(EVERYTHING);
            overflow.run();
        } else {
            items.addLast(notification);
            pending.add(notification);
        }
        notifyAll();
    }

    /**
     * Something is to be done when everything so far has been told.
     *
     * @return false if too much waits already: it is not done then
     */
    synchronized boolean addAction(final Runnable what) {
        if (items.size() - pending.size() >= actionsMax) {
            return false;
        }
        items.addLast(new Action(what));
        notifyAll();
        return true;
    }

    /** Whoever waits in {@link #take} returns. */
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /**
     * Takes the next element.
     *
     * @param nanos how long to wait for one; negative for as long as it takes
     * @return null if there was none in that time, or somebody called {@link #wake}
     */
    synchronized Item take(final long nanos) throws InterruptedException {
        final long deadline = System.nanoTime() + nanos;
        while (items.isEmpty() && !woken) {
            if (nanos < 0) {
                wait();
                continue;
            }
            final long rest = deadline - System.nanoTime();
            if (rest <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, rest);
        }
        woken = false;
        final Item item = items.pollFirst();
        if (item instanceof Notification) {
            pending.remove(item);
        }
        return item;
    }

    /** How many elements wait. */
    synchronized int size() {
        return items.size();
    }
}
