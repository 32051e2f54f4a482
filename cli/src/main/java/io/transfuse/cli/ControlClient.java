package io.transfuse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks a daemon at its control socket. */
final class ControlClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEADERS_END = "\r\n\r\n";
    private static final int READ_SIZE = 64 * 1024;
    private static final int ERROR_FROM = 400;

    private final Path path;

    ControlClient(final Path path) {
        this.path = path;
    }

    /**
     * Sends a request and returns the answer's body.
     *
     * @param body to be sent as JSON, or null
     * @throws CommandException with the daemon's message if it refuses, or if no daemon answers
     */
    JsonNode request(final String method, final String uri, final Object body) throws CommandException {
        try {
            final byte[] content = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
            final String head = method + " " + uri + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + content.length + HEADERS_END;
            final String response = exchange(head.getBytes(StandardCharsets.US_ASCII), content);
            final int headersEnd = response.indexOf(HEADERS_END);
            final String[] status = response.split(" ", 3);
            if (headersEnd < 0 || status.length < 3) {
                throw new CommandException(ExitCode.FAILURE, "what listens at " + path + " is no daemon");
            }
            final JsonNode answer = JSON.readTree(response.substring(headersEnd + HEADERS_END.length()));
            if (Integer.parseInt(status[1]) >= ERROR_FROM) {
                throw new CommandException(
                        ExitCode.FAILURE, answer.path("error").asText());
            }
            return answer;
        } catch (final IOException | NumberFormatException e) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    Files.exists(path)
                            ? "the daemon at " + path + " does not answer: " + e.getMessage()
                            : "no daemon listens at " + path
                                    + ": start 'transfuse daemon', or name its socket with --control",
                    e);
        }
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
