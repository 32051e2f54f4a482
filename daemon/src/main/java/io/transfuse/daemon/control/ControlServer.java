package io.transfuse.daemon.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.http.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The control socket: HTTP and JSON over a UNIX socket that only the daemon's user, and a group if one is named, may
 * open. Thread-safe.
 */
public final class ControlServer implements Closeable {
    private final HttpServer http;

    private ControlServer(final HttpServer http) {
        this.http = http;
    }

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
        final ObjectMapper json = new ObjectMapper();
        try {
            return new ControlServer(HttpServer.listen(
                    path,
                    group,
                    (pipeline, workers) ->
                            pipeline.addLast(new ControlBody(), new ControlHandler(daemon, json, workers))));
        } catch (final IOException e) {
            throw new IOException("cannot listen at the control socket " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
