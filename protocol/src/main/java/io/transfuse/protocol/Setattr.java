package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * SETATTR changes what {@code valid} names (the bits of {@link SetattrValid}) and answers with the attributes afterwards.
 * See chmod(2), chown(2), truncate(2), utimensat(2).
 *
 * <pre>
 * request: node u64, handle u64, valid u32, mode u32, uid u32, gid u32, size u64, atimeSeconds i64, mtimeSeconds i64, atimeNanos u32, mtimeNanos u32
 * reply  : attributes attributes
 * </pre>
 */
public final class Setattr {
    private static final int NODE = RequestFrame.SIZE;
    private static final int HANDLE = NODE + 8;
    private static final int VALID = HANDLE + 8;
    private static final int MODE = VALID + 4;
    private static final int UID = MODE + 4;
    private static final int GID = UID + 4;
    private static final int SIZE = GID + 4;
    private static final int ATIME_SECONDS = SIZE + 8;
    private static final int MTIME_SECONDS = ATIME_SECONDS + 8;
    private static final int ATIME_NANOS = MTIME_SECONDS + 8;
    private static final int MTIME_NANOS = ATIME_NANOS + 4;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = MTIME_NANOS + 4;
    /** Where the reply holds its {@link Attributes}. */
    public static final int REPLY_ATTRIBUTES = ReplyFrame.SIZE;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_ATTRIBUTES + Attributes.SIZE;

    private Setattr() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame,
            final long node,
            final long handle,
            final int valid,
            final int mode,
            final int uid,
            final int gid,
            final long size,
            final long atimeSeconds,
            final long mtimeSeconds,
            final int atimeNanos,
            final int mtimeNanos) {
        frame.putLong(NODE, node);
        frame.putLong(HANDLE, handle);
        frame.putInt(VALID, valid);
        frame.putInt(MODE, mode);
        frame.putInt(UID, uid);
        frame.putInt(GID, gid);
        frame.putLong(SIZE, size);
        frame.putLong(ATIME_SECONDS, atimeSeconds);
        frame.putLong(MTIME_SECONDS, mtimeSeconds);
        frame.putInt(ATIME_NANOS, atimeNanos);
        frame.putInt(MTIME_NANOS, mtimeNanos);
        return RequestFrame.encode(frame, Opcode.SETATTR, REQUEST_SIZE);
    }

    /** Node of the object. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Handle of the open file or directory; 0 where the request may do without one. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** What to change: bits of {@link SetattrValid}. */
    public static int valid(final ByteBuffer frame) {
        return frame.getInt(VALID);
    }

    /** Permission bits with set-id and sticky bits. */
    public static int mode(final ByteBuffer frame) {
        return frame.getInt(MODE);
    }

    /** Replaces the mode of a received request. */
    public static void setMode(final ByteBuffer frame, final int mode) {
        frame.putInt(MODE, mode);
    }

    /** New owner, unsigned. */
    public static int uid(final ByteBuffer frame) {
        return frame.getInt(UID);
    }

    /** New group, unsigned. */
    public static int gid(final ByteBuffer frame) {
        return frame.getInt(GID);
    }

    /** New size in bytes. */
    public static long size(final ByteBuffer frame) {
        return frame.getLong(SIZE);
    }

    /** Seconds since the epoch, before it if negative. */
    public static long atimeSeconds(final ByteBuffer frame) {
        return frame.getLong(ATIME_SECONDS);
    }

    /** Seconds since the epoch, before it if negative. */
    public static long mtimeSeconds(final ByteBuffer frame) {
        return frame.getLong(MTIME_SECONDS);
    }

    /** 0 to 999,999,999. */
    public static int atimeNanos(final ByteBuffer frame) {
        return frame.getInt(ATIME_NANOS);
    }

    /** 0 to 999,999,999. */
    public static int mtimeNanos(final ByteBuffer frame) {
        return frame.getInt(MTIME_NANOS);
    }

    /** Writes a successful reply around the attributes that lie already in their place; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id) {
        return ReplyFrame.encode(frame, Opcode.SETATTR, id, REPLY_SIZE);
    }
}
