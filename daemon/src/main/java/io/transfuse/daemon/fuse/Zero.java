package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/** Fills padding and fields that are not used. */
final class Zero {
    private Zero() {}

    static void fill(final ByteBuffer out, final int from, final int to) {
        for (int i = from; i < to; i++) {
            out.put(i, (byte) 0);
        }
    }
}
