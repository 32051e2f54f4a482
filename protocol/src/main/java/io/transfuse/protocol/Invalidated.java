package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * INVALIDATED, on the push connection only, says that the guest and its kernel have forgotten what every
 * {@link Invalidate} up to {@code sequence} named. It is sent for those with {@link Invalidation#SYNC}.
 *
 * <pre>
 * request: sequence u64
 * no reply
 * </pre>
 */
public final class Invalidated {
    private static final int SEQUENCE = RequestFrame.SIZE;

    /** Bytes of the request, the header included. */
    public static final int REQUEST_SIZE = SEQUENCE + 8;

    private Invalidated() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long sequence) {
        frame.putLong(SEQUENCE, sequence);
        return RequestFrame.encode(frame, Opcode.INVALIDATED, REQUEST_SIZE);
    }

    /** Number of the last push that is done. */
    public static long sequence(final ByteBuffer frame) {
        return frame.getLong(SEQUENCE);
    }
}
