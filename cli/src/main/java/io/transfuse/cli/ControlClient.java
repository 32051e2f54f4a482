package io.transfuse.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.transfuse.daemon.Asker;
import io.transfuse.daemon.MountFlag;
import io.transfuse.daemon.MountSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a daemon at its control socket. It uses Jackson's streams and no object mapper, whose classes take longer to
 * load than a daemon takes to mount.
 */
final class ControlClient {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String MOUNTS = "/v1/mounts";
    private static final String HEADERS_END = "\r\n\r\n";
    private static final int READ_SIZE = 64 * 1024;
    private static final int ERROR_FROM = 400;
    private static final int NOT_FOUND = 404;

    private final Path path;

    ControlClient(final Path path) {
        this.path = path;
    }

    /** No daemon listens, or none that answers. */
    static final class NoDaemonException extends CommandException {
        private static final long serialVersionUID = 1L;

        NoDaemonException(final String message, final Throwable cause) {
            super(ExitCode.FAILURE, message, cause);
        }
    }

    /** The daemon has nothing at the place that was named. */
    static final class NotMountedException extends CommandException {
        private static final long serialVersionUID = 1L;

        NotMountedException(final String message) {
            super(ExitCode.FAILURE, message);
        }
    }

    /** What is left of a mount that was given up: who has asked for it, too; nobody if it was unmounted. */
    record Released(List<String> askers) {}

    /** Asks for a mount. */
    void mount(final MountSpec spec, final String asker) throws CommandException {
        final StringWriter body = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("hostPath", spec.hostPath());
            json.writeStringField("mountPoint", spec.mountPoint().toString());
            json.writeStringField("mode", spec.mode().word());
            json.writeBooleanField("readOnly", spec.readOnly());
            json.writeStringField("owner", spec.ownership().toString());
            json.writeNumberField("cacheBytes", spec.cache().bytes());
            json.writeNumberField("timeToLiveMillis", spec.cache().timeToLiveMillis());
            json.writeBooleanField("events", spec.events());
            json.writeArrayFieldStart("flags");
            for (final MountFlag flag : spec.flags()) {
                json.writeString(flag.word());
            }
            json.writeEndArray();
            json.writeStringField("asker", asker);
            json.writeEndObject();
        } catch (final IOException e) {
            throw new IllegalStateException("a StringWriter does not fail", e);
        }
        request("POST", MOUNTS, body.toString());
    }

    /** Gives a mount up. */
    Released release(final Path mountPoint, final String asker) throws CommandException {
        return delete(mountPoint, "&asker=" + encode(asker));
    }

    /** Unmounts whoever has asked for it; with {@code force} also whoever uses it. */
    void unmount(final Path mountPoint, final boolean force) throws CommandException {
        delete(mountPoint, force ? "&force=true" : "&all=true");
    }

    private Released delete(final Path mountPoint, final String how) throws CommandException {
        final String place = mountPoint.toAbsolutePath().normalize().toString();
        final String uri = MOUNTS + "?mountPoint=" + encode(place) + how;
        final List<String> askers = new ArrayList<>();
        try (JsonParser json = JSON.createParser(request("DELETE", uri, ""))) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING
                        && json.getParsingContext().inArray()) {
                    askers.add(json.getText());
                }
            }
        } catch (final IOException e) {
            throw noDaemon(e);
        }
        return new Released(askers);
    }

    private static String encode(final String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String defaultAsker() {
        return Asker.USER.name();
    }

    /**
     * Sends a request and returns the answer's body.
     *
     * @param body JSON, or nothing
     * @throws CommandException with the daemon's message if it refuses, or if no daemon answers
     */
    String request(final String method, final String uri, final String body) throws CommandException {
        try {
            final byte[] content = body.getBytes(StandardCharsets.UTF_8);
            final String head = method + " " + uri + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + content.length + HEADERS_END;
            final String response = exchange(head.getBytes(StandardCharsets.US_ASCII), content);
            final int headersEnd = response.indexOf(HEADERS_END);
            final String[] status = response.split(" ", 3);
            if (headersEnd < 0 || status.length < 3) {
                throw new CommandException(ExitCode.FAILURE, "what listens at " + path + " is no daemon");
            }
            final String answer = response.substring(headersEnd + HEADERS_END.length());
            if (Integer.parseInt(status[1]) == NOT_FOUND) {
                throw new NotMountedException(errorIn(answer));
            }
            if (Integer.parseInt(status[1]) >= ERROR_FROM) {
                throw new CommandException(ExitCode.FAILURE, errorIn(answer));
            }
            return answer;
        } catch (final IOException | NumberFormatException e) {
            throw noDaemon(e);
        }
    }

    private NoDaemonException noDaemon(final Exception e) {
        return new NoDaemonException(
                Files.exists(path)
                        ? "the daemon at " + path + " does not answer: " + e.getMessage()
                        : "no daemon listens at " + path
                                + ": start 'transfuse daemon', or name its socket with --control",
                e);
    }

    private static String errorIn(final String answer) throws IOException {
        try (JsonParser json = JSON.createParser(answer)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING && "error".equals(json.currentName())) {
                    return json.getText();
                }
            }
        }
        return "the daemon refuses and does not say why";
    }

    private String exchange(final byte[] head, final byte[] content) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            writeFully(channel, ByteBuffer.wrap(head));
            writeFully(channel, ByteBuffer.wrap(content));
            final ByteArrayOutputStream all = new ByteArrayOutputStream();
            final ByteBuffer buffer = ByteBuffer.allocate(READ_SIZE);
            while (channel.read(buffer) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    private static void writeFully(final SocketChannel channel, final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
