package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * INTERRUPT: the caller of another request got a signal. Kernel: {@code struct fuse_interrupt_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | target u64                                    |
 *      +-----------------------------------------------+
 *    8
 * </pre>
 */
public final class InterruptIn {
    private static final int TARGET = InHeader.SIZE;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 8;

    private InterruptIn() {}

    /** The unique of that request. */
    public static long target(final ByteBuffer request) {
        return request.getLong(TARGET);
    }
}
