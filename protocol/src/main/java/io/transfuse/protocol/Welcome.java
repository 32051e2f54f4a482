package io.transfuse.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The answer to {@link Hello}. When the header's errno is not 0 the body is a message for the user instead (Bytes,
 * UTF-8).
 *
 * <pre>
 * header (ReplyFrame), then
 *  32 major u16    34 minor u16   36 frameMax u32   40 features u64
 *  48 transferMax u32             52 exportFlags u32
 *  56 token (16 bytes)            72 root node u64
 *  80 root {@link Attributes}    176 proof (32 bytes), with {@link Features#AUTHENTICATION}
 * </pre>
 *
 * <p>A lane gets the same record with the root's attributes 0.
 *
 * @param version what the host speaks
 * @param frameMax largest frame that the host takes, in bytes
 * @param features bits of {@link Features} that both sides know
 * @param transferMax most data of one READ or WRITE, in bytes; a WRITE of them fits {@code frameMax}
 * @param exportFlags bits of {@link ExportFlags}
 * @param token by which lanes join
 * @param root node of the mount's root; it lives as long as the session without being counted
 */
public record Welcome(
        Version version, int frameMax, long features, int transferMax, int exportFlags, SessionToken token, long root) {
    private static final int MAJOR = ReplyFrame.SIZE;
    private static final int MINOR = MAJOR + 2;
    private static final int FRAME_MAX = MINOR + 2;
    private static final int FEATURES = FRAME_MAX + 4;
    private static final int TRANSFER_MAX = FEATURES + 8;
    private static final int EXPORT_FLAGS = TRANSFER_MAX + 4;
    private static final int TOKEN = EXPORT_FLAGS + 4;
    private static final int ROOT = TOKEN + SessionToken.SIZE;

    /** Where a frame holds the attributes of the mount's root. */
    public static final int ROOT_ATTRIBUTES = ROOT + 8;

    private static final int SIZE = ROOT_ATTRIBUTES + Attributes.SIZE;
    private static final int MESSAGE = ReplyFrame.SIZE;

    /** Writes the frame around the root's attributes, which lie in place; returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final Welcome welcome) {
        frame.putShort(MAJOR, (short) welcome.version.major());
        frame.putShort(MINOR, (short) welcome.version.minor());
        frame.putInt(FRAME_MAX, welcome.frameMax);
        frame.putLong(FEATURES, welcome.features);
        frame.putInt(TRANSFER_MAX, welcome.transferMax);
        frame.putInt(EXPORT_FLAGS, welcome.exportFlags);
        welcome.token.put(frame, TOKEN);
        frame.putLong(ROOT, welcome.root);
        ReplyFrame.setSequence(frame, 0);
        return ReplyFrame.encode(frame, Opcode.HELLO, 0, SIZE);
    }

    /** Adds the host's proof of {@link Features#AUTHENTICATION} to an encoded frame; returns its new length in bytes. */
    public static int addProof(final ByteBuffer frame, final byte[] proof) {
        frame.put(SIZE, proof, 0, Authenticate.PROOF_SIZE);
        frame.putLong(FEATURES, frame.getLong(FEATURES) | Features.AUTHENTICATION);
        ReplyFrame.setSequence(frame, 0);
        return ReplyFrame.encode(frame, Opcode.HELLO, 0, SIZE + Authenticate.PROOF_SIZE);
    }

    /** The host's proof in a frame that {@link #decode} took; null where there is none. */
    public static byte[] proof(final ByteBuffer frame) {
        if (ReplyFrame.length(frame) == SIZE) {
            return null;
        }
        final byte[] proof = new byte[Authenticate.PROOF_SIZE];
        frame.get(SIZE, proof);
        return proof;
    }

    /** Writes a refusal; returns its length in bytes. Of a long message only the beginning is sent. */
    public static int encodeRefusal(final ByteBuffer frame, final int errno, final String message) {
        final byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        final int end = Bytes.put(frame, MESSAGE, ByteBuffer.wrap(bytes), 0, Math.min(bytes.length, Limits.PATH_MAX));
        ReplyFrame.setSequence(frame, 0);
        return ReplyFrame.encodeRefusal(frame, errno, end);
    }

    /**
     * Reads a received frame.
     *
     * @throws RefusedException if the host refused
     * @throws ProtocolException if it is not an answer of this protocol
     */
    public static Welcome decode(final ByteBuffer frame) throws ProtocolException, RefusedException {
        final int length = ReplyFrame.checkedLength(frame, Opcode.HELLO);
        if (ReplyFrame.opcode(frame) != Opcode.HELLO.code()) {
            throw new ProtocolException("the peer does not speak this protocol");
        }
        final int errno = ReplyFrame.errno(frame);
        if (errno < 0 || errno > Errno.MAX) {
            throw new ProtocolException("a refusal with errno " + errno);
        }
        if (errno != 0) {
            Bytes.checkShape(frame, MESSAGE, length);
            final byte[] message = new byte[Bytes.length(frame, MESSAGE)];
            frame.get(Bytes.start(MESSAGE), message);
            throw new RefusedException(errno, new String(message, StandardCharsets.UTF_8));
        }
        final boolean hasProof = length >= SIZE && (frame.getLong(FEATURES) & Features.AUTHENTICATION) != 0;
        if (length != SIZE + (hasProof ? Authenticate.PROOF_SIZE : 0)) {
            throw new ProtocolException("a welcome of " + length + " bytes");
        }
        final int frameMax = frame.getInt(FRAME_MAX);
        final int transferMax = frame.getInt(TRANSFER_MAX);
        if (frameMax < Limits.HANDSHAKE_FRAME_MAX
                || transferMax < 4096
                || transferMax > frameMax - Write.REQUEST_SIZE) {
            throw new ProtocolException("a welcome with limits of " + frameMax + " and " + transferMax + " bytes");
        }
        return new Welcome(
                new Version(frame.getShort(MAJOR) & 0xffff, frame.getShort(MINOR) & 0xffff),
                frameMax,
                frame.getLong(FEATURES),
                transferMax,
                frame.getInt(EXPORT_FLAGS),
                SessionToken.get(frame, TOKEN),
                frame.getLong(ROOT));
    }
}
