package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * READ, READDIR and READDIRPLUS. Kernel: {@code struct fuse_read_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | handle u64                                    |
 *      +-----------------------------------------------+
 *    8 | offset u64                                    |
 *      +-----------------------------------------------+
 *   16 | size u32              | readFlags u32         |
 *      +-----------------------------------------------+
 *   24 | lockOwner u64                                 |
 *      +-----------------------------------------------+
 *   32 | flags u32             | (zero)                |
 *      +-----------------------------------------------+
 *   40
 * </pre>
 */
public final class ReadIn {
    private static final int HANDLE = InHeader.SIZE;
    private static final int OFFSET = InHeader.SIZE + 8;
    private static final int SIZE_BYTES = InHeader.SIZE + 16;
    private static final int READ_FLAGS = InHeader.SIZE + 20;
    private static final int LOCK_OWNER = InHeader.SIZE + 24;
    private static final int FLAGS = InHeader.SIZE + 32;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 40;

    private ReadIn() {}

    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }

    public static long offset(final ByteBuffer request) {
        return request.getLong(OFFSET);
    }

    public static int size(final ByteBuffer request) {
        return request.getInt(SIZE_BYTES);
    }

    public static int readFlags(final ByteBuffer request) {
        return request.getInt(READ_FLAGS);
    }

    public static long lockOwner(final ByteBuffer request) {
        return request.getLong(LOCK_OWNER);
    }

    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }
}
