package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * EVENT, a push: the host tells what happened without the guest's doing, so that the guest's programs can be told as by
 * inotify(7). The header's sequence is the number of this push, one more than that of the last, {@link Invalidate}
 * counted too; id and errno are 0. What a change makes stale is told before its event.
 *
 * <pre>
 * body: entries, each at a multiple of 8:
 *    0 kind u16   2 name length u16   4 new name length u16   6 zero u16
 *    8 directory u64   16 new directory u64   24 node u64   32 replaced u64
 *   40 mode u32   44 links u32   48 replaced links u32   52 replaced mode u32
 *   56 name, padded with NUL to a multiple of 8; new name, padded with NUL to a multiple of 8
 * </pre>
 */
public final class Event {
    /** The number in the place of an opcode. */
    public static final int CODE = 129;

    /** Where the entries begin. */
    public static final int ENTRIES = ReplyFrame.SIZE;

    private static final int KIND = 0;
    private static final int NAME_LENGTH = 2;
    private static final int NEW_NAME_LENGTH = 4;
    private static final int ZERO = 6;
    private static final int DIRECTORY = 8;
    private static final int NEW_DIRECTORY = 16;
    private static final int NODE = 24;
    private static final int REPLACED = 32;
    private static final int MODE = 40;
    private static final int LINKS = 44;
    private static final int REPLACED_LINKS = 48;
    private static final int REPLACED_MODE = 52;
    private static final int NAME = 56;

    private Event() {}

    /** Bytes that an entry needs. */
    public static int entrySize(final int nameLength, final int newNameLength) {
        return NAME + padded(nameLength) + padded(newNameLength);
    }

    /**
     * Writes names and zeros of an entry at index {@code at}; what it does not take is 0 until {@link #setDirectories},
     * {@link #setObject} and {@link #setReplaced} say otherwise.
     *
     * @param name empty where the event tells of an object without its place
     * @param newName empty where the kind has none
     * @return the index behind the entry
     */
    public static int putEntry(
            final ByteBuffer frame, final int at, final EventKind kind, final byte[] name, final byte[] newName) {
        frame.putShort(at + KIND, (short) kind.code());
        frame.putShort(at + NAME_LENGTH, (short) name.length);
        frame.putShort(at + NEW_NAME_LENGTH, (short) newName.length);
        frame.putShort(at + ZERO, (short) 0);
        setDirectories(frame, at, 0, 0);
        setObject(frame, at, 0, 0, 0);
        setReplaced(frame, at, 0, 0, 0);
        final int newNameAt = putPadded(frame, at + NAME, name);
        return putPadded(frame, newNameAt, newName);
    }

    private static int putPadded(final ByteBuffer frame, final int at, final byte[] bytes) {
        frame.put(at, bytes);
        for (int i = bytes.length; i < padded(bytes.length); i++) {
            frame.put(at + i, (byte) 0);
        }
        return at + padded(bytes.length);
    }

    /**
     * Writes where it happened.
     *
     * @param directory node of the directory that has the name; 0 without a name
     * @param newDirectory node of the directory that has the new name; 0 without one
     */
    public static void setDirectories(
            final ByteBuffer frame, final int at, final long directory, final long newDirectory) {
        frame.putLong(at + DIRECTORY, directory);
        frame.putLong(at + NEW_DIRECTORY, newDirectory);
    }

    /**
     * Writes to what it happened.
     *
     * @param node the object, or 0 where the guest does not hold it
     * @param mode file type and permissions after the change, 0 where unknown
     * @param links link count after the change, 0 where there are none or it is unknown
     */
    public static void setObject(
            final ByteBuffer frame, final int at, final long node, final int mode, final int links) {
        frame.putLong(at + NODE, node);
        frame.putInt(at + MODE, mode);
        frame.putInt(at + LINKS, links);
    }

    /**
     * Writes what stood at the name to which something was moved.
     *
     * @param replaced the object; 0 where there was none or the guest does not hold it
     * @param mode its file type and permissions, 0 where unknown
     * @param links its link count after the change, 0 where there are none or it is unknown
     */
    public static void setReplaced(
            final ByteBuffer frame, final int at, final long replaced, final int mode, final int links) {
        frame.putLong(at + REPLACED, replaced);
        frame.putInt(at + REPLACED_MODE, mode);
        frame.putInt(at + REPLACED_LINKS, links);
    }

    /** Writes the header around entries that end at {@code end}; returns the frame's length in bytes. */
    public static int encode(final ByteBuffer frame, final long sequence, final int end) {
        ReplyFrame.setSequence(frame, sequence);
        return ReplyFrame.encodePush(frame, CODE, end);
    }

    /** The kind of the entry at {@code at}, which {@link #entryEnd} has checked. */
    public static EventKind kind(final ByteBuffer frame, final int at) throws ProtocolException {
        return EventKind.ofCode(frame.getShort(at + KIND) & 0xffff);
    }

    /** Node of the directory that has the name, or 0: then {@link #node} is what is told of, wherever it stands. */
    public static long directory(final ByteBuffer frame, final int at) {
        return frame.getLong(at + DIRECTORY);
    }

    /** Node of the directory that has the new name; 0 where the kind has none. */
    public static long newDirectory(final ByteBuffer frame, final int at) {
        return frame.getLong(at + NEW_DIRECTORY);
    }

    /** The object, or 0 where the guest does not hold it. */
    public static long node(final ByteBuffer frame, final int at) {
        return frame.getLong(at + NODE);
    }

    /** File type and permissions after the change, 0 where unknown; the type alone where only that is known. */
    public static int mode(final ByteBuffer frame, final int at) {
        return frame.getInt(at + MODE);
    }

    /** The object's link count after the change, 0 where there are none or it is unknown. */
    public static int links(final ByteBuffer frame, final int at) {
        return frame.getInt(at + LINKS);
    }

    /** What stood at the new name (MOVED_TO: at the name), 0 where there was none or the guest does not hold it. */
    public static long replaced(final ByteBuffer frame, final int at) {
        return frame.getLong(at + REPLACED);
    }

    /** The link count of {@link #replaced} after the change, 0 where there are none or it is unknown. */
    public static int replacedLinks(final ByteBuffer frame, final int at) {
        return frame.getInt(at + REPLACED_LINKS);
    }

    /** File type and permissions of {@link #replaced}, 0 where unknown. */
    public static int replacedMode(final ByteBuffer frame, final int at) {
        return frame.getInt(at + REPLACED_MODE);
    }

    /** The name in {@link #directory}; empty where there is no directory. */
    public static byte[] name(final ByteBuffer frame, final int at) {
        final byte[] name = new byte[length(frame, at + NAME_LENGTH)];
        frame.get(at + NAME, name);
        return name;
    }

    /** The name in {@link #newDirectory}; empty where the kind has none. */
    public static byte[] newName(final ByteBuffer frame, final int at) {
        final byte[] name = new byte[length(frame, at + NEW_NAME_LENGTH)];
        frame.get(at + NAME + padded(length(frame, at + NAME_LENGTH)), name);
        return name;
    }

    private static int length(final ByteBuffer frame, final int at) {
        return frame.getShort(at) & 0xffff;
    }

    /**
     * The index behind a received entry.
     *
     * @throws ProtocolException if the entry does not lie within the frame, its kind is none, or it lacks or has a name,
     *     directory or object that its kind has or lacks, or a name that is no component of a path
     */
    public static int entryEnd(final ByteBuffer frame, final int at) throws ProtocolException {
        final int limit = Math.min(ReplyFrame.length(frame), frame.limit());
        if (at + NAME > limit) {
            throw new ProtocolException("an event runs past the end of its frame");
        }
        final EventKind kind = kind(frame, at);
        final int nameLength = length(frame, at + NAME_LENGTH);
        final int newNameLength = length(frame, at + NEW_NAME_LENGTH);
        final int end = at + entrySize(nameLength, newNameLength);
        if (nameLength > Limits.NAME_MAX || newNameLength > Limits.NAME_MAX || end > limit) {
            throw new ProtocolException("an event with names of " + nameLength + " and " + newNameLength + " bytes");
        }
        if (directory(frame, at) != 0) {
            checkComponent(frame, at + NAME, nameLength);
        } else if (nameLength != 0 || node(frame, at) == 0 || !kind.mayLackPlace()) {
            throw new ProtocolException("an event " + kind + " that tells neither where nor to what it happened");
        }
        if (kind.hasNewName() != (newDirectory(frame, at) != 0)) {
            throw new ProtocolException("an event " + kind + " with the new directory " + newDirectory(frame, at));
        }
        if (kind.hasNewName()) {
            checkComponent(frame, at + NAME + padded(nameLength), newNameLength);
        } else if (newNameLength != 0) {
            throw new ProtocolException("an event " + kind + " with a new name");
        }
        return end;
    }

    private static void checkComponent(final ByteBuffer frame, final int start, final int length)
            throws ProtocolException {
        if (Name.checkComponent(frame, start, length) != 0) {
            throw new ProtocolException("an event with a name that is no component of a path");
        }
    }

    private static int padded(final int length) {
        return length + 7 & ~7;
    }
}
