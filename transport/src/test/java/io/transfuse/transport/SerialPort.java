package io.transfuse.transport;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A serial port between guest and host as a hypervisor has it: one stream to the host server, whoever opens and leaves the
 * guest's end. Neither side is told when the other goes, and the bytes on their way stay.
 */
final class SerialPort implements Closeable {
    private final ServerSocketChannel guestEnd;
    private final Path hostSocket;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile SocketChannel host;
    private volatile SocketChannel guest;

    SerialPort(final Path guestSocket, final Path hostSocket) throws IOException {
        this.hostSocket = hostSocket;
        this.guestEnd = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        guestEnd.bind(UnixDomainSocketAddress.of(guestSocket));
        connectHost();
        start(this::takeGuests);
    }

    /** Connects to the host server, a new one perhaps, without a word to the guest. */
    void connectHost() throws IOException {
        final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(hostSocket));
        host = channel;
        start(() -> copy(channel, false));
    }

    /** Sends bytes to the host as if the guest had. */
    void send(final byte[] bytes) throws IOException {
        write(host, ByteBuffer.wrap(bytes));
    }

    private void start(final Runnable work) {
        final Thread thread = new Thread(work, "serial port");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void takeGuests() {
        try {
            while (true) {
                final SocketChannel channel = guestEnd.accept();
                guest = channel;
                start(() -> copy(channel, true));
            }
        } catch (final IOException e) {
            // The test is over.
        }
    }

    private void copy(final SocketChannel from, final boolean toHost) {
        final ByteBuffer bytes = ByteBuffer.allocate(16 * 1024);
        try {
            while (from.read(bytes.clear()) >= 0) {
                bytes.flip();
                pass(toHost ? host : guest, bytes);
            }
        } catch (final IOException e) {
            // That end has gone; the port stays.
        }
    }

    private static void pass(final SocketChannel to, final ByteBuffer bytes) {
        try {
            if (to != null) {
                write(to, bytes);
            }
        } catch (final IOException e) {
            // Nobody is there to take them.
        }
    }

    private static void write(final SocketChannel to, final ByteBuffer bytes) throws IOException {
        synchronized (to) {
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        }
    }

    @Override
    public void close() {
        try {
            guestEnd.close();
            host.close();
            if (guest != null) {
                guest.close();
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
