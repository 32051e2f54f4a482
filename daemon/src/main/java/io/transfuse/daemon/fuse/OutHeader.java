package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * The header of every reply to the kernel. Kernel: {@code struct fuse_out_header}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | length u32            | error i32             |
 *      +-----------------------------------------------+
 *    8 | unique u64                                    |
 *      +-----------------------------------------------+
 *   16 the structure of the opcode, data
 * </pre>
 */
public final class OutHeader {
    private static final int LENGTH = 0;
    private static final int ERROR = 4;
    private static final int UNIQUE = 8;

    /** Bytes of the header. */
    public static final int SIZE = 16;

    private OutHeader() {}

    /**
     * Writes the header at index {@code at}.
     *
     * @param length bytes of the whole reply
     * @param errno 0, or what went wrong, below 512: a kernel takes no others
     * @param unique that of the request
     */
    public static void put(final ByteBuffer out, final int at, final int length, final int errno, final long unique) {
        out.putInt(at + LENGTH, length);
        out.putInt(at + ERROR, -errno);
        out.putLong(at + UNIQUE, unique);
    }

    /** Writes the header of a notification, which has its code in the place of the errno and the unique number 0. */
    static void putNotification(final ByteBuffer out, final int at, final int length, final int code) {
        out.putInt(at + LENGTH, length);
        out.putInt(at + ERROR, code);
        out.putLong(at + UNIQUE, 0);
    }

    public static int length(final ByteBuffer out, final int at) {
        return out.getInt(at + LENGTH);
    }

    /** The errno of the reply, 0 for success. */
    public static int errno(final ByteBuffer out, final int at) {
        return -out.getInt(at + ERROR);
    }

    public static long unique(final ByteBuffer out, final int at) {
        return out.getLong(at + UNIQUE);
    }
}
