package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * RENAME2. Kernel: {@code struct fuse_rename2_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | newParent u64                                 |
 *      +-----------------------------------------------+
 *    8 | flags u32             | (zero)                |
 *      +-----------------------------------------------+
 *   16 old name, NUL, new name, NUL
 * </pre>
 */
public final class Rename2In {
    private static final int NEW_PARENT = InHeader.SIZE;
    private static final int FLAGS = InHeader.SIZE + 8;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 16;

    private Rename2In() {}

    public static long newParent(final ByteBuffer request) {
        return request.getLong(NEW_PARENT);
    }

    /** RENAME_ flags of renameat2(2). */
    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }
}
