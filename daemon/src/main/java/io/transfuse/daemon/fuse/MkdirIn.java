package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * MKDIR. Kernel: {@code struct fuse_mkdir_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | mode u32              | umask u32             |
 *      +-----------------------------------------------+
 *    8 name, NUL
 * </pre>
 */
public final class MkdirIn {
    private static final int MODE = InHeader.SIZE;
    private static final int UMASK = InHeader.SIZE + 4;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 8;

    private MkdirIn() {}

    /** Permission bits; the umask has been applied. */
    public static int mode(final ByteBuffer request) {
        return request.getInt(MODE);
    }

    public static int umask(final ByteBuffer request) {
        return request.getInt(UMASK);
    }
}
