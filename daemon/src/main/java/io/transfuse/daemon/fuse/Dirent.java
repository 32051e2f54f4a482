package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * An entry of a READDIR reply, and after an {@link EntryOut} with {@link Attr} one of READDIRPLUS. Kernel: {@code
 * struct fuse_dirent}, {@code struct fuse_direntplus}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | ino u64                                       |
 *      +-----------------------------------------------+
 *    8 | offset u64                                    |
 *      +-----------------------------------------------+
 *   16 | nameLength u32        | type u32              |
 *      +-----------------------------------------------+
 *   24 name, padded with NUL to a multiple of 8
 * </pre>
 */
public final class Dirent {
    private static final int INO = 0;
    private static final int OFFSET = 8;
    private static final int NAME_LENGTH = 16;
    private static final int TYPE = 20;

    /** Bytes of the structure. */
    public static final int SIZE = 24;

    private Dirent() {}

    /** Writes the structure at index {@code at}. */
    public static void put(
            final ByteBuffer out,
            final int at,
            final long ino,
            final long offset,
            final int nameLength,
            final int type) {
        out.putLong(at + INO, ino);
        out.putLong(at + OFFSET, offset);
        out.putInt(at + NAME_LENGTH, nameLength);
        out.putInt(at + TYPE, type);
    }

    public static long ino(final ByteBuffer out, final int at) {
        return out.getLong(at + INO);
    }

    /** Where the listing goes on behind this entry. */
    public static long offset(final ByteBuffer out, final int at) {
        return out.getLong(at + OFFSET);
    }

    public static int nameLength(final ByteBuffer out, final int at) {
        return out.getInt(at + NAME_LENGTH);
    }

    /** DT_ value: the type bits of the mode shifted right by 12. */
    public static int type(final ByteBuffer out, final int at) {
        return out.getInt(at + TYPE);
    }

    /** Bytes of an entry with its name, which end at a multiple of 8. */
    public static int size(final int nameLength) {
        return SIZE + (nameLength + 7 & ~7);
    }

    /** Index of the first byte of the name of the entry at {@code at}. */
    public static int name(final int at) {
        return at + SIZE;
    }
}
