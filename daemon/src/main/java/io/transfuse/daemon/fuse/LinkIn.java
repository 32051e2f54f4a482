package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * LINK. Kernel: {@code struct fuse_link_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | oldNode u64                                   |
 *      +-----------------------------------------------+
 *    8 new name, NUL
 * </pre>
 */
public final class LinkIn {
    private static final int OLD_NODE = InHeader.SIZE;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 8;

    private LinkIn() {}

    public static long oldNode(final ByteBuffer request) {
        return Decoy.node(request.getLong(OLD_NODE));
    }
}
