package io.transfuse.daemon.volume;

import io.netty.handler.codec.http.HttpObjectAggregator;
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.http.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The driver of volumes, as the Docker engine finds it in /run/docker/plugins: its socket's name is the driver's. See
 * "Docker volume plugins" in Docker's manual. Thread-safe.
 */
public final class VolumePlugin implements Closeable {
    private static final int BODY_MAX = 64 * 1024;

    private final HttpServer http;

    private VolumePlugin(final HttpServer http) {
        this.http = http;
    }

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
        try {
            return new VolumePlugin(HttpServer.listen(
                    path,
                    null,
                    (pipeline, workers) -> pipeline.addLast(
                            new HttpObjectAggregator(BODY_MAX), new VolumePluginHandler(volumes, workers))));
        } catch (final IOException e) {
            throw new IOException("cannot listen for the Docker engine at " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
