package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * FLUSH. Kernel: {@code struct fuse_flush_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | handle u64                                    |
 *      +-----------------------------------------------+
 *    8 | (zero)                                        |
 *      +-----------------------------------------------+
 *   16 | lockOwner u64                                 |
 *      +-----------------------------------------------+
 *   24
 * </pre>
 */
public final class FlushIn {
    private static final int HANDLE = InHeader.SIZE;
    private static final int LOCK_OWNER = InHeader.SIZE + 16;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 24;

    private FlushIn() {}

    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }

    public static long lockOwner(final ByteBuffer request) {
        return request.getLong(LOCK_OWNER);
    }
}
