package io.transfuse.daemon.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** A UNIX socket at which an event loop of the daemon's listens. */
public final class HttpSocket implements Closeable {
    private final Path path;
    private final Channel channel;

    private HttpSocket(final Path path, final Channel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Begins to listen. A socket that a dead daemon left behind is replaced.
     *
     * @param group the group that may open the socket, beside its owner; null for none
     * @throws IOException with a message for the user
     */
    public static HttpSocket listen(
            final Path path, final String group, final EventLoopGroup loop, final ChannelInitializer<Channel> each)
            throws IOException {
        SocketFile.prepare(path);
        final ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerDomainSocketChannel.class)
                .childHandler(each)
                .bind(UnixDomainSocketAddress.of(path))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        final HttpSocket socket = new HttpSocket(path, bound.channel());
        try {
            SocketFile.permit(path, group);
        } catch (final IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    @Override
    public void close() throws IOException {
        channel.close().awaitUninterruptibly();
        Files.deleteIfExists(path);
    }
}
