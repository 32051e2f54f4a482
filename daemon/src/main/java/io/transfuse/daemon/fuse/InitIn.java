package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * INIT: what the kernel can do. Kernel: {@code struct fuse_init_in}, of which kernels before 7.36 send 16 bytes
 * only.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | major u32             | minor u32             |
 *      +-----------------------------------------------+
 *    8 | maxReadahead u32      | flags u32             |
 *      +-----------------------------------------------+
 *   16 flags2 u32, with the bit INIT_EXT in flags
 * </pre>
 */
public final class InitIn {
    private static final int MAJOR = InHeader.SIZE;
    private static final int MINOR = InHeader.SIZE + 4;
    private static final int MAX_READAHEAD = InHeader.SIZE + 8;
    private static final int FLAGS = InHeader.SIZE + 12;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 16;

    private InitIn() {}

    public static int major(final ByteBuffer request) {
        return request.getInt(MAJOR);
    }

    public static int minor(final ByteBuffer request) {
        return request.getInt(MINOR);
    }

    public static int maxReadahead(final ByteBuffer request) {
        return request.getInt(MAX_READAHEAD);
    }

    /** What the kernel offers: bits of {@link InitFlags}. */
    public static long flags(final ByteBuffer request) {
        final long low = request.getInt(FLAGS) & 0xffffffffL;
        final boolean extended = (low & InitFlags.INIT_EXT) != 0 && InHeader.length(request) >= END + 4;
        return extended ? low | (request.getInt(END) & 0xffffffffL) << 32 : low;
    }
}
