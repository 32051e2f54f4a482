package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * INVALIDATE, a push: the host tells what changed without the guest's doing. The header's sequence is the number of this
 * push, one more than that of the last; id and errno are 0.
 *
 * <pre>
 * body: entries, each at a multiple of 8:
 *    0 kind u16   2 name length u16   4 zero u32   8 node u64   16 name, padded with NUL to a multiple of 8
 * </pre>
 */
public final class Invalidate {
    /** The number in the place of an opcode. */
    public static final int CODE = 128;

    /** Where the entries begin. */
    public static final int ENTRIES = ReplyFrame.SIZE;

    private static final int KIND = 0;
    private static final int NAME_LENGTH = 2;
    private static final int ZERO = 4;
    private static final int NODE = 8;
    private static final int NAME = 16;

    private Invalidate() {}

    /** Bytes that an entry needs. */
    public static int entrySize(final int nameLength) {
        return NAME + padded(nameLength);
    }

    /**
     * Writes an entry at index {@code at}; returns the index behind it.
     *
     * @param node the directory or object; 0 where the kind has none
     * @param name empty where the kind has none
     */
    public static int putEntry(
            final ByteBuffer frame, final int at, final Invalidation kind, final long node, final byte[] name) {
        frame.putShort(at + KIND, (short) kind.code());
        frame.putShort(at + NAME_LENGTH, (short) name.length);
        frame.putInt(at + ZERO, 0);
        frame.putLong(at + NODE, node);
        frame.put(at + NAME, name);
        for (int i = name.length; i < padded(name.length); i++) {
            frame.put(at + NAME + i, (byte) 0);
        }
        return at + entrySize(name.length);
    }

    /** Writes the header around entries that end at {@code end}; returns the frame's length in bytes. */
    public static int encode(final ByteBuffer frame, final long sequence, final int end) {
        ReplyFrame.setSequence(frame, sequence);
        return ReplyFrame.encodePush(frame, CODE, end);
    }

    /** The kind of the entry at {@code at}, which {@link #entryEnd} has checked. */
    public static Invalidation kind(final ByteBuffer frame, final int at) throws ProtocolException {
        return Invalidation.ofCode(frame.getShort(at + KIND) & 0xffff);
    }

    /** Node of what changed, or of the directory that has its name. */
    public static long node(final ByteBuffer frame, final int at) {
        return frame.getLong(at + NODE);
    }

    /** The name of an entry; empty where its kind has none. */
    public static byte[] name(final ByteBuffer frame, final int at) {
        final byte[] name = new byte[nameLength(frame, at)];
        frame.get(at + NAME, name);
        return name;
    }

    private static int nameLength(final ByteBuffer frame, final int at) {
        return frame.getShort(at + NAME_LENGTH) & 0xffff;
    }

    /**
     * The index behind a received entry.
     *
     * @throws ProtocolException if the entry does not lie within the frame, or its kind or name is none
     */
    public static int entryEnd(final ByteBuffer frame, final int at) throws ProtocolException {
        final int limit = Math.min(ReplyFrame.length(frame), frame.limit());
        if (at + NAME > limit) {
            throw new ProtocolException("an invalidation runs past the end of its frame");
        }
        final int nameLength = nameLength(frame, at);
        final int end = at + entrySize(nameLength);
        final boolean named = kind(frame, at).hasName();
        if (nameLength > Limits.NAME_MAX || end > limit || named == (nameLength == 0)) {
            throw new ProtocolException("an invalidation with a name of " + nameLength + " bytes");
        }
        return end;
    }

    private static int padded(final int length) {
        return length + 7 & ~7;
    }
}
