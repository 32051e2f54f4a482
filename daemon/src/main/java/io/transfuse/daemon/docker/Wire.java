package io.transfuse.daemon.docker;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A UNIX socket in blocking calls, with what was read and not used yet. One thread may read while another writes. A
 * writer that the peer keeps waiting does not read on: that is the backpressure.
 */
final class Wire implements Closeable {
    private static final int BUFFER_SIZE = 64 * 1024;

    private final SocketChannel channel;

    /** What was read: from its position to its limit. */
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_SIZE).limit(0);

    Wire(final SocketChannel channel) {
        this.channel = channel;
    }

    static Wire connect(final Path path) throws IOException {
        final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            final SocketAddress address = UnixDomainSocketAddress.of(path);
            channel.connect(address);
            return new Wire(channel);
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Waits until there is something to be read; false at the end. */
    private boolean await() throws IOException {
        if (in.hasRemaining()) {
            return true;
        }
        in.clear();
        try {
            return channel.read(in) >= 0;
        } finally {
            in.flip();
        }
    }

    /** The next byte; -1 at the end. */
    int read() throws IOException {
        while (!in.hasRemaining()) {
            if (!await()) {
                return -1;
            }
        }
        return in.get() & 0xff;
    }

    /** Up to {@code length} of the bytes that come next; waits for one of them; -1 at the end. */
    int read(final byte[] bytes, final int offset, final int length) throws IOException {
        while (!in.hasRemaining()) {
            if (!await()) {
                return -1;
            }
        }
        final int count = Math.min(length, in.remaining());
        in.get(bytes, offset, count);
        return count;
    }

    /** Sends up to {@code most} of the bytes that come next to {@code target}; how many, -1 at the end. */
    long transfer(final Wire target, final long most) throws IOException {
        while (!in.hasRemaining()) {
            if (!await()) {
                return -1;
            }
        }
        final int count = (int) Math.min(most, in.remaining());
        final int limit = in.limit();
        in.limit(in.position() + count);
        try {
            target.write(in);
        } finally {
            in.limit(limit);
        }
        return count;
    }

    /** Sends all that comes, until the end. */
    void transferAll(final Wire target) throws IOException {
        long count;
        do {
            count = transfer(target, Long.MAX_VALUE);
        } while (count >= 0);
    }

    /** Reads what comes, up to {@code most} bytes and until the end, and forgets it. */
    void discard(final long most) throws IOException {
        long left = most;
        while (left > 0 && (in.hasRemaining() || await())) {
            left -= in.remaining();
            in.position(in.limit());
        }
    }

    void write(final byte[] bytes) throws IOException {
        write(ByteBuffer.wrap(bytes));
    }

    private void write(final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Tells the peer that nothing more comes; it may go on sending. */
    void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (final IOException e) {
            // The peer has gone: there is nobody to be told.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (final IOException e) {
            // close(2) of a socket frees it whatever it says.
        }
    }
}
