package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * CREATE and TMPFILE. Kernel: {@code struct fuse_create_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | flags u32             | mode u32              |
 *      +-----------------------------------------------+
 *    8 | umask u32             | openFlags u32         |
 *      +-----------------------------------------------+
 *   16 name, NUL
 * </pre>
 */
public final class CreateIn {
    private static final int FLAGS = InHeader.SIZE;
    private static final int MODE = InHeader.SIZE + 4;
    private static final int UMASK = InHeader.SIZE + 8;
    private static final int OPEN_FLAGS = InHeader.SIZE + 12;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 16;

    private CreateIn() {}

    /** The caller's O_ flags. */
    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }

    /** Type and permission bits; the umask has been applied. */
    public static int mode(final ByteBuffer request) {
        return request.getInt(MODE);
    }

    public static int umask(final ByteBuffer request) {
        return request.getInt(UMASK);
    }

    /** {@link OpenIn#KILL_SUIDGID} or 0. */
    public static int openFlags(final ByteBuffer request) {
        return request.getInt(OPEN_FLAGS);
    }
}
