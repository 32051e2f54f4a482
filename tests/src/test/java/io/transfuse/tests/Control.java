package io.transfuse.tests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client of a control socket, without the product's own. */
final class Control {
    private final Path socket;

    Control(final Path socket) {
        this.socket = socket;
    }

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param body JSON
     */
    record Answer(int status, String body) {}

    Answer post(final String body) throws IOException {
        return request("POST", "/v1/mounts", body);
    }

    Answer get(final String uri) throws IOException {
        return request("GET", uri, "");
    }

    Answer delete(final Path mountPoint, final String parameters) throws IOException {
        final String place = URLEncoder.encode(mountPoint.toString(), StandardCharsets.UTF_8);
        return request("DELETE", "/v1/mounts?mountPoint=" + place + parameters, "");
    }

    Answer request(final String method, final String uri, final String body) throws IOException {
        final byte[] content = body.getBytes(StandardCharsets.UTF_8);
        return raw(
                method + " " + uri + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + content.length + "\r\n\r\n" + body);
    }

    /** Sends bytes and reads until the daemon closes. */
    Answer raw(final String text) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            final ByteBuffer request = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            final ByteArrayOutputStream all = new ByteArrayOutputStream();
            final ByteBuffer buffer = ByteBuffer.allocate(65536);
            while (channel.read(buffer) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            final String response = all.toString(StandardCharsets.UTF_8);
            final int end = response.indexOf("\r\n\r\n");
            return new Answer(Integer.parseInt(response.split(" ", 3)[1]), response.substring(end + 4));
        }
    }
}
