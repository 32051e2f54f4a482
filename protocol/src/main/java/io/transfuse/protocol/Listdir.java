package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * LISTDIR lists the whole directory {@code node} with attributes in one reply, each entry but {@code .} and {@code ..} looked
 * up as by {@link Readdir} with {@link ReaddirFlags#ATTRIBUTES}. Errors: E2BIG when the entries need more than {@code size}
 * bytes; no lookup is counted then.
 *
 * <pre>
 * request: node u64, size u32
 * reply  : entries of {@link Readdir}, cookies counting from 1
 * </pre>
 */
public final class Listdir {
    private static final int NODE = RequestFrame.SIZE;
    private static final int MAX_BYTES = NODE + 8;

    /** Bytes of the request, the header included. */
    public static final int REQUEST_SIZE = MAX_BYTES + 4;

    private Listdir() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long node, final int size) {
        frame.putLong(NODE, node);
        frame.putInt(MAX_BYTES, size);
        return RequestFrame.encode(frame, Opcode.LISTDIR, REQUEST_SIZE);
    }

    /** Node of the directory. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Most bytes of entries wanted. */
    public static int size(final ByteBuffer frame) {
        return frame.getInt(MAX_BYTES);
    }

    /** Writes a successful reply around entries that end at {@code end}; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final int end) {
        return ReplyFrame.encode(frame, Opcode.LISTDIR, id, end);
    }
}
