package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * Reply of INIT. Kernel: {@code struct fuse_init_out}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | major u32             | minor u32             |
 *      +-----------------------------------------------+
 *    8 | maxReadahead u32      | flags u32             |
 *      +-----------------------------------------------+
 *   16 | maxBackgro| congestion| maxWrite u32          |
 *      +-----------------------------------------------+
 *   24 | timeGranularity u32   | maxPages u| mapAlignme|
 *      +-----------------------------------------------+
 *   32 | flags2 u32            | maxStackDepth u32     |
 *      +-----------------------------------------------+
 *   40 | requestTim| (zero)                            |
 *      +-----------------------------------------------+
 *   48 | (zero)                                        |
 *      +-----------------------------------------------+
 *   56 | (zero)                                        |
 *      +-----------------------------------------------+
 *   64
 * </pre>
 */
public final class InitOut {
    private static final int MAJOR = 0;
    private static final int MINOR = 4;
    private static final int MAX_READAHEAD = 8;
    private static final int FLAGS = 12;
    private static final int MAX_BACKGROUND = 16;
    private static final int CONGESTION_THRESHOLD = 18;
    private static final int MAX_WRITE = 20;
    private static final int TIME_GRANULARITY = 24;
    private static final int MAX_PAGES = 28;
    private static final int MAP_ALIGNMENT = 30;
    private static final int FLAGS2 = 32;
    private static final int MAX_STACK_DEPTH = 36;
    private static final int REQUEST_TIMEOUT = 40;

    /** Bytes of the structure. */
    public static final int SIZE = 64;

    private InitOut() {}

    /** Writes the structure at index {@code at}. */
    public static void put(
            final ByteBuffer out,
            final int at,
            final int major,
            final int minor,
            final int maxReadahead,
            final int flags,
            final int maxBackground,
            final int congestionThreshold,
            final int maxWrite,
            final int timeGranularity,
            final int maxPages,
            final int mapAlignment,
            final int flags2,
            final int maxStackDepth,
            final int requestTimeout) {
        out.putInt(at + MAJOR, major);
        out.putInt(at + MINOR, minor);
        out.putInt(at + MAX_READAHEAD, maxReadahead);
        out.putInt(at + FLAGS, flags);
        out.putShort(at + MAX_BACKGROUND, (short) maxBackground);
        out.putShort(at + CONGESTION_THRESHOLD, (short) congestionThreshold);
        out.putInt(at + MAX_WRITE, maxWrite);
        out.putInt(at + TIME_GRANULARITY, timeGranularity);
        out.putShort(at + MAX_PAGES, (short) maxPages);
        out.putShort(at + MAP_ALIGNMENT, (short) mapAlignment);
        out.putInt(at + FLAGS2, flags2);
        out.putInt(at + MAX_STACK_DEPTH, maxStackDepth);
        out.putShort(at + REQUEST_TIMEOUT, (short) requestTimeout);
        Zero.fill(out, at + 42, at + 64);
    }

    public static int major(final ByteBuffer out, final int at) {
        return out.getInt(at + MAJOR);
    }

    public static int minor(final ByteBuffer out, final int at) {
        return out.getInt(at + MINOR);
    }

    public static int maxReadahead(final ByteBuffer out, final int at) {
        return out.getInt(at + MAX_READAHEAD);
    }

    public static int flags(final ByteBuffer out, final int at) {
        return out.getInt(at + FLAGS);
    }

    public static int maxBackground(final ByteBuffer out, final int at) {
        return out.getShort(at + MAX_BACKGROUND) & 0xffff;
    }

    public static int congestionThreshold(final ByteBuffer out, final int at) {
        return out.getShort(at + CONGESTION_THRESHOLD) & 0xffff;
    }

    public static int maxWrite(final ByteBuffer out, final int at) {
        return out.getInt(at + MAX_WRITE);
    }

    /** In nanoseconds. */
    public static int timeGranularity(final ByteBuffer out, final int at) {
        return out.getInt(at + TIME_GRANULARITY);
    }

    public static int maxPages(final ByteBuffer out, final int at) {
        return out.getShort(at + MAX_PAGES) & 0xffff;
    }

    public static int mapAlignment(final ByteBuffer out, final int at) {
        return out.getShort(at + MAP_ALIGNMENT) & 0xffff;
    }

    public static int flags2(final ByteBuffer out, final int at) {
        return out.getInt(at + FLAGS2);
    }

    public static int maxStackDepth(final ByteBuffer out, final int at) {
        return out.getInt(at + MAX_STACK_DEPTH);
    }

    public static int requestTimeout(final ByteBuffer out, final int at) {
        return out.getShort(at + REQUEST_TIMEOUT) & 0xffff;
    }
}
