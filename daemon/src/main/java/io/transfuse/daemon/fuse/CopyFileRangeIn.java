package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * COPY_FILE_RANGE and, since 7.45, COPY_FILE_RANGE_64. Kernel: {@code struct fuse_copy_file_range_in}. The source
 * is the node of the header.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | handleIn u64                                  |
 *      +-----------------------------------------------+
 *    8 | offsetIn u64                                  |
 *      +-----------------------------------------------+
 *   16 | nodeOut u64                                   |
 *      +-----------------------------------------------+
 *   24 | handleOut u64                                 |
 *      +-----------------------------------------------+
 *   32 | offsetOut u64                                 |
 *      +-----------------------------------------------+
 *   40 | length u64                                    |
 *      +-----------------------------------------------+
 *   48 | flags u64                                     |
 *      +-----------------------------------------------+
 *   56
 * </pre>
 */
public final class CopyFileRangeIn {
    private static final int HANDLE_IN = InHeader.SIZE;
    private static final int OFFSET_IN = InHeader.SIZE + 8;
    private static final int NODE_OUT = InHeader.SIZE + 16;
    private static final int HANDLE_OUT = InHeader.SIZE + 24;
    private static final int OFFSET_OUT = InHeader.SIZE + 32;
    private static final int LENGTH = InHeader.SIZE + 40;
    private static final int FLAGS = InHeader.SIZE + 48;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 56;

    private CopyFileRangeIn() {}

    public static long handleIn(final ByteBuffer request) {
        return request.getLong(HANDLE_IN);
    }

    public static long offsetIn(final ByteBuffer request) {
        return request.getLong(OFFSET_IN);
    }

    public static long nodeOut(final ByteBuffer request) {
        return request.getLong(NODE_OUT);
    }

    public static long handleOut(final ByteBuffer request) {
        return request.getLong(HANDLE_OUT);
    }

    public static long offsetOut(final ByteBuffer request) {
        return request.getLong(OFFSET_OUT);
    }

    public static long length(final ByteBuffer request) {
        return request.getLong(LENGTH);
    }

    public static long flags(final ByteBuffer request) {
        return request.getLong(FLAGS);
    }
}
