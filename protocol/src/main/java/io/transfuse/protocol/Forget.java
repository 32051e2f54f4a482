package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * FORGET gives back lookups of nodes that the guest kernel dropped, many in one frame. Nobody waits for it. A node whose
 * lookups are all given back is gone; its number is not used again.
 *
 * <pre>
 * request: count u32, zero u32, count times (node u64, lookups u64)
 * no reply
 * </pre>
 */
public final class Forget {
    private static final int COUNT = RequestFrame.SIZE;
    private static final int ENTRIES = COUNT + 8;
    private static final int ENTRY_SIZE = 16;

    /** Bytes of the request before the first node, the header included. */
    public static final int REQUEST_SIZE = ENTRIES;

    private Forget() {}

    /** Writes one of the nodes; {@code index} is 0 to {@link Limits#FORGETS_MAX} - 1. */
    public static void putEntry(final ByteBuffer frame, final int index, final long node, final long lookups) {
        frame.putLong(ENTRIES + index * ENTRY_SIZE, node);
        frame.putLong(ENTRIES + index * ENTRY_SIZE + 8, lookups);
    }

    /** Writes the request around {@code count} nodes that are in place; returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final int count) {
        frame.putLong(COUNT, count);
        return RequestFrame.encode(frame, Opcode.FORGET, ENTRIES + count * ENTRY_SIZE);
    }

    /**
     * How many nodes the request holds.
     *
     * @throws ProtocolException if the frame is not of the size that the count asks for
     */
    public static int count(final ByteBuffer frame) throws ProtocolException {
        final int count = frame.getInt(COUNT);
        if (count < 0 || count > Limits.FORGETS_MAX || ENTRIES + count * ENTRY_SIZE != RequestFrame.length(frame)) {
            throw new ProtocolException("FORGET of " + count + " nodes in " + RequestFrame.length(frame) + " bytes");
        }
        return count;
    }

    /** Node that is given back. */
    public static long node(final ByteBuffer frame, final int index) {
        return frame.getLong(ENTRIES + index * ENTRY_SIZE);
    }

    /** How many lookups of it are given back. */
    public static long lookups(final ByteBuffer frame, final int index) {
        return frame.getLong(ENTRIES + index * ENTRY_SIZE + 8);
    }
}
