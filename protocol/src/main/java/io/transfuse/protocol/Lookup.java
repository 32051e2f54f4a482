package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * LOOKUP finds {@code name} in the directory {@code parent}. Success counts one lookup, given back by {@link Forget}.
 * Errors: ENOENT, ENOTDIR, ENAMETOOLONG, ESTALE.
 *
 * <pre>
 * request: parent u64, name name
 * reply  : node u64, attributes attributes
 * </pre>
 */
public final class Lookup {
    private static final int PARENT = RequestFrame.SIZE;
    private static final int NAME = PARENT + 8;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NAME;

    private static final int REPLY_NODE = ReplyFrame.SIZE;
    /** Where the reply holds its {@link Attributes}. */
    public static final int REPLY_ATTRIBUTES = REPLY_NODE + 8;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_ATTRIBUTES + Attributes.SIZE;

    private Lookup() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame, final long parent, final ByteBuffer name, final int nameAt, final int nameLength) {
        frame.putLong(PARENT, parent);
        final int end = Name.put(frame, NAME, name, nameAt, nameLength);
        return RequestFrame.encode(frame, Opcode.LOOKUP, end);
    }

    /** Node of the directory. */
    public static long parent(final ByteBuffer frame) {
        return frame.getLong(PARENT);
    }

    /** Where the {@link Name} {@code name} begins: the component to act on. */
    public static int name() {
        return NAME;
    }

    /** Node of the object; one lookup of it is counted to the mount. */
    public static long replyNode(final ByteBuffer frame) {
        return frame.getLong(REPLY_NODE);
    }

    /** Writes a successful reply around the attributes that lie already in their place; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final long node) {
        frame.putLong(REPLY_NODE, node);
        return ReplyFrame.encode(frame, Opcode.LOOKUP, id, REPLY_SIZE);
    }
}
