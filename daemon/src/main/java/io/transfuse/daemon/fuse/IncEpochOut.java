package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * The notification that every name is stale, absent ones included; since protocol 7.44. Kernel: FUSE_NOTIFY_INC_EPOCH.
 */
public final class IncEpochOut {
    /** The minor version of the kernel's protocol that brought it. */
    public static final int SINCE_MINOR = 44;

    private static final int CODE = 8;

    /** Bytes of the notification, the header included. */
    public static final int SIZE = OutHeader.SIZE;

    private IncEpochOut() {}

    /** Writes the notification at index 0. */
    public static void put(final ByteBuffer out) {
        OutHeader.putNotification(out, 0, SIZE, CODE);
    }
}
