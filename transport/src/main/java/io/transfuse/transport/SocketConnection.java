package io.transfuse.transport;

import java.io.IOException;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connected socket. {@link #close} gives its descriptor back, so that the number must not be in use by a call in
 * progress.
 */
final class SocketConnection implements Connection {
    private static final int SOCK_STREAM = 1;
    private static final int SHUT_RDWR = 2;

    private final int descriptor;
    private final Peer peer;
    private final AtomicBoolean closed = new AtomicBoolean();

    SocketConnection(final int descriptor, final Peer peer) {
        this.descriptor = descriptor;
        this.peer = peer;
    }

    /**
     * Connects to a listening peer.
     *
     * @throws IOException with a message that names the address and the cause
     */
    static SocketConnection connect(final Address address) throws IOException {
        final SocketConnection connection = new SocketConnection(openSocket(address), new Peer.Server(address));
        final NativeBuffer socketAddress = SocketAddress.of(address);
        final int status = SocketLibrary.INSTANCE.connect(
                connection.descriptor, socketAddress.address(), socketAddress.capacity());
        Reference.reachabilityFence(socketAddress);
        if (status != 0) {
            final int errno = SocketLibrary.errno();
            connection.close();
            throw new IOException("cannot connect to " + address + ": " + SocketErrors.describe(errno));
        }
        return connection;
    }

    static int openSocket(final Address address) throws IOException {
        final int descriptor =
                SocketLibrary.INSTANCE.socket(SocketAddress.family(address), SOCK_STREAM | Platform.SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new IOException(
                    "cannot open a socket for " + address + ": " + SocketErrors.describe(SocketLibrary.errno()));
        }
        return descriptor;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
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

    @Override
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

    @Override
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

    @Override
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
