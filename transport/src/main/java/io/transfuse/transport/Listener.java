package io.transfuse.transport;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Accepts connections at an address. The socket belongs to its creator alone (mode 0600). A socket that a dead server
 * left behind is replaced, one that answers is not. {@link #shutdown} may come from any thread and makes {@link #accept}
 * return null.
 */
public final class Listener implements Closeable {
    private static final int BACKLOG = 64;
    private static final int OTHERS_MAY_NOT = 0177;
    private static final int SHUT_RDWR = 2;

    private final Address.Unix address;
    private final int descriptor;
    private final AtomicBoolean shutDown = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Listener(final Address.Unix address, final int descriptor) {
        this.address = address;
        this.descriptor = descriptor;
    }

    /**
     * Begins to listen.
     *
     * @throws IOException with a message that names the address and the cause; also when another server answers there
     */
    public static Listener listen(final Address address) throws IOException {
        final Address.Unix unix = (Address.Unix) address;
        removeStale(unix);
        final Listener listener = new Listener(unix, Connection.openSocket(unix));
        final NativeBuffer socketAddress = Connection.socketAddress(unix);
        // From the first instant on nobody else may connect.
        final int mask = SocketLibrary.INSTANCE.umask(OTHERS_MAY_NOT);
        final int status =
                SocketLibrary.INSTANCE.bind(listener.descriptor, socketAddress.address(), socketAddress.capacity());
        final int bindErrno = SocketLibrary.errno();
        SocketLibrary.INSTANCE.umask(mask);
        Reference.reachabilityFence(socketAddress);
        if (status != 0) {
            SocketLibrary.INSTANCE.close(listener.descriptor);
            throw new IOException("cannot listen at " + unix + ": " + SocketErrors.describe(bindErrno));
        }
        Files.setPosixFilePermissions(unix.path(), PosixFilePermissions.fromString("rw-------"));
        if (SocketLibrary.INSTANCE.listen(listener.descriptor, BACKLOG) != 0) {
            final int errno = SocketLibrary.errno();
            listener.close();
            throw new IOException("cannot listen at " + unix + ": " + SocketErrors.describe(errno));
        }
        return listener;
    }

    private static void removeStale(final Address.Unix address) throws IOException {
        if (!Files.exists(address.path(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        final boolean isSocket =
                (Integer) Files.getAttribute(address.path(), "unix:mode", LinkOption.NOFOLLOW_LINKS) >> 12 == 0xc;
        if (!isSocket) {
            throw new IOException("cannot listen at " + address + ": there is something that is not a socket");
        }
        try {
            Connection.connect(address).close();
        } catch (final IOException nobodyAnswers) {
            Files.delete(address.path());
            return;
        }
        throw new IOException("cannot listen at " + address + ": another server answers there");
    }

    /** Waits for the next connection; null after {@link #shutdown}. */
    public Connection accept() throws IOException {
        while (true) {
            final int accepted = SocketLibrary.INSTANCE.accept(descriptor, 0, 0);
            if (shutDown.get()) {
                if (accepted >= 0) {
                    SocketLibrary.INSTANCE.close(accepted);
                }
                return null;
            }
            if (accepted >= 0) {
                return new Connection(accepted);
            }
            if (SocketLibrary.errno() != SocketErrors.EINTR) {
                throw new IOException(
                        "cannot accept at " + address + ": " + SocketErrors.describe(SocketLibrary.errno()));
            }
        }
    }

    public Address address() {
        return address;
    }

    /** Makes {@link #accept} return null, now and later. */
    public void shutdown() {
        if (shutDown.compareAndSet(false, true)) {
            SocketLibrary.INSTANCE.shutdown(descriptor, SHUT_RDWR);
            if (Platform.MACOS) {
                wakeByConnecting();
            }
        }
    }

    /** On macOS shutdown(2) does not wake accept(2). */
    private void wakeByConnecting() {
        try {
            Connection.connect(address).close();
        } catch (final IOException alreadyAwake) {
            // nobody was waiting
        }
    }

    /** Gives the descriptor back and removes the socket; for after {@link #accept} has returned for the last time. */
    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            SocketLibrary.INSTANCE.close(descriptor);
            Files.deleteIfExists(address.path());
        }
    }
}
