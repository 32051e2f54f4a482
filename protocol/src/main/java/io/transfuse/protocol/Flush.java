package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * FLUSH comes for each close(2) of a descriptor: drops the POSIX locks of {@code lockOwner}. It has nothing to write: what
 * was written is with the host already.
 *
 * <pre>
 * request: handle u64, lockOwner u64
 * reply  : (empty)
 * </pre>
 */
public final class Flush {
    private static final int HANDLE = RequestFrame.SIZE;
    private static final int LOCK_OWNER = HANDLE + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = LOCK_OWNER + 8;

    private Flush() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long handle, final long lockOwner) {
        frame.putLong(HANDLE, handle);
        frame.putLong(LOCK_OWNER, lockOwner);
        return RequestFrame.encode(frame, Opcode.FLUSH, REQUEST_SIZE);
    }

    /** Handle of the open file or directory; 0 where the request may do without one. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** Whose POSIX locks of the file end. */
    public static long lockOwner(final ByteBuffer frame) {
        return frame.getLong(LOCK_OWNER);
    }
}
