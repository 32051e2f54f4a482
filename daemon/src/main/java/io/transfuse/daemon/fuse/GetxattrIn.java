package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * GETXATTR and LISTXATTR. Kernel: {@code struct fuse_getxattr_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | size u32              | (zero)                |
 *      +-----------------------------------------------+
 *    8 GETXATTR: name, NUL
 * </pre>
 */
public final class GetxattrIn {
    private static final int SIZE_BYTES = InHeader.SIZE;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 8;

    private GetxattrIn() {}

    /** Bytes of the caller's buffer; 0 asks for the size. */
    public static int size(final ByteBuffer request) {
        return request.getInt(SIZE_BYTES);
    }
}
