package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * Reply of GETXATTR and LISTXATTR with size 0. Kernel: {@code struct fuse_getxattr_out}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | size u32              | (zero)                |
 *      +-----------------------------------------------+
 *    8
 * </pre>
 */
public final class GetxattrOut {
    private static final int SIZE_BYTES = 0;

    /** Bytes of the structure. */
    public static final int SIZE = 8;

    private GetxattrOut() {}

    /** Writes the structure at index {@code at}. */
    public static void put(final ByteBuffer out, final int at, final int size) {
        out.putInt(at + SIZE_BYTES, size);
        out.putInt(at + 4, 0);
    }

    public static int size(final ByteBuffer out, final int at) {
        return out.getInt(at + SIZE_BYTES);
    }
}
