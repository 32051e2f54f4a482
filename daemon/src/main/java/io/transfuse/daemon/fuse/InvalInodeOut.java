package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * The notification that what the kernel remembers of a node is stale. With {@code offset} below 0 it forgets the
 * attributes only and takes no lock that a request in flight may hold, so that any thread may send it. Kernel:
 * {@code struct fuse_notify_inval_inode_out}, {@code fuse_reverse_inval_inode}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | fuse_out_header with the code in error        |
 *      +-----------------------------------------------+
 *   16 | node u64                                      |
 *      +-----------------------------------------------+
 *   24 | offset i64                                    |
 *      +-----------------------------------------------+
 *   32 | length i64                                    |
 *      +-----------------------------------------------+
 *   40
 * </pre>
 */
public final class InvalInodeOut {
    private static final int CODE = 2;
    private static final int NODE = OutHeader.SIZE;
    private static final int OFFSET = NODE + 8;
    private static final int LENGTH = OFFSET + 8;
    private static final long ATTRIBUTES_ONLY = -1;

    /** Bytes of the notification, the header included. */
    public static final int SIZE = LENGTH + 8;

    private InvalInodeOut() {}

    /** Writes the notification that the attributes of {@code node} are stale at index 0. */
    public static void putAttributes(final ByteBuffer out, final long node) {
        put(out, node, ATTRIBUTES_ONLY);
    }

    /**
     * Writes the notification that attributes and data, or listing, of {@code node} are stale at index 0. The kernel
     * waits for reads and writes in flight, so that no thread that answers requests may send it.
     */
    public static void putAll(final ByteBuffer out, final long node) {
        put(out, node, 0);
    }

    private static void put(final ByteBuffer out, final long node, final long offset) {
        OutHeader.putNotification(out, 0, SIZE, CODE);
        out.putLong(NODE, node);
        out.putLong(OFFSET, offset);
        out.putLong(LENGTH, 0);
    }
}
