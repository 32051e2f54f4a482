package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * Reply of STATFS. Kernel: {@code struct fuse_kstatfs}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | blocks u64                                    |
 *      +-----------------------------------------------+
 *    8 | blocksFree u64                                |
 *      +-----------------------------------------------+
 *   16 | blocksAvailable u64                           |
 *      +-----------------------------------------------+
 *   24 | files u64                                     |
 *      +-----------------------------------------------+
 *   32 | filesFree u64                                 |
 *      +-----------------------------------------------+
 *   40 | blockSize u32         | nameMax u32           |
 *      +-----------------------------------------------+
 *   48 | fragmentSize u32      | (zero)                |
 *      +-----------------------------------------------+
 *   56 | (zero)                                        |
 *      +-----------------------------------------------+
 *   64 | (zero)                                        |
 *      +-----------------------------------------------+
 *   72 | (zero)                                        |
 *      +-----------------------------------------------+
 *   80
 * </pre>
 */
public final class StatfsOut {
    private static final int BLOCKS = 0;
    private static final int BLOCKS_FREE = 8;
    private static final int BLOCKS_AVAILABLE = 16;
    private static final int FILES = 24;
    private static final int FILES_FREE = 32;
    private static final int BLOCK_SIZE = 40;
    private static final int NAME_MAX = 44;
    private static final int FRAGMENT_SIZE = 48;

    /** Bytes of the structure. */
    public static final int SIZE = 80;

    private StatfsOut() {}

    /** Writes the structure at index {@code at}. */
    public static void put(
            final ByteBuffer out,
            final int at,
            final long blocks,
            final long blocksFree,
            final long blocksAvailable,
            final long files,
            final long filesFree,
            final int blockSize,
            final int nameMax,
            final int fragmentSize) {
        out.putLong(at + BLOCKS, blocks);
        out.putLong(at + BLOCKS_FREE, blocksFree);
        out.putLong(at + BLOCKS_AVAILABLE, blocksAvailable);
        out.putLong(at + FILES, files);
        out.putLong(at + FILES_FREE, filesFree);
        out.putInt(at + BLOCK_SIZE, blockSize);
        out.putInt(at + NAME_MAX, nameMax);
        out.putInt(at + FRAGMENT_SIZE, fragmentSize);
        Zero.fill(out, at + 52, at + 80);
    }

    public static long blocks(final ByteBuffer out, final int at) {
        return out.getLong(at + BLOCKS);
    }

    public static long blocksFree(final ByteBuffer out, final int at) {
        return out.getLong(at + BLOCKS_FREE);
    }

    public static long blocksAvailable(final ByteBuffer out, final int at) {
        return out.getLong(at + BLOCKS_AVAILABLE);
    }

    public static long files(final ByteBuffer out, final int at) {
        return out.getLong(at + FILES);
    }

    public static long filesFree(final ByteBuffer out, final int at) {
        return out.getLong(at + FILES_FREE);
    }

    public static int blockSize(final ByteBuffer out, final int at) {
        return out.getInt(at + BLOCK_SIZE);
    }

    public static int nameMax(final ByteBuffer out, final int at) {
        return out.getInt(at + NAME_MAX);
    }

    public static int fragmentSize(final ByteBuffer out, final int at) {
        return out.getInt(at + FRAGMENT_SIZE);
    }
}
