package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * RELEASE ends a handle, of a file or a directory. Nobody waits for it.
 *
 * <pre>
 * request: handle u64, lockOwner u64, flags u32
 * no reply
 * </pre>
 */
public final class Release {
    private static final int HANDLE = RequestFrame.SIZE;
    private static final int LOCK_OWNER = HANDLE + 8;
    private static final int FLAGS = LOCK_OWNER + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = FLAGS + 4;

    private Release() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long handle, final long lockOwner, final int flags) {
        frame.putLong(HANDLE, handle);
        frame.putLong(LOCK_OWNER, lockOwner);
        frame.putInt(FLAGS, flags);
        return RequestFrame.encode(frame, Opcode.RELEASE, REQUEST_SIZE);
    }

    /** Handle of the open file or directory; 0 where the request may do without one. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** Whom the kernel names as the owner of locks; not looked at. */
    public static long lockOwner(final ByteBuffer frame) {
        return frame.getLong(LOCK_OWNER);
    }

    /** 0 or bits of {@link ReleaseFlags}. */
    public static int flags(final ByteBuffer frame) {
        return frame.getInt(FLAGS);
    }
}
