package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * A name inside a frame: any bytes but NUL, with their count before and a NUL behind, so that the receiver can hand the
 * address of the bytes to a system call.
 *
 * <pre>
 *  0        2                 2+length   3+length
 *  +--------+-----------------+----------+
 *  | length | bytes ...       | NUL      |
 *  +--------+-----------------+----------+
 * </pre>
 */
public final class Name {
    private Name() {}

    /** Writes {@code length} bytes of {@code source} as a name at index {@code at}; returns the index behind it. */
    public static int put(
            final ByteBuffer frame, final int at, final ByteBuffer source, final int sourceAt, final int length) {
        frame.putShort(at, (short) length);
        frame.put(at + 2, source, sourceAt, length);
        frame.put(at + 2 + length, (byte) 0);
        return at + 3 + length;
    }

    /** How many bytes the name has that begins at index {@code at}, 0 to 65535. */
    public static int length(final ByteBuffer frame, final int at) {
        return frame.getShort(at) & 0xffff;
    }

    /** The index of the first byte of the name that begins at index {@code at}. */
    public static int start(final int at) {
        return at + 2;
    }

    /** The index behind the name that begins at index {@code at}, its NUL included. */
    public static int end(final ByteBuffer frame, final int at) {
        return at + 3 + length(frame, at);
    }

    /** Copies the bytes of the name that begins at index {@code at}. */
    public static byte[] bytes(final ByteBuffer frame, final int at) {
        final byte[] bytes = new byte[length(frame, at)];
        frame.get(start(at), bytes);
        return bytes;
    }

    /**
     * Checks that a name lies within {@code limit} and ends in NUL.
     *
     * @return the index behind the name
     */
    static int checkShape(final ByteBuffer frame, final int at, final int limit) throws ProtocolException {
        if (at + 3 > limit || end(frame, at) > limit) {
            throw new ProtocolException("a name runs past the end of its frame");
        }
        if (frame.get(end(frame, at) - 1) != 0) {
            throw new ProtocolException("a name does not end in NUL");
        }
        return end(frame, at);
    }

    /**
     * Tells whether a name is one component of a path that names an entry of a directory.
     *
     * @return 0, {@link Errno#ENAMETOOLONG}, or {@link Errno#EINVAL} for an empty name, {@code .}, {@code ..} and any
     *     name with a slash or NUL in it
     */
    static int checkComponent(final ByteBuffer frame, final int at) {
        return checkComponent(frame, start(at), length(frame, at));
    }

    /** As {@link #checkComponent(ByteBuffer, int)}, for {@code length} bytes from index {@code start} on. */
    static int checkComponent(final ByteBuffer frame, final int start, final int length) {
        if (length > Limits.NAME_MAX) {
            return Errno.ENAMETOOLONG;
        }
        if (length == 0 || frame.get(start) == '.' && (length == 1 || length == 2 && frame.get(start + 1) == '.')) {
            return Errno.EINVAL;
        }
        for (int i = start; i < start + length; i++) {
            final byte b = frame.get(i);
            if (b == '/' || b == 0) {
                return Errno.EINVAL;
            }
        }
        return 0;
    }

    /**
     * Tells whether a name can be that of an extended attribute.
     *
     * @return 0, or {@link Errno#ERANGE} for an empty or over-long name as xattr(7) has it, or {@link Errno#EINVAL} for
     *     one with NUL in it
     */
    static int checkXattrName(final ByteBuffer frame, final int at) {
        final int length = length(frame, at);
        if (length == 0 || length > Limits.NAME_MAX) {
            return Errno.ERANGE;
        }
        for (int i = start(at); i < start(at) + length; i++) {
            if (frame.get(i) == 0) {
                return Errno.EINVAL;
            }
        }
        return 0;
    }
}
