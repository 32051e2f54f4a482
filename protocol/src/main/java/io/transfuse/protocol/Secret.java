package io.transfuse.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What daemon and host server both know and never send: each proves to the other that it knows it, by an HMAC-SHA-256
 * (RFC 2104) over a nonce of the other's. See {@link Authenticate}. Immutable.
 */
public final class Secret {
    /** Fewest bytes of a secret; with fewer it could be guessed from a proof. */
    public static final int SIZE_MIN = 16;

    /** Most bytes of a secret. */
    public static final int SIZE_MAX = 4096;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] GUEST = "transfuse guest\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HOST = "transfuse host\0\0".getBytes(StandardCharsets.US_ASCII);

    private final SecretKeySpec key;

    /**
     * A secret of these bytes, which are copied.
     *
     * @throws IllegalArgumentException if they are too few or too many
     */
    public Secret(final byte[] bytes) {
        if (bytes.length < SIZE_MIN || bytes.length > SIZE_MAX) {
            throw new IllegalArgumentException(
                    "a secret has " + SIZE_MIN + " to " + SIZE_MAX + " bytes, this one has " + bytes.length);
        }
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /**
     * The guest's proof.
     *
     * @param challenge the host's nonce
     * @param hello the whole frame of {@link Hello}, the guest's nonce included
     */
    public byte[] guestProof(final Nonce challenge, final byte[] hello) {
        return proof(GUEST, challenge, hello);
    }

    /** The host's proof; parameters as of {@link #guestProof}. */
    public byte[] hostProof(final Nonce challenge, final byte[] hello) {
        return proof(HOST, challenge, hello);
    }

    private byte[] proof(final byte[] side, final Nonce challenge, final byte[] hello) {
        try {
            final Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(side);
            final ByteBuffer nonce = ByteBuffer.allocate(Nonce.SIZE);
            challenge.put(nonce, 0);
            mac.update(nonce);
            return mac.doFinal(hello);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** Compares proofs, in a time that does not depend on where they differ. */
    public static boolean areEqual(final byte[] proof, final byte[] other) {
        return MessageDigest.isEqual(proof, other);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Secret && areEqual(key.getEncoded(), ((Secret) other).key.getEncoded());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key.getEncoded());
    }

    /** Does not show it. */
    @Override
    public String toString() {
        return "a secret";
    }
}
