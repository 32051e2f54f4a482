package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * CANCEL, on the push connection only, ends the wait of the {@link Setlk} whose id is {@code target} with EINTR. It is
 * without effect when that request has been answered.
 *
 * <pre>
 * request: target u64
 * no reply
 * </pre>
 */
public final class Cancel {
    private static final int TARGET = RequestFrame.SIZE;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = TARGET + 8;

    private Cancel() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long target) {
        frame.putLong(TARGET, target);
        return RequestFrame.encode(frame, Opcode.CANCEL, REQUEST_SIZE);
    }

    /** Id of the request to end. */
    public static long target(final ByteBuffer frame) {
        return frame.getLong(TARGET);
    }
}
