package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * GETATTR. Kernel: {@code struct fuse_getattr_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | flags u32             | (zero)                |
 *      +-----------------------------------------------+
 *    8 | handle u64                                    |
 *      +-----------------------------------------------+
 *   16
 * </pre>
 */
public final class GetattrIn {
    private static final int FLAGS = InHeader.SIZE;
    private static final int HANDLE = InHeader.SIZE + 8;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 16;

    /** FUSE_GETATTR_FH: the handle is valid. */
    public static final int HANDLE_VALID = 1;

    private GetattrIn() {}

    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }

    /** Valid with {@link #HANDLE_VALID} only. */
    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }
}
