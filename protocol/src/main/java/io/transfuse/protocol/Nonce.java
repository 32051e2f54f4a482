package io.transfuse.protocol;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/** 32 random bytes that are used once, so that no proof can be used again. Immutable. */
public final class Nonce {
    /** Bytes of a nonce. */
    public static final int SIZE = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] bytes;

    private Nonce(final byte[] bytes) {
        this.bytes = bytes;
    }

    /** A new one, which nobody can guess. */
    public static Nonce random() {
        final byte[] bytes = new byte[SIZE];
        RANDOM.nextBytes(bytes);
        return new Nonce(bytes);
    }

    static Nonce get(final ByteBuffer frame, final int at) {
        final byte[] bytes = new byte[SIZE];
        frame.get(at, bytes);
        return new Nonce(bytes);
    }

    void put(final ByteBuffer frame, final int at) {
        frame.put(at, bytes);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Nonce && Arrays.equals(bytes, ((Nonce) other).bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
