package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * READDIR continues the listing of an open directory. The listing is a snapshot that the server takes when {@code cookie}
 * is 0, so that it neither repeats nor misses a name while the directory changes; cookies count its entries. With
 * {@link ReaddirFlags#ATTRIBUTES} each entry (but {@code .} and {@code ..}) is looked up, too: it carries node and attributes, and counts
 * one lookup. An entry that has gone in the meantime is left out then. A reply without entries is the end.
 *
 * <pre>
 * request: handle u64, cookie u64, size u32, flags u32
 * reply  : entries, each at a multiple of 8:
 *    0 cookie u64 (of the next entry)   8 ino u64   16 node u64 (0: not looked up)
 *   24 type u32 (mode bits of the type) 28 name length u16  30 attributes u16 (1: there are any, 2: volatile)
 *   32 name, padded with NUL to a multiple of 8, then the attributes if there are any
 * </pre>
 */
public final class Readdir {
    private static final int HANDLE = RequestFrame.SIZE;
    private static final int COOKIE = HANDLE + 8;
    private static final int MAX_BYTES = COOKIE + 8;
    private static final int FLAGS = MAX_BYTES + 4;

    /** Bytes of the request, the header included. */
    public static final int REQUEST_SIZE = FLAGS + 4;

    /** Where the entries of a reply begin. */
    public static final int REPLY_ENTRIES = ReplyFrame.SIZE;

    private static final int ENTRY_COOKIE = 0;
    private static final int ENTRY_INO = 8;
    private static final int ENTRY_NODE = 16;
    private static final int ENTRY_TYPE = 24;
    private static final int ENTRY_NAME_LENGTH = 28;
    private static final int ENTRY_ATTRIBUTES = 30;
    private static final int ENTRY_NAME = 32;
    private static final int HAS_ATTRIBUTES = 1;
    private static final int VOLATILE = 1 << 1;

    private Readdir() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame, final long handle, final long cookie, final int size, final int flags) {
        frame.putLong(HANDLE, handle);
        frame.putLong(COOKIE, cookie);
        frame.putInt(MAX_BYTES, size);
        frame.putInt(FLAGS, flags);
        return RequestFrame.encode(frame, Opcode.READDIR, REQUEST_SIZE);
    }

    /** Handle of the open directory. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** Where to go on; 0 begins anew with a new snapshot. */
    public static long cookie(final ByteBuffer frame) {
        return frame.getLong(COOKIE);
    }

    /** Most bytes of entries wanted; the server takes less where its own limit is lower. */
    public static int size(final ByteBuffer frame) {
        return frame.getInt(MAX_BYTES);
    }

    /** 0 or bits of {@link ReaddirFlags}. */
    public static int flags(final ByteBuffer frame) {
        return frame.getInt(FLAGS);
    }

    /** Bytes that an entry needs. */
    public static int entrySize(final int nameLength, final boolean attributes) {
        return ENTRY_NAME + padded(nameLength) + (attributes ? Attributes.SIZE : 0);
    }

    /** Writes an entry without its name's bytes and attributes, which go to {@link #entryName} and {@link #entryAttributes}. */
    public static void putEntry(
            final ByteBuffer frame,
            final int at,
            final long nextCookie,
            final long ino,
            final long node,
            final int type,
            final int nameLength,
            final boolean attributes) {
        frame.putLong(at + ENTRY_COOKIE, nextCookie);
        frame.putLong(at + ENTRY_INO, ino);
        frame.putLong(at + ENTRY_NODE, node);
        frame.putInt(at + ENTRY_TYPE, type);
        frame.putShort(at + ENTRY_NAME_LENGTH, (short) nameLength);
        frame.putShort(at + ENTRY_ATTRIBUTES, (short) (attributes ? HAS_ATTRIBUTES : 0));
        for (int i = nameLength; i < padded(nameLength); i++) {
            frame.put(at + ENTRY_NAME + i, (byte) 0);
        }
    }

    /** The cookie with which the listing goes on behind this entry. */
    public static long entryCookie(final ByteBuffer frame, final int at) {
        return frame.getLong(at + ENTRY_COOKIE);
    }

    /** Inode number. */
    public static long entryIno(final ByteBuffer frame, final int at) {
        return frame.getLong(at + ENTRY_INO);
    }

    /** The node looked up, or 0. */
    public static long entryNode(final ByteBuffer frame, final int at) {
        return frame.getLong(at + ENTRY_NODE);
    }

    /** Type bits of the mode, 0 if the host does not tell. */
    public static int entryType(final ByteBuffer frame, final int at) {
        return frame.getInt(at + ENTRY_TYPE);
    }

    /** Bytes of the name, 1 to {@link Limits#NAME_MAX} once {@link #entryEnd} has checked it. */
    public static int entryNameLength(final ByteBuffer frame, final int at) {
        return frame.getShort(at + ENTRY_NAME_LENGTH) & 0xffff;
    }

    /** Index of the first byte of the name. */
    public static int entryName(final int at) {
        return at + ENTRY_NAME;
    }

    /** Whether attributes follow the name. */
    public static boolean entryHasAttributes(final ByteBuffer frame, final int at) {
        return (frame.getShort(at + ENTRY_ATTRIBUTES) & HAS_ATTRIBUTES) != 0;
    }

    /** Says that attributes and content of the entry's object may not be remembered; see {@link ReplyFlags#VOLATILE}. */
    public static void setEntryVolatile(final ByteBuffer frame, final int at) {
        frame.putShort(at + ENTRY_ATTRIBUTES, (short) (HAS_ATTRIBUTES | VOLATILE));
    }

    /** Whether attributes and content may not be remembered. */
    public static boolean entryIsVolatile(final ByteBuffer frame, final int at) {
        return (frame.getShort(at + ENTRY_ATTRIBUTES) & VOLATILE) != 0;
    }

    /** Index of the attributes, where there are any. */
    public static int entryAttributes(final ByteBuffer frame, final int at) {
        return at + ENTRY_NAME + padded(entryNameLength(frame, at));
    }

    /**
     * The index behind a received entry.
     *
     * @throws ProtocolException if the entry does not lie within the frame or its name is empty or too long
     */
    public static int entryEnd(final ByteBuffer frame, final int at) throws ProtocolException {
        final int limit = Math.min(ReplyFrame.length(frame), frame.limit());
        if (at + ENTRY_NAME > limit) {
            throw new ProtocolException("an entry runs past the end of its frame");
        }
        final int nameLength = entryNameLength(frame, at);
        final int end = at + entrySize(nameLength, entryHasAttributes(frame, at));
        if (nameLength == 0 || nameLength > Limits.NAME_MAX || end > limit) {
            throw new ProtocolException("an entry with a name of " + nameLength + " bytes");
        }
        return end;
    }

    /** Writes a successful reply around entries that end at {@code end}; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final int end) {
        return ReplyFrame.encode(frame, Opcode.READDIR, id, end);
    }

    private static int padded(final int length) {
        return length + 7 & ~7;
    }
}
