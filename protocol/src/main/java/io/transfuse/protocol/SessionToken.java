package io.transfuse.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;

/** The secret by which a lane joins the session of a mount: 16 random bytes that only the mount's daemon is told. */
public final class SessionToken {
    /** Bytes of a token. */
    public static final int SIZE = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] bytes;

    private SessionToken(final byte[] bytes) {
        this.bytes = bytes;
    }

    /** A new one, which nobody can guess. */
    public static SessionToken random() {
        final byte[] bytes = new byte[SIZE];
        RANDOM.nextBytes(bytes);
        return new SessionToken(bytes);
    }

    static SessionToken get(final ByteBuffer frame, final int at) {
        final byte[] bytes = new byte[SIZE];
        frame.get(at, bytes);
        return new SessionToken(bytes);
    }

    void put(final ByteBuffer frame, final int at) {
        frame.put(at, bytes);
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(final Object other) {
        return other instanceof SessionToken && MessageDigest.isEqual(bytes, ((SessionToken) other).bytes);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** Does not show the secret. */
    @Override
    public String toString() {
        return "session " + Integer.toHexString(ByteBuffer.wrap(bytes).getShort() & 0xffff);
    }
}
