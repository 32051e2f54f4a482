package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * LINK makes one more name for {@code node}, which is not a directory. See linkat(2).
 *
 * <pre>
 * request: node u64, newParent u64, newName name
 * reply  : node u64, attributes attributes
 * </pre>
 */
public final class Link {
    private static final int NODE = RequestFrame.SIZE;
    private static final int NEW_PARENT = NODE + 8;
    private static final int NEW_NAME = NEW_PARENT + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NEW_NAME;

    private static final int REPLY_NODE = ReplyFrame.SIZE;
    /** Where the reply holds its {@link Attributes}. */
    public static final int REPLY_ATTRIBUTES = REPLY_NODE + 8;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_ATTRIBUTES + Attributes.SIZE;

    private Link() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame,
            final long node,
            final long newParent,
            final ByteBuffer newName,
            final int newNameAt,
            final int newNameLength) {
        frame.putLong(NODE, node);
        frame.putLong(NEW_PARENT, newParent);
        final int end = Name.put(frame, NEW_NAME, newName, newNameAt, newNameLength);
        return RequestFrame.encode(frame, Opcode.LINK, end);
    }

    /** Node of the object that gets one name more. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** Node of the directory of the new name. */
    public static long newParent(final ByteBuffer frame) {
        return frame.getLong(NEW_PARENT);
    }

    /** Where the {@link Name} {@code newName} begins. */
    public static int newName() {
        return NEW_NAME;
    }

    /** Node of the object; one lookup of it is counted to the mount. */
    public static long replyNode(final ByteBuffer frame) {
        return frame.getLong(REPLY_NODE);
    }

    /** Writes a successful reply around the attributes that lie already in their place; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final long node) {
        frame.putLong(REPLY_NODE, node);
        return ReplyFrame.encode(frame, Opcode.LINK, id, REPLY_SIZE);
    }
}
