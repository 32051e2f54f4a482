package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * STATX, since 7.39. Kernel: {@code struct fuse_statx_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | flags u32             | (zero)                |
 *      +-----------------------------------------------+
 *    8 | handle u64                                    |
 *      +-----------------------------------------------+
 *   16 | statxFlags u32        | mask u32              |
 *      +-----------------------------------------------+
 *   24
 * </pre>
 */
public final class StatxIn {
    private static final int FLAGS = InHeader.SIZE;
    private static final int HANDLE = InHeader.SIZE + 8;
    private static final int STATX_FLAGS = InHeader.SIZE + 16;
    private static final int MASK = InHeader.SIZE + 20;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 24;

    private StatxIn() {}

    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }

    /** Valid with {@link GetattrIn#HANDLE_VALID} only. */
    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }

    /** AT_STATX_ flags of the caller. */
    public static int statxFlags(final ByteBuffer request) {
        return request.getInt(STATX_FLAGS);
    }

    /** STATX_ bits of the fields that the caller wants. */
    public static int mask(final ByteBuffer request) {
        return request.getInt(MASK);
    }
}
