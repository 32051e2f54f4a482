package io.transfuse.host.node;

import io.transfuse.host.posix.StatBuffer;
import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.FileMode;

/** The nodes of a session by the objects that they stand for: a hash table that makes no garbage. Guarded by the lock of {@link NodeTable}. */
final class NodesByIdentity {
    private static final int LEAST_BUCKETS = 1024;

    /** The first nodes of chains, by {@link Node#nextOfHash}; a power of two of them. */
    private Node[] buckets = new Node[LEAST_BUCKETS];

    private int size;

    /** The node of the object that was just looked at, or null. */
    Node find(final StatBuffer stat) {
        Node node = buckets[bucket(stat.dev(), stat.ino())];
        while (node != null && !node.is(stat)) {
            node = node.nextOfHash;
        }
        return node;
    }

    /** The node of the object of this identity and type (of {@link FileMode}), or null. */
    Node find(final WatchTable.Identity identity, final int type) {
        Node node = buckets[bucket(identity.dev(), identity.ino())];
        while (node != null && !(node.type == type && node.identity().equals(identity))) {
            node = node.nextOfHash;
        }
        return node;
    }

    /** The node of the object that a node of another table stands for, or null. */
    Node find(final Node other) {
        Node node = buckets[bucket(other.dev, other.ino)];
        while (node != null
                && (node.ino != other.ino
                        || node.dev != other.dev
                        || node.birth != other.birth
                        || node.type != other.type)) {
            node = node.nextOfHash;
        }
        return node;
    }

    void add(final Node node) {
        size++;
        if (size > buckets.length) {
            final Node[] old = buckets;
            buckets = new Node[old.length * 2];
            for (final Node chain : old) {
                Node next;
                for (Node moving = chain; moving != null; moving = next) {
                    next = moving.nextOfHash;
                    chain(moving);
                }
            }
        }
        chain(node);
    }

    private void chain(final Node node) {
        final int bucket = bucket(node.dev, node.ino);
        node.nextOfHash = buckets[bucket];
        buckets[bucket] = node;
    }

    /** Takes a node out, if it is there. */
    void remove(final Node node) {
        final int bucket = bucket(node.dev, node.ino);
        if (buckets[bucket] == node) {
            buckets[bucket] = node.nextOfHash;
            size--;
            return;
        }
        Node before = buckets[bucket];
        while (before != null && before.nextOfHash != node) {
            before = before.nextOfHash;
        }
        if (before != null) {
            before.nextOfHash = node.nextOfHash;
            size--;
        }
    }

    private int bucket(final long dev, final long ino) {
        return (int) ((ino * 31 + dev) * 0x9e3779b97f4a7c15L >>> 32) & buckets.length - 1;
    }
}
