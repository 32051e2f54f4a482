package io.transfuse.transport;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A listening socket. A UNIX socket belongs to its creator alone (mode 0600) unless other users are admitted: then
 * everybody can connect (mode 0666) and the credentials decide. One that a dead server left behind is replaced, one that
 * answers is not.
 */
final class SocketListener implements Listener {
    private static final int BACKLOG = 64;
    private static final int OTHERS_MAY_NOT = 0177;
    private static final int SHUT_RDWR = 2;

    private final Address address;
    private final int descriptor;
    private final Admission admission;
    private final Events events;
    private final NativeBuffer peerMemory = NativeBuffer.allocate(PeerCredentials.SIZE);
    private final AtomicBoolean shutDown = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private SocketListener(
            final Address address, final int descriptor, final Admission admission, final Events events) {
        this.address = address;
        this.descriptor = descriptor;
        this.admission = admission;
        this.events = events;
    }

    /** As {@link Listener#listen}, for sockets. */
    static SocketListener listen(final Address address, final Admission admission, final Events events)
            throws IOException {
        final Path path = address instanceof Address.Unix ? ((Address.Unix) address).path() : null;
        if (path != null) {
            removeStale((Address.Unix) address);
        }
        final SocketListener listener =
                new SocketListener(address, SocketConnection.openSocket(address), admission, events);
        final NativeBuffer socketAddress = SocketAddress.of(address);
        // From the first instant on nobody else may connect.
        final int mask = SocketLibrary.INSTANCE.umask(OTHERS_MAY_NOT);
        final int status =
                SocketLibrary.INSTANCE.bind(listener.descriptor, socketAddress.address(), socketAddress.capacity());
        final int bindErrno = SocketLibrary.errno();
        SocketLibrary.INSTANCE.umask(mask);
        Reference.reachabilityFence(socketAddress);
        if (status != 0) {
            SocketLibrary.INSTANCE.close(listener.descriptor);
            throw new IOException("cannot listen at " + address + ": " + SocketErrors.describe(bindErrno));
        }
        if (path != null) {
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(admission.admitsOtherUsers() ? "rw-rw-rw-" : "rw-------"));
        }
        if (SocketLibrary.INSTANCE.listen(listener.descriptor, BACKLOG) != 0) {
            final int errno = SocketLibrary.errno();
            listener.close();
            throw new IOException("cannot listen at " + address + ": " + SocketErrors.describe(errno));
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
            SocketConnection.connect(address).close();
        } catch (final IOException nobodyAnswers) {
            Files.delete(address.path());
            return;
        }
        throw new IOException("cannot listen at " + address + ": another server answers there");
    }

    @Override
    public Connection accept() throws IOException {
        while (true) {
            final int accepted = SocketLibrary.INSTANCE.accept(
                    descriptor, peerMemory.address(), PeerCredentials.prepare(peerMemory));
            if (shutDown.get()) {
                if (accepted >= 0) {
                    SocketLibrary.INSTANCE.close(accepted);
                }
                return null;
            }
            if (accepted >= 0) {
                final Connection admitted = admit(accepted);
                if (admitted != null) {
                    return admitted;
                }
            } else if (SocketLibrary.errno() != SocketErrors.EINTR) {
                throw new IOException(
                        "cannot accept at " + address + ": " + SocketErrors.describe(SocketLibrary.errno()));
            }
        }
    }

    /** The connection of a peer that may go on; null, and closed, if it may not. */
    private Connection admit(final int accepted) throws IOException {
        final Peer peer;
        try {
            peer = PeerCredentials.of(accepted, address, peerMemory);
        } catch (final IOException e) {
            SocketLibrary.INSTANCE.close(accepted);
            throw e;
        }
        if (admission.admits(peer)) {
            return new SocketConnection(accepted, peer);
        }
        SocketLibrary.INSTANCE.close(accepted);
        events.refused(peer);
        return null;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
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
            SocketConnection.connect(address).close();
        } catch (final IOException alreadyAwake) {
            // nobody was waiting
        }
    }

    /** Gives the descriptor back and removes the socket. */
    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            SocketLibrary.INSTANCE.close(descriptor);
            if (address instanceof Address.Unix) {
                Files.deleteIfExists(((Address.Unix) address).path());
            }
        }
    }
}
