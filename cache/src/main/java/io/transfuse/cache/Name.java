package io.transfuse.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The name of a directory entry, as bytes. Immutable. */
public final class Name {
    private final byte[] bytes;
    private final int hash;

    private Name(final byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** The name with these bytes, which must not be changed afterwards. */
    public static Name of(final byte[] bytes) {
        return new Name(bytes);
    }

    /** The bytes, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** In bytes. */
    public int length() {
        return bytes.length;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Name && Arrays.equals(bytes, ((Name) other).bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** For log lines and tests. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
