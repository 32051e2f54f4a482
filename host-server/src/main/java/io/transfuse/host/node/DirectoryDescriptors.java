package io.transfuse.host.node;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Bounds how many directories hold a descriptor: at the limit the one that has not been used for longest, about, gives
 * its up (a clock with one hand). Guarded by the lock of {@link NodeTable}.
 */
final class DirectoryDescriptors {
    private final int limit;
    private final ArrayDeque<Node> open = new ArrayDeque<>();

    DirectoryDescriptors(final int limit) {
        this.limit = limit;
    }

    /** Registers a directory that has just got its descriptor; may take another's away. */
    void add(final Node node) {
        node.recentlyUsed = true;
        open.addLast(node);
        for (int tries = open.size() * 2; open.size() > limit && tries > 0; tries--) {
            final Node oldest = open.removeFirst();
            final Descriptor descriptor = oldest.descriptor;
            if (descriptor == null) {
                continue;
            }
            if (oldest.recentlyUsed || descriptor.inUse() || oldest.place == null) {
                oldest.recentlyUsed = false;
                open.addLast(oldest);
            } else {
                oldest.descriptor = null;
                descriptor.doom();
            }
        }
    }

    void forEach(final Consumer<Node> action) {
        open.forEach(action);
    }
}
