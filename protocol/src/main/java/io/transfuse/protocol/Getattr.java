package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * GETATTR reads the attributes of {@code node}, through {@code handle} where it is not 0 (fstat(2), else lstat(2)).
 * Errors: ESTALE when the node is not to be found any more.
 *
 * <pre>
 * request: node u64, handle u64
 * reply  : attributes attributes
 * </pre>
 */
public final class Getattr {
    private static final int NODE = RequestFrame.SIZE;
    private static final int HANDLE = NODE + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = HANDLE + 8;
    /** Where the reply holds its {@link Attributes}. */
    public static final int REPLY_ATTRIBUTES = ReplyFrame.SIZE;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_ATTRIBUTES + Attributes.SIZE;

    private Getattr() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long node, final long handle) {
        frame.putLong(NODE, node);
        frame.putLong(HANDLE, handle);
        return RequestFrame.encode(frame, Opcode.GETATTR, REQUEST_SIZE);
    }

    /** Node of the object. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Handle of the open file or directory; 0 where the request may do without one. */
    public static long handle(final ByteBuffer frame) {
        return frame.getLong(HANDLE);
    }

    /** Writes a successful reply around the attributes that lie already in their place; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id) {
        return ReplyFrame.encode(frame, Opcode.GETATTR, id, REPLY_SIZE);
    }
}
