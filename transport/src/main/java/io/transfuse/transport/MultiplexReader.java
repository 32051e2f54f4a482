package io.transfuse.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Finds the frames in a multiplexed stream. Belongs to the thread that reads. */
final class MultiplexReader {
    private final Connection stream;
    private final NativeBuffer memory = NativeBuffer.allocate(2 * MultiplexFrame.FRAME_MAX);
    private final ByteBuffer bytes = memory.bytes();

    /** Where the present frame begins. */
    private int start;

    private int end;

    /** Whether there is a present frame, which the next one follows. */
    private boolean present;

    MultiplexReader(final Connection stream) {
        this.stream = stream;
    }

    /** The memory in which the present frame lies. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Where the present frame begins. */
    int at() {
        return start;
    }

    int type() {
        return MultiplexFrame.type(bytes, start);
    }

    int channel() {
        return MultiplexFrame.channel(bytes, start);
    }

    /** Bytes of the payload. */
    int length() {
        return MultiplexFrame.length(bytes, start);
    }

    /** Where the payload begins. */
    int payload() {
        return MultiplexFrame.payload(start);
    }

    /**
     * Waits for the frame that follows the present one.
     *
     * @return false at the end of the stream
     * @throws MalformedStreamException if something else follows; {@link #find} then looks for a frame in it
     */
    boolean next() throws IOException, MalformedStreamException {
        leave();
        if (!fill(MultiplexFrame.SIZE)) {
            return false;
        }
        if (!MultiplexFrame.isHeader(bytes, start)) {
            throw new MalformedStreamException("what came is no frame");
        }
        if (!fill(MultiplexFrame.SIZE + length())) {
            return false;
        }
        if (!MultiplexFrame.isIntact(bytes, start)) {
            throw new MalformedStreamException("a frame has a wrong checksum");
        }
        present = true;
        return true;
    }

    /**
     * Waits for an intact frame of this type, whatever comes before it.
     *
     * @return false at the end of the stream
     */
    boolean find(final int type) throws IOException {
        leave();
        while (fill(MultiplexFrame.SIZE)) {
            if (MultiplexFrame.isHeader(bytes, start) && type() == type) {
                if (!fill(MultiplexFrame.SIZE + length())) {
                    return false;
                }
                if (MultiplexFrame.isIntact(bytes, start)) {
                    present = true;
                    return true;
                }
            }
            start++;
        }
        return false;
    }

    private void leave() {
        if (present) {
            start += MultiplexFrame.SIZE + length();
            present = false;
        }
    }

    /** Waits until there are {@code wanted} bytes from the start on; false at the end of the stream. */
    private boolean fill(final int wanted) throws IOException {
        while (end - start < wanted) {
            if (memory.capacity() - start < MultiplexFrame.FRAME_MAX) {
                bytes.put(0, bytes, start, end - start);
                end -= start;
                start = 0;
            }
            final int count = stream.read(memory, end, memory.capacity() - end);
            if (count < 0) {
                return false;
            }
            end += count;
        }
        return true;
    }
}
