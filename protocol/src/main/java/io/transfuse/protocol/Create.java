package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * CREATE makes and opens a regular file, owned by the caller; EXCLUSIVE in {@code flags} refuses an existing name.
 * The handle has the access that {@code flags} ask for, whatever {@code mode} says. See open(2), O_CREAT.
 *
 * <pre>
 * request: parent u64, flags u32, mode u32, name name
 * reply  : node u64, handle u64, attributes attributes
 * </pre>
 */
public final class Create {
    private static final int PARENT = RequestFrame.SIZE;
    private static final int FLAGS = PARENT + 8;
    private static final int MODE = FLAGS + 4;
    private static final int NAME = MODE + 4;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NAME;

    private static final int REPLY_NODE = ReplyFrame.SIZE;
    private static final int REPLY_HANDLE = REPLY_NODE + 8;
    /** Where the reply holds its {@link Attributes}. */
    public static final int REPLY_ATTRIBUTES = REPLY_HANDLE + 8;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_ATTRIBUTES + Attributes.SIZE;

    private Create() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame,
            final long parent,
            final int flags,
            final int mode,
            final ByteBuffer name,
            final int nameAt,
            final int nameLength) {
        frame.putLong(PARENT, parent);
        frame.putInt(FLAGS, flags);
        frame.putInt(MODE, mode);
        final int end = Name.put(frame, NAME, name, nameAt, nameLength);
        return RequestFrame.encode(frame, Opcode.CREATE, end);
    }

    /** Node of the directory. */
    public static long parent(final ByteBuffer frame) {
        return frame.getLong(PARENT);
    }

    /** Access mode and bits of {@link OpenFlags}. */
    public static int flags(final ByteBuffer frame) {
        return frame.getInt(FLAGS);
    }

    /** Permission bits; the umask has been applied. */
    public static int mode(final ByteBuffer frame) {
        return frame.getInt(MODE);
    }

    /** Where the {@link Name} {@code name} begins: the component to act on. */
    public static int name() {
        return NAME;
    }

    /** Node of the object; one lookup of it is counted to the mount. */
    public static long replyNode(final ByteBuffer frame) {
        return frame.getLong(REPLY_NODE);
    }

    /** Reads handle from a reply. */
    public static long replyHandle(final ByteBuffer frame) {
        return frame.getLong(REPLY_HANDLE);
    }

    /** Writes a successful reply around the attributes that lie already in their place; returns its length in bytes. */
    public static int encodeReply(final ByteBuffer frame, final long id, final long node, final long handle) {
        frame.putLong(REPLY_NODE, node);
        frame.putLong(REPLY_HANDLE, handle);
        return ReplyFrame.encode(frame, Opcode.CREATE, id, REPLY_SIZE);
    }
}
