package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * RENAME. Kernel: {@code struct fuse_rename_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | newParent u64                                 |
 *      +-----------------------------------------------+
 *    8 old name, NUL, new name, NUL
 * </pre>
 */
public final class RenameIn {
    private static final int NEW_PARENT = InHeader.SIZE;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 8;

    private RenameIn() {}

    public static long newParent(final ByteBuffer request) {
        return request.getLong(NEW_PARENT);
    }
}
