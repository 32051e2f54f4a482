package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * FALLOCATE. Kernel: {@code struct fuse_fallocate_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | handle u64                                    |
 *      +-----------------------------------------------+
 *    8 | offset u64                                    |
 *      +-----------------------------------------------+
 *   16 | length u64                                    |
 *      +-----------------------------------------------+
 *   24 | mode u32              | (zero)                |
 *      +-----------------------------------------------+
 *   32
 * </pre>
 */
public final class FallocateIn {
    private static final int HANDLE = InHeader.SIZE;
    private static final int OFFSET = InHeader.SIZE + 8;
    private static final int LENGTH = InHeader.SIZE + 16;
    private static final int MODE = InHeader.SIZE + 24;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 32;

    private FallocateIn() {}

    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }

    public static long offset(final ByteBuffer request) {
        return request.getLong(OFFSET);
    }

    public static long length(final ByteBuffer request) {
        return request.getLong(LENGTH);
    }

    /** FALLOC_FL_ bits of fallocate(2). */
    public static int mode(final ByteBuffer request) {
        return request.getInt(MODE);
    }
}
