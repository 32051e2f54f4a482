package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * GETLK tells which POSIX lock would stand in the way. See fcntl(2), F_GETLK.
 *
 * <pre>
 * request: handle u64, owner u64, start u64, end u64, type u32, pid u32
 * reply  : start u64, end u64, type u32, pid u32
 * </pre>
 */
public final class Getlk {
    private static final int HANDLE = RequestFrame.SIZE;
    private static final int OWNER = HANDLE + 8;
    private static final int START = OWNER + 8;
    private static final int END = START + 8;
    private static final int TYPE = END + 8;
    private static final int PID = TYPE + 4;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = PID + 4;

    private static final int REPLY_START = ReplyFrame.SIZE;
    private static final int REPLY_END = REPLY_START + 8;
    private static final int REPLY_TYPE = REPLY_END + 8;
    private static final int REPLY_PID = REPLY_TYPE + 4;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_PID + 4;

    private Getlk() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame,
            final long handle,
            final long owner,
            final long start,
            final long end,
            final int type,
            final int pid) {
        frame.putLong(HANDLE, handle);
        frame.putLong(OWNER, owner);
        frame.putLong(START, start);
        frame.putLong(END, end);
        frame.putInt(TYPE, type);
        frame.putInt(PID, pid);
        return RequestFrame.encode(frame, Opcode.GETLK, REQUEST_SIZE);
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

    /** Reads start from a reply. */
    public static long replyStart(final ByteBuffer frame) {
        return frame.getLong(REPLY_START);
    }

    /** Reads end from a reply. */
    public static long replyEnd(final ByteBuffer frame) {
        return frame.getLong(REPLY_END);
    }

    /** {@link LockType#UNLOCK} when nothing is in the way. */
    public static int replyType(final ByteBuffer frame) {
        return frame.getInt(REPLY_TYPE);
    }

    /** Holder in the guest; 0 for a process of the host. */
    public static int replyPid(final ByteBuffer frame) {
        return frame.getInt(REPLY_PID);
    }

    /** Writes a successful reply; returns its length in bytes. */
    public static int encodeReply(
            final ByteBuffer frame, final long id, final long start, final long end, final int type, final int pid) {
        frame.putLong(REPLY_START, start);
        frame.putLong(REPLY_END, end);
        frame.putInt(REPLY_TYPE, type);
        frame.putInt(REPLY_PID, pid);
        return ReplyFrame.encode(frame, Opcode.GETLK, id, REPLY_SIZE);
    }
}
