package io.transfuse.host.node;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Bounds how many nodes hold a descriptor that they can do without: at the limit the one that has not been used for
 * longest, about, gives its up (a clock with one hand). Guarded by the lock of {@link NodeTable}.
 */
final class DescriptorClock {
    private final int limit;
    private final Consumer<Node> evicted;
    private final ArrayDeque<Node> open = new ArrayDeque<>();

    /**
     * @param limit most nodes with a descriptor at a time
     * @param evicted is told of a node that has lost its descriptor to another
     */
    DescriptorClock(final int limit, final Consumer<Node> evicted) {
        this.limit = limit;
        this.evicted = evicted;
    }

    /** Registers a node that has just got its descriptor; may take another's away. */
    void add(final Node node) {
        node.recentlyUsed = true;
        open.addLast(node);
        for (int tries = open.size() * 2; open.size() > limit && tries > 0; tries--) {
            passOne();
        }
    }

    /** Takes one descriptor away, if there is any that can be. */
    void evictOne() {
        final int before = open.size();
        for (int tries = before * 2; open.size() == before && tries > 0; tries--) {
            passOne();
        }
    }

    /** The hand passes the oldest: it loses its descriptor, or becomes the youngest. */
    private void passOne() {
        final Node oldest = open.removeFirst();
        final Descriptor descriptor = oldest.descriptor;
        if (descriptor == null || oldest.kept) {
            return;
        }
        if (oldest.recentlyUsed || descriptor.inUse() || oldest.place == null) {
            oldest.recentlyUsed = false;
            open.addLast(oldest);
        } else {
            oldest.descriptor = null;
            descriptor.doom();
            evicted.accept(oldest);
        }
    }

    /** Takes every descriptor away. */
    void evictAll() {
        for (final Node node : open) {
            final Descriptor descriptor = node.descriptor;
            if (descriptor != null && !node.kept) {
                node.descriptor = null;
                descriptor.doom();
                evicted.accept(node);
            }
        }
        open.clear();
    }

    void forEach(final Consumer<Node> action) {
        open.forEach(action);
    }
}
