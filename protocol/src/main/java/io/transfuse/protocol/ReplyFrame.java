package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * The header that every frame from the host to the guest begins with, replies and pushes alike. All numbers are
 * little-endian.
 *
 * <pre>
 *  0        4        6        8                16       20       24               32
 *  +--------+--------+--------+----------------+--------+--------+----------------+----------
 *  | length | opcode | flags  | id             | errno  | zero   | sequence       | body ...
 *  +--------+--------+--------+----------------+--------+--------+----------------+----------
 * </pre>
 *
 * <p>{@code length} counts the whole frame. {@code flags} are those of {@link ReplyFlags}. {@code errno} is 0 or one of {@link Errno}; with an error there is no body
 * (but the message of a refused {@link Hello}).
 * {@code sequence} is the number of the last invalidation that had been published when the operation began: what the
 * reply says may be cached only if nothing that concerns it was invalidated after that number.
 */
public final class ReplyFrame {
    private static final int LENGTH = 0;
    private static final int OPCODE = 4;
    private static final int FLAGS = 6;
    private static final int ID = 8;
    private static final int ERRNO = 16;
    private static final int ZERO = 20;
    private static final int SEQUENCE = 24;

    /** Bytes of the header. */
    public static final int SIZE = 32;

    private ReplyFrame() {}

    /** Writes the header of a successful reply whose body is in place; returns {@code length} for chaining. */
    public static int encode(final ByteBuffer frame, final Opcode opcode, final long id, final int length) {
        frame.putInt(LENGTH, length);
        frame.putShort(OPCODE, (short) opcode.code());
        frame.putShort(FLAGS, (short) 0);
        frame.putLong(ID, id);
        frame.putInt(ERRNO, 0);
        frame.putInt(ZERO, 0);
        return length;
    }

    /** Writes the header of a push whose body is in place; returns {@code length} for chaining. */
    static int encodePush(final ByteBuffer frame, final int code, final int length) {
        encode(frame, Opcode.HELLO, 0, length);
        frame.putShort(OPCODE, (short) code);
        return length;
    }

    /** Writes what the guest may remember of the reply: bits of {@link ReplyFlags}. */
    public static void setFlags(final ByteBuffer frame, final int flags) {
        frame.putShort(FLAGS, (short) flags);
    }

    /** Bits of {@link ReplyFlags}. */
    public static int flags(final ByteBuffer frame) {
        return frame.getShort(FLAGS) & 0xffff;
    }

    /** Writes a reply that says only {@code errno}, which may be 0; returns its length in bytes. */
    public static int encodeErrno(final ByteBuffer frame, final Opcode opcode, final long id, final int errno) {
        encode(frame, opcode, id, SIZE);
        frame.putInt(ERRNO, errno);
        return SIZE;
    }

    /** Writes the header of a refused {@link Hello}, the one error with a body; returns {@code length} for chaining. */
    static int encodeRefusal(final ByteBuffer frame, final int errno, final int length) {
        encode(frame, Opcode.HELLO, 0, length);
        frame.putInt(ERRNO, errno);
        return length;
    }

    /**
     * Checks that a received frame answers a request.
     *
     * @param successSize least length of a successful reply, in bytes
     * @return 0 or the errno of the reply
     * @throws ProtocolException if it does not; the connection is of no use any more
     */
    public static int check(final ByteBuffer frame, final Opcode opcode, final long id, final int successSize)
            throws ProtocolException {
        final int length = checkedLength(frame, opcode);
        if (opcode(frame) != opcode.code() || id(frame) != id) {
            throw new ProtocolException(
                    "a reply " + opcode(frame) + " with id " + id(frame) + " to " + opcode + " with id " + id);
        }
        final int errno = errno(frame);
        if (errno < 0 || errno > Errno.MAX) {
            throw new ProtocolException("a reply to " + opcode + " with errno " + errno);
        }
        if (errno == 0 && length < successSize) {
            throw new ProtocolException("a reply to " + opcode + " of " + length + " bytes");
        }
        return errno;
    }

    /** The length of a received frame, which holds a header and lies within its buffer. */
    static int checkedLength(final ByteBuffer frame, final Opcode opcode) throws ProtocolException {
        final int length = frame.limit() < SIZE ? 0 : length(frame);
        if (length < SIZE || length > frame.limit()) {
            throw new ProtocolException("a reply to " + opcode + " of " + length + " bytes");
        }
        return length;
    }

    /** Writes the sequence number that held when the operation began. */
    public static void setSequence(final ByteBuffer frame, final long sequence) {
        frame.putLong(SEQUENCE, sequence);
    }

    /** Bytes of the frame, header included, as the peer says: to be checked before it is believed. */
    public static int length(final ByteBuffer frame) {
        return frame.getInt(LENGTH);
    }

    /** Code of the request that is answered, or of the push. */
    public static int opcode(final ByteBuffer frame) {
        return frame.getShort(OPCODE) & 0xffff;
    }

    /** Number of the request that is answered. */
    public static long id(final ByteBuffer frame) {
        return frame.getLong(ID);
    }

    /** 0 or one of {@link Errno}. */
    public static int errno(final ByteBuffer frame) {
        return frame.getInt(ERRNO);
    }

    /** Number of the last push that the reply knows of. */
    public static long sequence(final ByteBuffer frame) {
        return frame.getLong(SEQUENCE);
    }
}
