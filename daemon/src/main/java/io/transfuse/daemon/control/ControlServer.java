package io.transfuse.daemon.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.http.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control socket: HTTP and JSON over a UNIX socket that only the daemon's user, and a group if one is named, may
 * open. Thread-safe.
 */
public final class ControlServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private final HttpServer http;
    private final Daemon daemon;
    private final ObjectMapper json;

    private ControlServer(final HttpServer http, final Daemon daemon, final ObjectMapper json) {
        this.http = http;
        this.daemon = daemon;
        this.json = json;
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
            final HttpServer http = HttpServer.listen(
                    path,
                    group,
                    (pipeline, workers) ->
                            pipeline.addLast(new ControlBody(), new ControlHandler(daemon, json, workers)));
            return new ControlServer(http, daemon, json);
        } catch (final IOException e) {
            throw new IOException("cannot listen at the control socket " + path + ": " + e.getMessage(), e);
        }
    }

    /** Loads what the first request needs, so that it need not wait for it. Any thread, at any time. */
    public void prepare() {
        try {
            final MountRequest request = new MountRequest("/", "/", null, false, null, 0L, 0, List.of(), true, null);
            final byte[] text = json.writeValueAsBytes(request);
            final MountRequest read = json.readValue(text, MountRequest.class);
            LOG.debug("Prepared for requests: {}, {}", read.toAsker(), StatusReport.of(daemon));
        } catch (final IOException e) {
            LOG.debug("Not prepared for requests", e);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
