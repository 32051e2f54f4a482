package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * MKNOD. Kernel: {@code struct fuse_mknod_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | mode u32              | rdev u32              |
 *      +-----------------------------------------------+
 *    8 | umask u32             | (zero)                |
 *      +-----------------------------------------------+
 *   16 name, NUL
 * </pre>
 */
public final class MknodIn {
    private static final int MODE = InHeader.SIZE;
    private static final int RDEV = InHeader.SIZE + 4;
    private static final int UMASK = InHeader.SIZE + 8;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 16;

    private MknodIn() {}

    /** Type and permission bits; the umask has been applied. */
    public static int mode(final ByteBuffer request) {
        return request.getInt(MODE);
    }

    public static int rdev(final ByteBuffer request) {
        return request.getInt(RDEV);
    }

    public static int umask(final ByteBuffer request) {
        return request.getInt(UMASK);
    }
}
