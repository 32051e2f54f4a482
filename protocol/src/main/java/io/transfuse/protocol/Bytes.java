package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * Bytes inside a frame that are not a {@link Name}: a link's target, an attribute's value, a path. A NUL follows them
 * that does not count.
 *
 * <pre>
 *  0        4                 4+length   5+length
 *  +--------+-----------------+----------+
 *  | length | bytes ...       | NUL      |
 *  +--------+-----------------+----------+
 * </pre>
 */
public final class Bytes {
    private Bytes() {}

    /** Writes {@code length} bytes of {@code source} at index {@code at}; returns the index behind them. */
    public static int put(
            final ByteBuffer frame, final int at, final ByteBuffer source, final int sourceAt, final int length) {
        frame.putInt(at, length);
        frame.put(at + 4, source, sourceAt, length);
        frame.put(at + 4 + length, (byte) 0);
        return at + 5 + length;
    }

    /** How many bytes there are. */
    public static int length(final ByteBuffer frame, final int at) {
        return frame.getInt(at);
    }

    /** The index of the first byte. */
    public static int start(final int at) {
        return at + 4;
    }

    /** The index behind the bytes and their NUL. */
    public static int end(final ByteBuffer frame, final int at) {
        return at + 5 + length(frame, at);
    }

    /**
     * Checks that the bytes lie within {@code limit} and are followed by NUL.
     *
     * @return the index behind them
     */
    static int checkShape(final ByteBuffer frame, final int at, final int limit) throws ProtocolException {
        if (at + 5 > limit || length(frame, at) < 0 || length(frame, at) > limit - at - 5) {
            throw new ProtocolException("bytes run past the end of their frame");
        }
        if (frame.get(end(frame, at) - 1) != 0) {
            throw new ProtocolException("bytes are not followed by NUL");
        }
        return end(frame, at);
    }

    /**
     * Tells whether bytes can be the target of a symbolic link.
     *
     * @return 0, {@link Errno#ENOENT} for none, {@link Errno#ENAMETOOLONG} for more than {@link Limits#PATH_MAX},
     *     {@link Errno#EINVAL} for NUL among them; see symlink(2)
     */
    static int checkTarget(final ByteBuffer frame, final int at) {
        final int length = length(frame, at);
        if (length == 0) {
            return Errno.ENOENT;
        }
        if (length > Limits.PATH_MAX) {
            return Errno.ENAMETOOLONG;
        }
        for (int i = start(at); i < start(at) + length; i++) {
            if (frame.get(i) == 0) {
                return Errno.EINVAL;
            }
        }
        return 0;
    }
}
