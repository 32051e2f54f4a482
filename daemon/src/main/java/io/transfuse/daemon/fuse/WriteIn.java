package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * WRITE. Kernel: {@code struct fuse_write_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | handle u64                                    |
 *      +-----------------------------------------------+
 *    8 | offset u64                                    |
 *      +-----------------------------------------------+
 *   16 | size u32              | writeFlags u32        |
 *      +-----------------------------------------------+
 *   24 | lockOwner u64                                 |
 *      +-----------------------------------------------+
 *   32 | flags u32             | (zero)                |
 *      +-----------------------------------------------+
 *   40 data
 * </pre>
 */
public final class WriteIn {
    private static final int HANDLE = InHeader.SIZE;
    private static final int OFFSET = InHeader.SIZE + 8;
    private static final int SIZE_BYTES = InHeader.SIZE + 16;
    private static final int WRITE_FLAGS = InHeader.SIZE + 20;
    private static final int LOCK_OWNER = InHeader.SIZE + 24;
    private static final int FLAGS = InHeader.SIZE + 32;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 40;

    /** FUSE_WRITE_CACHE in {@code writeFlags}: from the page cache, through a handle that the kernel guessed. */
    public static final int CACHE = 1;

    /** FUSE_WRITE_KILL_SUIDGID in {@code writeFlags}: clear the set-id bits. */
    public static final int KILL_SUIDGID = 1 << 2;

    private WriteIn() {}

    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }

    public static long offset(final ByteBuffer request) {
        return request.getLong(OFFSET);
    }

    public static int size(final ByteBuffer request) {
        return request.getInt(SIZE_BYTES);
    }

    public static int writeFlags(final ByteBuffer request) {
        return request.getInt(WRITE_FLAGS);
    }

    public static long lockOwner(final ByteBuffer request) {
        return request.getLong(LOCK_OWNER);
    }

    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }
}
