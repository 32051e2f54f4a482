package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * The header that every frame from the guest to the host begins with. All numbers are little-endian.
 *
 * <pre>
 *  0        4        6        8                16       20       24
 *  +--------+--------+--------+----------------+--------+--------+----------
 *  | length | opcode | flags  | id             | uid    | gid    | body ...
 *  +--------+--------+--------+----------------+--------+--------+----------
 * </pre>
 *
 * <p>{@code length} counts the whole frame, the header included. {@code id} comes back in the reply. {@code uid} and
 * {@code gid} are the caller's file system identity: what a request creates belongs to it. {@code flags} is 0.
 *
 * <p>A frame always lies at index 0 of its buffer; buffers are little-endian.
 */
public final class RequestFrame {
    private static final int LENGTH = 0;
    private static final int OPCODE = 4;
    private static final int FLAGS = 6;
    private static final int ID = 8;
    private static final int UID = 16;
    private static final int GID = 20;

    /** Bytes of the header. */
    public static final int SIZE = 24;

    private RequestFrame() {}

    /** Writes length and opcode of a frame whose body is in place; returns {@code length} for chaining. */
    public static int encode(final ByteBuffer frame, final Opcode opcode, final int length) {
        frame.putInt(LENGTH, length);
        frame.putShort(OPCODE, (short) opcode.code());
        frame.putShort(FLAGS, (short) 0);
        return length;
    }

    /** Writes who asks and under which id. */
    public static void setCaller(final ByteBuffer frame, final long id, final int uid, final int gid) {
        frame.putLong(ID, id);
        frame.putInt(UID, uid);
        frame.putInt(GID, gid);
    }

    /** Bytes of the frame, header included, as the peer says: to be checked before it is believed. */
    public static int length(final ByteBuffer frame) {
        return frame.getInt(LENGTH);
    }

    /** The code as sent, 0 to 65535; {@link Opcode#of} tells whether it is known. */
    public static int opcode(final ByteBuffer frame) {
        return frame.getShort(OPCODE) & 0xffff;
    }

    /** Number that the reply has to bear. */
    public static long id(final ByteBuffer frame) {
        return frame.getLong(ID);
    }

    /** User of the calling thread, unsigned. */
    public static int uid(final ByteBuffer frame) {
        return frame.getInt(UID);
    }

    /** Group of the calling thread, unsigned. */
    public static int gid(final ByteBuffer frame) {
        return frame.getInt(GID);
    }

    /**
     * Checks the shape of a received request: a known opcode, a length that fits it, and fields of variable length that
     * fill the frame exactly. What the fields mean is checked by {@link Opcode#checkNames}.
     *
     * @throws ProtocolException if the frame is malformed; the connection is of no use any more
     */
    public static Opcode check(final ByteBuffer frame) throws ProtocolException {
        final int length = checkedLength(frame);
        final Opcode opcode = Opcode.of(opcode(frame));
        if (opcode == null) {
            throw new ProtocolException("unknown opcode " + opcode(frame));
        }
        opcode.checkShape(frame, length);
        return opcode;
    }

    /** The length of a received frame, which holds a header and lies within its buffer. */
    static int checkedLength(final ByteBuffer frame) throws ProtocolException {
        final int length = frame.limit() < SIZE ? 0 : length(frame);
        if (length < SIZE || length > frame.limit()) {
            throw new ProtocolException("a frame of " + length + " bytes in " + frame.limit());
        }
        return length;
    }
}
