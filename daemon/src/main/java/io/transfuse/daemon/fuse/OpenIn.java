package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * OPEN and OPENDIR. Kernel: {@code struct fuse_open_in}.
 *
 * <pre>
 *      +-----------------------------------------------+
 *    0 | flags u32             | openFlags u32         |
 *      +-----------------------------------------------+
 *    8
 * </pre>
 */
public final class OpenIn {
    private static final int FLAGS = InHeader.SIZE;
    private static final int OPEN_FLAGS = InHeader.SIZE + 4;

    /** Bytes of a request up to the end of the structure, the header included. */
    public static final int END = InHeader.SIZE + 8;

    /** FUSE_OPEN_KILL_SUIDGID in {@code openFlags}: clear the set-id bits when truncating. */
    public static final int KILL_SUIDGID = 1;

    private OpenIn() {}

    /** The caller's O_ flags. */
    public static int flags(final ByteBuffer request) {
        return request.getInt(FLAGS);
    }

    public static int openFlags(final ByteBuffer request) {
        return request.getInt(OPEN_FLAGS);
    }
}
