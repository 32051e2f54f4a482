package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * FORGET: gives back lookups of the node of the header. Kernel: {@code struct fuse_forget_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | lookups u64                                   |
 *      +-----------------------------------------------+
 *    8
 * </pre>
 */
public final class ForgetIn {
    private static final int LOOKUPS = InHeader.SIZE;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 8;

    private ForgetIn() {}

    public static long lookups(final ByteBuffer request) {
        return request.getLong(LOOKUPS);
    }
}
