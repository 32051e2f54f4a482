package io.transfuse.daemon.docker;

import io.transfuse.daemon.http.SocketFile;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A UNIX socket at which a thread accepts. */
final class DockerSocket implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(DockerSocket.class);

    private final Path path;
    private final ServerSocketChannel listener;

    private DockerSocket(final Path path, final ServerSocketChannel listener) {
        this.path = path;
        this.listener = listener;
    }

    /**
     * Begins to listen. A socket that a dead daemon left behind is replaced.
     *
     * @throws IOException with a message for the user
     */
    static DockerSocket listen(final Path path, final String group, final Consumer<SocketChannel> accepted)
            throws IOException {
        SocketFile.prepare(path);
        final ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        final DockerSocket socket = new DockerSocket(path, listener);
        try {
            listener.bind(UnixDomainSocketAddress.of(path));
            SocketFile.permit(path, group);
        } catch (final IOException e) {
            socket.close();
            throw e;
        }
        final Thread thread = new Thread(() -> socket.accept(accepted), "docker-accept");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    private void accept(final Consumer<SocketChannel> accepted) {
        try {
            while (true) {
                accepted.accept(listener.accept());
            }
        } catch (final ClosedChannelException e) {
            LOG.debug("{} is closed", path);
        } catch (final IOException e) {
            LOG.error("{} takes no more clients of Docker: {}", path, e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(path);
    }
}
