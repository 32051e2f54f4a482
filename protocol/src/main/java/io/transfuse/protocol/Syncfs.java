package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * SYNCFS brings all that was written to the file system of {@code node} to stable storage. See syncfs(2).
 *
 * <pre>
 * request: node u64
 * reply  : (empty)
 * </pre>
 */
public final class Syncfs {
    private static final int NODE = RequestFrame.SIZE;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NODE + 8;

    private Syncfs() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long node) {
        frame.putLong(NODE, node);
        return RequestFrame.encode(frame, Opcode.SYNCFS, REQUEST_SIZE);
    }

    /** Node of an object on the file system. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }
}
