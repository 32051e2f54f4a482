package io.transfuse.transport;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A byte stream to the peer in blocking calls. One thread reads and one thread writes at a time; {@link #shutdown} may
 * come from any thread and ends both. {@link #close} gives the descriptor back and is for the thread that reads, or for
 * after that thread has ended, so that the number is not used again under a call in progress.
 */
public final class Connection implements Closeable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SHUT_RDWR = 2;
    private static final int SOCKADDR_SIZE = 110;

    private final int descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    Connection(final int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Connects to a listening peer.
     *
     * @throws IOException with a message that names the address and the cause
     */
    public static Connection connect(final Address address) throws IOException {
        final Connection connection = new Connection(openSocket(address));
        final NativeBuffer socketAddress = socketAddress(((Address.Unix) address));
        final int status =
                SocketLibrary.INSTANCE.connect(connection.descriptor, socketAddress.address(), SOCKADDR_SIZE);
        Reference.reachabilityFence(socketAddress);
        if (status != 0) {
            final int errno = SocketLibrary.errno();
            connection.close();
            throw new IOException("cannot connect to " + address + ": " + SocketErrors.describe(errno));
        }
        return connection;
    }

    static int openSocket(final Address address) throws IOException {
        final int descriptor = SocketLibrary.INSTANCE.socket(AF_UNIX, SOCK_STREAM | Platform.SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new IOException(
                    "cannot open a socket for " + address + ": " + SocketErrors.describe(SocketLibrary.errno()));
        }
        return descriptor;
    }

    static NativeBuffer socketAddress(final Address.Unix address) {
        final NativeBuffer buffer = NativeBuffer.allocate(SOCKADDR_SIZE);
        final ByteBuffer bytes = buffer.bytes();
        if (Platform.SOCKADDR_HAS_LENGTH) {
            bytes.put(0, (byte) SOCKADDR_SIZE);
            bytes.put(1, (byte) AF_UNIX);
        } else {
            bytes.putShort(0, (short) AF_UNIX);
        }
        bytes.put(2, address.path().toString().getBytes(StandardCharsets.UTF_8));
        return buffer;
    }

    /**
     * Reads what there is, at least one byte, waiting for it.
     *
     * @return the number of bytes, or -1 at the end of the stream
     */
    public int read(final NativeBuffer buffer, final int at, final int most) throws IOException {
        while (true) {
            final long count = SocketLibrary.INSTANCE.read(descriptor, buffer.address(at), most);
            if (count > 0) {
                return (int) count;
            }
            if (count == 0) {
                return -1;
            }
            if (SocketLibrary.errno() != SocketErrors.EINTR) {
                throw new IOException("cannot read from the peer: " + SocketErrors.describe(SocketLibrary.errno()));
            }
        }
    }

    /**
     * Reads exactly {@code length} bytes.
     *
     * @throws EOFException if the stream ends before
     */
    public void readFully(final NativeBuffer buffer, final int at, final int length) throws IOException {
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
    public void setReadTimeout(final int millis) throws IOException {
        final NativeBuffer timeval = NativeBuffer.allocate(16);
        timeval.bytes().putLong(0, millis / 1000);
        timeval.bytes().putLong(8, millis % 1000 * 1000L);
        final int status = SocketLibrary.INSTANCE.setsockopt(
                descriptor, Platform.SOL_SOCKET, Platform.SO_RCVTIMEO, timeval.address(), timeval.capacity());
        Reference.reachabilityFence(timeval);
        if (status != 0) {
            throw new IOException("cannot set a timeout: " + SocketErrors.describe(SocketLibrary.errno()));
        }
    }

    /** Writes all of {@code length} bytes. */
    public void writeFully(final NativeBuffer buffer, final int at, final int length) throws IOException {
        int done = 0;
        while (done < length) {
            final long count = SocketLibrary.INSTANCE.write(descriptor, buffer.address(at + done), length - done);
            if (count >= 0) {
                done += (int) count;
            } else if (SocketLibrary.errno() != SocketErrors.EINTR) {
                throw new IOException("cannot write to the peer: " + SocketErrors.describe(SocketLibrary.errno()));
            }
        }
    }

    /** Ends the stream in both directions: a blocked or later {@link #read} of either peer finds its end. */
    public void shutdown() {
        if (!closed.get()) {
            SocketLibrary.INSTANCE.shutdown(descriptor, SHUT_RDWR);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            SocketLibrary.INSTANCE.close(descriptor);
        }
    }
}
