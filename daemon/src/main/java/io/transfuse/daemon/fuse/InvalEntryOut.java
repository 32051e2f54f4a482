package io.transfuse.daemon.fuse;

import io.transfuse.protocol.Limits;
import java.nio.ByteBuffer;

/**
 * The notification that a name is stale. The kernel takes the lock of the directory for it, so that no thread that answers
 * requests may send it. Kernel: {@code struct fuse_notify_inval_entry_out}, {@code fuse_reverse_inval_entry}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | fuse_out_header with the code in error        |
 *      +-----------------------------------------------+
 *   16 | parent u64                                    |
 *      +-----------------------------------------------+
 *   24 | nameLength u32        | flags u32             |
 *      +-----------------------------------------------+
 *   32 name, NUL
 * </pre>
 */
public final class InvalEntryOut {
    private static final int CODE = 3;
    private static final int EXPIRE_ONLY = 1;
    private static final int PARENT = OutHeader.SIZE;
    private static final int NAME_LENGTH = PARENT + 8;
    private static final int FLAGS = NAME_LENGTH + 4;
    private static final int NAME = FLAGS + 4;

    /** Bytes of the notification with the longest name. */
    public static final int SIZE_MAX = NAME + Limits.NAME_MAX + 1;

    private InvalEntryOut() {}

    /**
     * Writes the notification at index 0.
     *
     * @param expireOnly whether the kernel is to ask again instead of dropping the name, see FUSE_EXPIRE_ONLY
     * @return its length in bytes
     */
    public static int put(final ByteBuffer out, final long parent, final byte[] name, final boolean expireOnly) {
        final int length = NAME + name.length + 1;
        OutHeader.putNotification(out, 0, length, CODE);
        out.putLong(PARENT, parent);
        out.putInt(NAME_LENGTH, name.length);
        out.putInt(FLAGS, expireOnly ? EXPIRE_ONLY : 0);
        out.put(NAME, name);
        out.put(NAME + name.length, (byte) 0);
        return length;
    }
}
