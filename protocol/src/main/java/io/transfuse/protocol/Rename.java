package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * RENAME moves a name; {@code flags} are those of {@link RenameFlags}. See renameat2(2).
 *
 * <pre>
 * request: oldParent u64, newParent u64, flags u32, oldName name, newName name
 * reply  : (empty)
 * </pre>
 */
public final class Rename {
    private static final int OLD_PARENT = RequestFrame.SIZE;
    private static final int NEW_PARENT = OLD_PARENT + 8;
    private static final int FLAGS = NEW_PARENT + 8;
    private static final int OLD_NAME = FLAGS + 4;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = OLD_NAME;

    private Rename() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(
            final ByteBuffer frame,
            final long oldParent,
            final long newParent,
            final int flags,
            final ByteBuffer oldName,
            final int oldNameAt,
            final int oldNameLength,
            final ByteBuffer newName,
            final int newNameAt,
            final int newNameLength) {
        frame.putLong(OLD_PARENT, oldParent);
        frame.putLong(NEW_PARENT, newParent);
        frame.putInt(FLAGS, flags);
        final int oldNameEnd = Name.put(frame, OLD_NAME, oldName, oldNameAt, oldNameLength);
        final int end = Name.put(frame, oldNameEnd, newName, newNameAt, newNameLength);
        return RequestFrame.encode(frame, Opcode.RENAME, end);
    }

    /** Node of the directory of the old name. */
    public static long oldParent(final ByteBuffer frame) {
        return frame.getLong(OLD_PARENT);
    }

    /** Node of the directory of the new name. */
    public static long newParent(final ByteBuffer frame) {
        return frame.getLong(NEW_PARENT);
    }

    /** 0 or bits of {@link RenameFlags}. */
    public static int flags(final ByteBuffer frame) {
        return frame.getInt(FLAGS);
    }

    /** Where the {@link Name} {@code oldName} begins. */
    public static int oldName() {
        return OLD_NAME;
    }

    /** Where the {@link Name} {@code newName} begins. */
    public static int newName(final ByteBuffer frame) {
        return Name.end(frame, oldName());
    }
}
