package io.transfuse.host.session;

import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.transport.Connection;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Cuts a stream into frames, each at index 0 of the memory in turn. Belongs to the thread that reads. */
final class FrameReader {
    private final Connection connection;
    private final NativeBuffer memory;
    private final ByteBuffer bytes;
    private final int frameMax;
    private int filled;

    /**
     * @param frameMax longest frame that is taken, in bytes; the memory may be longer
     */
    FrameReader(final Connection connection, final NativeBuffer memory, final int frameMax) {
        this.connection = connection;
        this.memory = memory;
        this.bytes = memory.bytes();
        this.frameMax = frameMax;
    }

    /**
     * Waits for a whole frame at index 0.
     *
     * @return false at the end of the stream
     * @throws ProtocolException if the frame is too short or too long, or the stream ends within it
     */
    boolean next() throws IOException, ProtocolException {
        while (!isComplete()) {
            final int count = connection.read(memory, filled, memory.capacity() - filled);
            if (count < 0) {
                if (filled > 0) {
                    throw new ProtocolException("the peer closed the connection within a frame");
                }
                return false;
            }
            filled += count;
        }
        return true;
    }

    private boolean isComplete() throws ProtocolException {
        if (filled < Integer.BYTES) {
            return false;
        }
        final int length = RequestFrame.length(bytes);
        if (length < RequestFrame.SIZE || length > frameMax) {
            throw new ProtocolException("a frame of " + Integer.toUnsignedString(length) + " bytes, where "
                    + RequestFrame.SIZE + " to " + frameMax + " are allowed");
        }
        return filled >= length;
    }

    /** Ends the use of the frame at index 0 and moves what follows it there. */
    void consume() {
        final int length = RequestFrame.length(bytes);
        filled -= length;
        if (filled > 0) {
            bytes.put(0, bytes, length, filled);
        }
    }
}
