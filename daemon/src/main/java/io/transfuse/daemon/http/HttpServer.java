package io.transfuse.daemon.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** HTTP over a UNIX socket: one event loop for all clients, and two threads for work that waits. Thread-safe. */
public final class HttpServer implements Closeable {
    private static final int STOP_SECONDS = 5;
    private static final int WORKERS = 2;

    private final Path path;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    private Channel channel;

    /** What is done with a client's requests. */
    public interface Service {
        /**
         * Adds the handlers for one client behind HTTP's codec. Called by the event loop.
         *
         * @param workers for what must not be done by the event loop, because it waits
         */
        void addTo(ChannelPipeline pipeline, Executor workers);
    }

    private HttpServer(final Path path) {
        this.path = path;
    }

    /**
     * Begins to listen. A socket that a dead daemon left behind is replaced.
     *
     * @param group the group that may open the socket, beside its owner; null for none
     * @throws IOException with a message for the user
     */
    public static HttpServer listen(final Path path, final String group, final Service service) throws IOException {
        SocketFile.prepare(path);
        final HttpServer server = new HttpServer(path);
        try {
            server.bind(service);
        } catch (final IOException e) {
            server.stopThreads();
            throw e;
        }
        try {
            SocketFile.permit(path, group);
        } catch (final IOException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void bind(final Service service) throws IOException {
        final ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(final Channel client) {
                        client.pipeline().addLast(new HttpServerCodec());
                        service.addTo(client.pipeline(), workers);
                    }
                })
                .bind(UnixDomainSocketAddress.of(path))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        channel = bound.channel();
    }

    /** Takes the socket away and ends the clients' connections; work that has begun is finished. */
    @Override
    public void close() throws IOException {
        try {
            channel.close().awaitUninterruptibly();
            Files.deleteIfExists(path);
        } finally {
            stopThreads();
        }
    }

    private void stopThreads() {
        workers.shutdown();
        loop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    }
}
