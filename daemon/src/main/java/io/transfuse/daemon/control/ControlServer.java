package io.transfuse.daemon.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpServerCodec;
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.http.HttpSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The control socket: HTTP and JSON over a UNIX socket that only the daemon's user, and a group if one is named, may open.
 * Thread-safe.
 */
public final class ControlServer implements Closeable {
    private static final int STOP_SECONDS = 5;
    private static final int WORKERS = 2;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    private HttpSocket socket;

    private ControlServer() {}

    /**
     * Begins to listen. A socket that a dead daemon left behind is replaced.
     *
     * @throws IOException with a message for the user
     */
    public static ControlServer start(final Path path, final Daemon daemon) throws IOException {
        return start(path, null, daemon);
    }

    /**
     * As {@link #start(Path, Daemon)}.
     *
     * @param group the group that may use the socket, too; null for none
     */
    public static ControlServer start(final Path path, final String group, final Daemon daemon) throws IOException {
        final ControlServer server = new ControlServer();
        final ObjectMapper json = new ObjectMapper();
        try {
            server.socket = HttpSocket.listen(path, group, server.loop, new ChannelInitializer<>() {
                @Override
                protected void initChannel(final Channel child) {
                    child.pipeline()
                            .addLast(new HttpServerCodec())
                            .addLast(new ControlBody())
                            .addLast(new ControlHandler(daemon, json, server.workers));
                }
            });
            return server;
        } catch (final IOException e) {
            server.close();
            throw new IOException("cannot listen at the control socket " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
        workers.shutdown();
        loop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    }
}
