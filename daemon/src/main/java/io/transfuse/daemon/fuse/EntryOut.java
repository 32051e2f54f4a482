package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * Reply of LOOKUP and of what makes an object: node, how long name and attributes may be cached, attributes.
 * Kernel: {@code struct fuse_entry_out}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | node u64                                      |
 *      +-----------------------------------------------+
 *    8 | generation u64                                |
 *      +-----------------------------------------------+
 *   16 | entrySeconds u64                              |
 *      +-----------------------------------------------+
 *   24 | attrSeconds u64                               |
 *      +-----------------------------------------------+
 *   32 | entryNanos u32        | attrNanos u32         |
 *      +-----------------------------------------------+
 *   40 Attr
 * </pre>
 */
public final class EntryOut {
    private static final int NODE = 0;
    private static final int GENERATION = 8;
    private static final int ENTRY_SECONDS = 16;
    private static final int ATTR_SECONDS = 24;
    private static final int ENTRY_NANOS = 32;
    private static final int ATTR_NANOS = 36;

    /** Bytes of the structure. */
    public static final int SIZE = 40;

    private EntryOut() {}

    /** Writes the structure at index {@code at}. */
    public static void put(
            final ByteBuffer out,
            final int at,
            final long node,
            final long generation,
            final long entrySeconds,
            final long attrSeconds,
            final int entryNanos,
            final int attrNanos) {
        out.putLong(at + NODE, node);
        out.putLong(at + GENERATION, generation);
        out.putLong(at + ENTRY_SECONDS, entrySeconds);
        out.putLong(at + ATTR_SECONDS, attrSeconds);
        out.putInt(at + ENTRY_NANOS, entryNanos);
        out.putInt(at + ATTR_NANOS, attrNanos);
    }

    /** 0 says that the name is absent, for as long as the entry is valid. */
    public static long node(final ByteBuffer out, final int at) {
        return out.getLong(at + NODE);
    }

    public static void setNode(final ByteBuffer out, final int at, final long node) {
        out.putLong(at + NODE, node);
    }

    public static long generation(final ByteBuffer out, final int at) {
        return out.getLong(at + GENERATION);
    }

    public static long entrySeconds(final ByteBuffer out, final int at) {
        return out.getLong(at + ENTRY_SECONDS);
    }

    public static long attrSeconds(final ByteBuffer out, final int at) {
        return out.getLong(at + ATTR_SECONDS);
    }

    public static int entryNanos(final ByteBuffer out, final int at) {
        return out.getInt(at + ENTRY_NANOS);
    }

    public static int attrNanos(final ByteBuffer out, final int at) {
        return out.getInt(at + ATTR_NANOS);
    }
}
