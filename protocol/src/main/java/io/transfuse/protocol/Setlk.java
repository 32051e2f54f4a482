package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * SETLK takes or gives up a lock: POSIX (fcntl(2), F_SETLK) or BSD (flock(2)) by {@link LockFlags#FLOCK}. Without
 * {@link LockFlags#WAIT} a lock that is taken answers EAGAIN. With it, only the push connection may carry the request;
 * the reply comes when the lock is had, EINTR after a {@link Cancel}, EDEADLK when waiting would never end.
 *
 * <pre>
 * request: handle u64, owner u64, start u64, end u64, type u32, pid u32, flags u32
 * reply  : (empty)
 * </pre>
 */
public final class Setlk {
    private static final int HANDLE = RequestFrame.SIZE;
    private static final int OWNER = HANDLE + 8;
    private static final int START = OWNER + 8;
    private static final int END = START + 8;
    private static final int TYPE = END + 8;
    private static final int PID = TYPE + 4;
    private static final int FLAGS = PID + 4;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = FLAGS + 4;

    private Setlk() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame,
            final long handle,
            final long owner,
            final long start,
            final long end,
            final int type,
            final int pid,
            final int flags) {
        frame.putLong(HANDLE, handle);
        frame.putLong(OWNER, owner);
        frame.putLong(START, start);
        frame.putLong(END, end);
        frame.putInt(TYPE, type);
        frame.putInt(PID, pid);
        frame.putInt(FLAGS, flags);
        return RequestFrame.encode(frame, Opcode.SETLK, REQUEST_SIZE);
    }

    /** Handle of the open file or directory; 0 where the request may do without one. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** Who holds or asks, as the guest kernel names it. */
    public static long owner(final ByteBuffer frame) {
        return frame.getLong(OWNER);
    }

    /** First byte. */
    public static long start(final ByteBuffer frame) {
        return frame.getLong(START);
    }

    /** Last byte, 2^63-1 for the end of the file. */
    public static long end(final ByteBuffer frame) {
        return frame.getLong(END);
    }

    /** One of {@link LockType}. */
    public static int type(final ByteBuffer frame) {
        return frame.getInt(TYPE);
    }

    /** Process in the guest, for the answer to GETLK. */
    public static int pid(final ByteBuffer frame) {
        return frame.getInt(PID);
    }

    /** 0 or bits of {@link LockFlags}. */
    public static int flags(final ByteBuffer frame) {
        return frame.getInt(FLAGS);
    }
}
