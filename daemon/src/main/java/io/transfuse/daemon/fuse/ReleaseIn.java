package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * RELEASE and RELEASEDIR. Kernel: {@code struct fuse_release_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | handle u64                                    |
 *      +-----------------------------------------------+
 *    8 | flags u32             | releaseFlags u32      |
 *      +-----------------------------------------------+
 *   16 | lockOwner u64                                 |
 *      +-----------------------------------------------+
 *   24
 * </pre>
 */
public final class ReleaseIn {
    private static final int HANDLE = InHeader.SIZE;
    private static final int FLAGS = InHeader.SIZE + 8;
    private static final int RELEASE_FLAGS = InHeader.SIZE + 12;
    private static final int LOCK_OWNER = InHeader.SIZE + 16;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 24;

    /** FUSE_RELEASE_FLOCK_UNLOCK in {@code releaseFlags}: the BSD lock of the handle ends. */
    public static final int FLOCK_UNLOCK = 1 << 1;

    private ReleaseIn() {}

    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }

    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }

    public static int releaseFlags(final ByteBuffer request) {
        return request.getInt(RELEASE_FLAGS);
    }

    public static long lockOwner(final ByteBuffer request) {
        return request.getLong(LOCK_OWNER);
    }
}
