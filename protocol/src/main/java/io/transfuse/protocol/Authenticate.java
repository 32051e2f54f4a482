package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * The challenge between {@link Hello} and {@link Welcome} where there is a {@link Secret}. The host sends its nonce, in a
 * frame with the header of a reply; the guest answers with its proof, and the host's own proof comes with the welcome.
 *
 * <pre>
 * from the host:  nonce (32 bytes)
 * from the guest: proof (32 bytes)
 * </pre>
 */
public final class Authenticate {
    /** Bytes of a proof. */
    public static final int PROOF_SIZE = 32;

    private static final int PROOF = RequestFrame.SIZE;
    private static final int NONCE = ReplyFrame.SIZE;

    /** Bytes of the guest's frame, the header included. */
    public static final int REQUEST_SIZE = PROOF + PROOF_SIZE;

    /** Bytes of the host's frame, the header included. */
    public static final int REPLY_SIZE = NONCE + Nonce.SIZE;

    private Authenticate() {}

    /** Writes the host's frame and returns its length in bytes. */
    public static int encodeChallenge(final ByteBuffer frame, final Nonce nonce) {
        nonce.put(frame, NONCE);
        ReplyFrame.setSequence(frame, 0);
        return ReplyFrame.encode(frame, Opcode.AUTHENTICATE, 0, REPLY_SIZE);
    }

    /** Whether what answers a greeting is a challenge. */
    public static boolean isChallenge(final ByteBuffer frame) {
        return ReplyFrame.opcode(frame) == Opcode.AUTHENTICATE.code();
    }

    /**
     * Reads the host's frame.
     *
     * @throws ProtocolException if it is no challenge
     */
    public static Nonce challenge(final ByteBuffer frame) throws ProtocolException {
        if (ReplyFrame.check(frame, Opcode.AUTHENTICATE, 0, REPLY_SIZE) != 0) {
            throw new ProtocolException("a challenge with an error");
        }
        return Nonce.get(frame, NONCE);
    }

    /** Writes the guest's frame and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final byte[] proof) {
        RequestFrame.setCaller(frame, 0, 0, 0);
        frame.put(PROOF, proof, 0, PROOF_SIZE);
        return RequestFrame.encode(frame, Opcode.AUTHENTICATE, REQUEST_SIZE);
    }

    /**
     * Reads the guest's frame.
     *
     * @throws ProtocolException if it is another
     */
    public static byte[] proof(final ByteBuffer frame) throws ProtocolException {
        if (RequestFrame.check(frame) != Opcode.AUTHENTICATE) {
            throw new ProtocolException("a challenge was not answered");
        }
        final byte[] proof = new byte[PROOF_SIZE];
        frame.get(PROOF, proof);
        return proof;
    }
}
