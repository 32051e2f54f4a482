package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * BATCH_FORGET: gives back lookups of many nodes. Kernel: {@code struct fuse_batch_forget_in} and {@code struct
 * fuse_forget_one}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | count u32             | (zero)                |
 *      +-----------------------------------------------+
 *    8 count times (node u64, lookups u64)
 * </pre>
 */
public final class BatchForgetIn {
    private static final int COUNT = InHeader.SIZE;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 8;

    private static final int ENTRY_SIZE = 16;

    private BatchForgetIn() {}

    /** How many pairs follow. */
    public static int count(final ByteBuffer request) {
        return request.getInt(COUNT);
    }

    /** Bytes of a request with {@code count} pairs. */
    public static long length(final int count) {
        return END + (long) count * ENTRY_SIZE;
    }

    public static long node(final ByteBuffer request, final int index) {
        return Decoy.node(request.getLong(END + index * ENTRY_SIZE));
    }

    public static long lookups(final ByteBuffer request, final int index) {
        return request.getLong(END + index * ENTRY_SIZE + 8);
    }
}
