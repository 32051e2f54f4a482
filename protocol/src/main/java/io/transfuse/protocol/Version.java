package io.transfuse.protocol;

/**
 * The version of the protocol. Peers with the same {@code major} understand each other; {@code minor} counts additions
 * that feature bits announce.
 *
 * @param major 0 to 65535
 * @param minor 0 to 65535
 */
public record Version(int major, int minor) {
    /** What this code speaks. */
    public static final Version CURRENT = new Version(1, 1);

    /** Whether a peer of version {@code other} can be talked to. */
    public boolean understands(final Version other) {
        return major == other.major;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
