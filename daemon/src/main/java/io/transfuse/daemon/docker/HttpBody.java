package io.transfuse.daemon.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The body of an HTTP/1 message on its way: read without its framing, or sent on with it, byte for byte. */
final class HttpBody {
    private static final int LINE_MAX = 64 * 1024;
    private static final int PIECE = 16 * 1024;
    private static final int HEX = 16;
    private static final int SIZE_DIGITS = 15;

    private final Wire wire;
    private final Framing framing;

    /** What is left of the body, or of the chunk, in bytes. */
    private long left;

    private boolean ended;

    private enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private HttpBody(final Wire wire, final Framing framing, final long length) {
        this.wire = wire;
        this.framing = framing;
        this.left = length;
        this.ended = framing == Framing.LENGTH && length == 0;
    }

    /** The body of a request: there is none unless the head says so. */
    static HttpBody ofRequest(final Wire wire, final HttpHead head) throws IOException {
        if (head.isChunked()) {
            return new HttpBody(wire, Framing.CHUNKED, 0);
        }
        return new HttpBody(wire, Framing.LENGTH, Math.max(0, head.contentLength()));
    }

    /** The body of a response to a request of this method. */
    static HttpBody ofResponse(final Wire wire, final HttpHead head, final String method) throws IOException {
        final int status = head.status();
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return new HttpBody(wire, Framing.LENGTH, 0);
        }
        if (head.isChunked()) {
            return new HttpBody(wire, Framing.CHUNKED, 0);
        }
        final long length = head.contentLength();
        return length < 0
                ? new HttpBody(wire, Framing.UNTIL_CLOSE, Long.MAX_VALUE)
                : new HttpBody(wire, Framing.LENGTH, length);
    }

    /** Whether its end is that of the connection. */
    boolean endsWithTheConnection() {
        return framing == Framing.UNTIL_CLOSE;
    }

    /**
     * Reads a head.
     *
     * @return null if the connection ends before it
     * @throws IOException if it is malformed, too long, or cut off
     */
    static HttpHead readHead(final Wire wire) throws IOException {
        final ByteArrayOutputStream raw = new ByteArrayOutputStream();
        boolean emptyLine = true;
        while (true) {
            final int next = wire.read();
            if (next < 0) {
                if (raw.size() == 0) {
                    return null;
                }
                throw new IOException("the head is cut off");
            }
            if (raw.size() == 0 && (next == '\r' || next == '\n')) {
                // RFC 9112, 2.2: an empty line before a request is ignored.
                continue;
            }
            raw.write(next);
            if (raw.size() > HttpHead.MAX) {
                throw new MalformedException("the head is longer than " + HttpHead.MAX + " bytes");
            }
            if (next == '\n') {
                if (emptyLine) {
                    return HttpHead.parse(raw.toByteArray());
                }
                emptyLine = true;
            } else if (next != '\r') {
                emptyLine = false;
            }
        }
    }

    /** Sends it on as it comes. */
    void transfer(final Wire target) throws IOException {
        while (!ended) {
            if (framing == Framing.CHUNKED && left == 0) {
                final byte[] line = readLine();
                left = chunkSize(line);
                target.write(line);
                if (left == 0) {
                    transferTrailer(target);
                    ended = true;
                }
                continue;
            }
            final long count = wire.transfer(target, left);
            advance(count);
            if (left == 0 && framing == Framing.CHUNKED) {
                target.write(readLine());
            }
        }
    }

    private void transferTrailer(final Wire target) throws IOException {
        byte[] line;
        do {
            line = readLine();
            target.write(line);
        } while (line.length > 2 || line[0] != '\n' && line[0] != '\r');
    }

    private void advance(final long count) throws IOException {
        if (count < 0) {
            if (framing != Framing.UNTIL_CLOSE) {
                throw new IOException("the body is cut off");
            }
            ended = true;
            return;
        }
        if (framing != Framing.UNTIL_CLOSE) {
            left -= count;
            ended = framing == Framing.LENGTH && left == 0;
        }
    }

    private byte[] readLine() throws IOException {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next;
        do {
            next = wire.read();
            if (next < 0 || line.size() > LINE_MAX) {
                throw new IOException("a chunk is cut off or malformed");
            }
            line.write(next);
        } while (next != '\n');
        return line.toByteArray();
    }

    private static long chunkSize(final byte[] line) throws IOException {
        final String text = new String(line, StandardCharsets.ISO_8859_1);
        int digits = 0;
        while (digits < text.length() && Character.digit(text.charAt(digits), HEX) >= 0) {
            digits++;
        }
        if (digits == 0 || digits > SIZE_DIGITS) {
            throw new IOException("a malformed chunk");
        }
        return Long.parseLong(text.substring(0, digits), HEX);
    }

    /** The body without its framing. */
    InputStream stream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                final byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(final byte[] bytes, final int offset, final int length) throws IOException {
                return readSome(bytes, offset, length);
            }
        };
    }

    private int readSome(final byte[] bytes, final int offset, final int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!ended && framing == Framing.CHUNKED && left == 0) {
            left = chunkSize(readLine());
            if (left == 0) {
                byte[] line;
                do {
                    line = readLine();
                } while (line.length > 2 || line[0] != '\n' && line[0] != '\r');
                ended = true;
            }
        }
        if (ended) {
            return -1;
        }
        final int count = wire.read(bytes, offset, (int) Math.min(length, left));
        advance(count);
        if (left == 0 && framing == Framing.CHUNKED) {
            readLine();
        }
        return count;
    }

    /**
     * Reads it whole.
     *
     * @return null if it is longer than {@code most} bytes
     */
    byte[] readAll(final int most) throws IOException {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        final byte[] piece = new byte[PIECE];
        for (int count = readSome(piece, 0, PIECE); count >= 0; count = readSome(piece, 0, PIECE)) {
            if (all.size() + count > most) {
                return null;
            }
            all.write(piece, 0, count);
        }
        return all.toByteArray();
    }

    /**
     * Reads it whole if it is not longer than {@code most} bytes; otherwise sends {@code head} and all of it on.
     *
     * @return null if it was sent on
     */
    byte[] readAllOrTransfer(final int most, final byte[] head, final Wire target) throws IOException {
        if (framing == Framing.LENGTH && left > most || framing == Framing.UNTIL_CLOSE) {
            target.write(head);
            transfer(target);
            return null;
        }
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        final byte[] piece = new byte[PIECE];
        for (int count = readSome(piece, 0, PIECE); count >= 0; count = readSome(piece, 0, PIECE)) {
            all.write(piece, 0, count);
            if (all.size() > most) {
                target.write(head);
                writeChunk(all.toByteArray(), target);
                for (int more = readSome(piece, 0, PIECE); more >= 0; more = readSome(piece, 0, PIECE)) {
                    writeChunk(Arrays.copyOf(piece, more), target);
                }
                target.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return null;
            }
        }
        return all.toByteArray();
    }

    private static void writeChunk(final byte[] bytes, final Wire target) throws IOException {
        target.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        target.write(bytes);
        target.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
}
