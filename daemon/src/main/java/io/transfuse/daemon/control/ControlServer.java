package io.transfuse.daemon.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.transfuse.daemon.Daemon;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The control socket: HTTP and JSON over a UNIX socket that only the daemon's user may open. Thread-safe.
 */
public final class ControlServer implements Closeable {
    /** Where the daemon of a machine listens. */
    public static final Path DEFAULT_PATH = Path.of("/run/transfuse/control.sock");

    private static final int BODY_MAX = 64 * 1024;
    private static final int STOP_SECONDS = 5;
    private static final int WORKERS = 2;

    private final Path path;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    private Channel channel;

    private ControlServer(final Path path) {
        this.path = path;
    }

    /**
     * Begins to listen. A socket that a dead daemon left behind is replaced.
     *
     * @throws IOException with a message for the user
     */
    public static ControlServer start(final Path path, final Daemon daemon) throws IOException {
        final ControlServer server = new ControlServer(path);
        try {
            prepare(path);
            server.listen(daemon);
            return server;
        } catch (final IOException e) {
            server.close();
            throw new IOException("cannot listen at the control socket " + path + ": " + e.getMessage(), e);
        }
    }

    private static void prepare(final Path path) throws IOException {
        if (path.getParent() != null) {
            Files.createDirectories(
                    path.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                probe.connect(UnixDomainSocketAddress.of(path));
            } catch (final IOException nobodyAnswers) {
                Files.delete(path);
                return;
            }
            throw new IOException("another daemon answers there");
        }
    }

    private void listen(final Daemon daemon) throws IOException {
        final ObjectMapper json = new ObjectMapper();
        final ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(NioServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel child) {
                        child.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(BODY_MAX))
                                .addLast(new ControlHandler(daemon, json, workers));
                    }
                });
        final var bound = bootstrap.bind(UnixDomainSocketAddress.of(path)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        channel = bound.channel();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close().awaitUninterruptibly();
            Files.deleteIfExists(path);
        }
        workers.shutdown();
        loop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    }
}
