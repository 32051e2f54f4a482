package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * SETXATTR as it is without the feature SETXATTR_EXT. Kernel: {@code struct fuse_setxattr_in} up to
 * FUSE_COMPAT_SETXATTR_IN_SIZE.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | size u32              | flags u32             |
 *      +-----------------------------------------------+
 *    8 name, NUL, value
 * </pre>
 */
public final class SetxattrIn {
    private static final int SIZE_BYTES = InHeader.SIZE;
    private static final int FLAGS = InHeader.SIZE + 4;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 8;

    private SetxattrIn() {}

    /** Bytes of the value. */
    public static int size(final ByteBuffer request) {
        return request.getInt(SIZE_BYTES);
    }

    /** XATTR_ flags of setxattr(2). */
    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }
}
