package io.transfuse.daemon.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The first line and the headers of an HTTP/1 message (RFC 9112), with the bytes as they came. What would let the front
 * and the engine disagree on where a message ends is refused.
 */
final class HttpHead {
    /** Longest head, in bytes, as in the engine. */
    static final int MAX = 1 << 20;

    private static final String CONTENT_LENGTH = "content-length";
    private static final String TRANSFER_ENCODING = "transfer-encoding";
    private static final int LENGTH_DIGITS = 18;

    private final byte[] raw;
    private final String firstLine;
    private final List<Header> headers;

    private record Header(String name, String value) {}

    private HttpHead(final byte[] raw, final String firstLine, final List<Header> headers) {
        this.raw = raw;
        this.firstLine = firstLine;
        this.headers = headers;
    }

    /**
     * Reads a head.
     *
     * @param raw all of it, with the empty line at its end
     * @throws IOException if it is not one
     */
    static HttpHead parse(final byte[] raw) throws IOException {
        final String[] lines = new String(raw, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
        final List<Header> headers = new ArrayList<>();
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            final int colon = lines[i].indexOf(':');
            if (colon <= 0 || lines[i].charAt(0) <= ' ' || lines[i].charAt(colon - 1) <= ' ') {
                throw new MalformedException("a malformed header");
            }
            headers.add(new Header(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip()));
        }
        if (lines[0].split(" ", 3).length < 2) {
            throw new MalformedException("a malformed first line");
        }
        final HttpHead head = new HttpHead(raw, lines[0], headers);
        if (!head.isChunked()) {
            head.contentLength();
        }
        return head;
    }

    byte[] raw() {
        return raw;
    }

    /** Of a request. */
    String method() {
        return firstLine.substring(0, firstLine.indexOf(' '));
    }

    /** Of a request, as it stands there. */
    String target() {
        return firstLine.split(" ", 3)[1];
    }

    /**
     * Of a response.
     *
     * @throws IOException if there is none
     */
    int status() throws IOException {
        try {
            return Integer.parseInt(firstLine.split(" ", 3)[1]);
        } catch (final NumberFormatException e) {
            throw new IOException("a malformed status", e);
        }
    }

    /** The first value of a header, or an empty text. */
    String value(final String name) {
        for (final Header header : headers) {
            if (header.name.equals(name)) {
                return header.value;
            }
        }
        return "";
    }

    boolean has(final String name) {
        return headers.stream().anyMatch(header -> header.name.equals(name));
    }

    /** Whether the connection ends with this message, or with the response to it. */
    boolean endsConnection() {
        final String connection = value("connection").toLowerCase(Locale.ROOT);
        final boolean old = firstLine.startsWith("HTTP/1.0") || firstLine.endsWith("HTTP/1.0");
        return connection.contains("close") || old && !connection.contains("keep-alive");
    }

    /**
     * Whether the body comes in chunks.
     *
     * @throws IOException if it comes in another way that this does not know
     */
    boolean isChunked() throws IOException {
        if (!has(TRANSFER_ENCODING)) {
            return false;
        }
        if (headers.stream().filter(h -> h.name.equals(TRANSFER_ENCODING)).count() > 1
                || !value(TRANSFER_ENCODING).equalsIgnoreCase("chunked")
                || has(CONTENT_LENGTH)) {
            throw new MalformedException("an unknown transfer encoding");
        }
        return true;
    }

    /**
     * The length of the body in bytes, -1 if the head does not say it.
     *
     * @throws IOException if it says it in two ways, or not in digits
     */
    long contentLength() throws IOException {
        if (!has(CONTENT_LENGTH)) {
            return -1;
        }
        final String value = value(CONTENT_LENGTH);
        if (headers.stream().filter(h -> h.name.equals(CONTENT_LENGTH)).count() > 1
                || value.isEmpty()
                || value.length() > LENGTH_DIGITS
                || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedException("a malformed length");
        }
        return Long.parseLong(value);
    }

    /** The same for a body of {@code length} bytes in one piece. */
    byte[] withBodyOf(final int length) {
        final StringBuilder text = new StringBuilder(firstLine).append("\r\n");
        final String[] lines = new String(raw, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            final String name = headers.get(i - 1).name;
            if (!name.equals(CONTENT_LENGTH)
                    && !name.equals(TRANSFER_ENCODING)
                    && !name.equals("trailer")
                    && !name.equals("expect")) {
                text.append(lines[i]).append("\r\n");
            }
        }
        text.append("Content-Length: ").append(length).append("\r\n\r\n");
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
