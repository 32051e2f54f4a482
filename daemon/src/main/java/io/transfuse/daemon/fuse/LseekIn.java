package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * LSEEK, for SEEK_DATA and SEEK_HOLE. Kernel: {@code struct fuse_lseek_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | handle u64                                    |
 *      +-----------------------------------------------+
 *    8 | offset u64                                    |
 *      +-----------------------------------------------+
 *   16 | whence u32            | (zero)                |
 *      +-----------------------------------------------+
 *   24
 * </pre>
 */
public final class LseekIn {
    private static final int HANDLE = InHeader.SIZE;
    private static final int OFFSET = InHeader.SIZE + 8;
    private static final int WHENCE = InHeader.SIZE + 16;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 24;

    /** SEEK_DATA of lseek(2). */
    public static final int SEEK_DATA = 3;

    /** SEEK_HOLE of lseek(2). */
    public static final int SEEK_HOLE = 4;

    private LseekIn() {}

    public static long handle(final ByteBuffer request) {
        return request.getLong(HANDLE);
    }

    public static long offset(final ByteBuffer request) {
        return request.getLong(OFFSET);
    }

    public static int whence(final ByteBuffer request) {
        return request.getInt(WHENCE);
    }
}
