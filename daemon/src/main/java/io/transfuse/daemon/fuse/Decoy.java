package io.transfuse.daemon.fuse;

/**
 * The number under which the kernel knows a fifo, socket or device for callers who may not open it. About opening those
 * the kernel asks nobody; where it does not check permissions itself it would let everybody in. So such a caller is
 * given another inode with the same attributes, but for the number of a device: whoever opens it reaches nobody. A bit
 * tells the two apart, which every request loses when it is read: for all but opening they are one.
 */
public final class Decoy {
    private static final long BIT = 1L << 59;

    private Decoy() {}

    /** The number of the decoy of {@code node}. */
    public static long of(final long node) {
        return node | BIT;
    }

    /** The object's own number. */
    public static long node(final long number) {
        return number & ~BIT;
    }
}
