package io.transfuse.transport;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;

/**
 * A byte stream to the peer in blocking calls. One thread reads and one thread writes at a time; {@link #shutdown} may
 * come from any thread and ends both. {@link #close} gives back what the connection holds and is for the thread that
 * reads, or for after that thread has ended.
 */
public interface Connection extends Closeable {
    /** Who is at the other end, by what the kernel says. */
    Peer peer();

    /**
     * Reads what there is, at least one byte, waiting for it.
     *
     * @return the number of bytes, or -1 at the end of the stream
     */
    int read(NativeBuffer buffer, int at, int most) throws IOException;

    /**
     * Reads exactly {@code length} bytes.
     *
     * @throws EOFException if the stream ends before
     */
    default void readFully(final NativeBuffer buffer, final int at, final int length) throws IOException {
        int done = 0;
        while (done < length) {
            final int count = read(buffer, at + done, length - done);
            if (count < 0) {
                throw new EOFException("the peer closed the connection");
            }
            done += count;
        }
    }

    /** From now on a {@link #read} fails that has waited {@code millis} for a byte; 0 waits for ever. */
    void setReadTimeout(int millis) throws IOException;

    /** Writes all of {@code length} bytes. */
    void writeFully(NativeBuffer buffer, int at, int length) throws IOException;

    /** Ends the stream in both directions: a blocked or later {@link #read} of either peer finds its end. Never waits. */
    void shutdown();

    @Override
    void close();
}
