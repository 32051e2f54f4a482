package io.transfuse.daemon.docker;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.http.HttpSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The driver of volumes, as the Docker engine finds it in /run/docker/plugins: its socket's name is the driver's. See "Docker
 * volume plugins" in Docker's manual. Thread-safe.
 */
public final class VolumePlugin implements Closeable {
    private static final int BODY_MAX = 64 * 1024;
    private static final int STOP_SECONDS = 5;
    private static final int WORKERS = 2;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    private HttpSocket socket;

    private VolumePlugin() {}

    /**
     * Begins to listen.
     *
     * @param directory where the volumes are kept and mounted
     * @throws IOException with a message for the user
     */
    public static VolumePlugin start(final Path path, final Path directory, final Daemon daemon) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        final Path real = directory.toRealPath();
        Daemon.detachLeftOver(real.resolve("volumes"));
        final Volumes volumes = Volumes.load(daemon, real);
        final VolumePlugin plugin = new VolumePlugin();
        try {
            plugin.socket = HttpSocket.listen(path, null, plugin.loop, new ChannelInitializer<>() {
                @Override
                protected void initChannel(final Channel child) {
                    child.pipeline()
                            .addLast(new HttpServerCodec())
                            .addLast(new HttpObjectAggregator(BODY_MAX))
                            .addLast(new VolumePluginHandler(volumes, plugin.workers));
                }
            });
            return plugin;
        } catch (final IOException e) {
            plugin.close();
            throw new IOException("cannot listen for the Docker engine at " + path + ": " + e.getMessage(), e);
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
