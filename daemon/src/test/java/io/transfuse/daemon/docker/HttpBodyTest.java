package io.transfuse.daemon.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpBodyTest {
    /** Both ends of a UNIX socket. */
    private record Pair(Wire near, SocketChannel far) implements AutoCloseable {
        static Pair open() throws IOException {
            final Path directory = Files.createTempDirectory("transfuse-test-");
            final Path path = directory.resolve("s");
            try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                listener.bind(UnixDomainSocketAddress.of(path));
                final SocketChannel far = SocketChannel.open(UnixDomainSocketAddress.of(path));
                return new Pair(new Wire(listener.accept()), far);
            } finally {
                Files.delete(path);
                Files.delete(directory);
            }
        }

        /** What the far end sends, all of it; the messages are small enough for the socket's buffer. */
        void sends(final String text) throws IOException {
            far.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
            far.shutdownOutput();
        }

        String received() throws IOException {
            near.shutdownOutput();
            final ByteArrayOutputStream all = new ByteArrayOutputStream();
            final ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (far.read(buffer) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return all.toString(StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
        }
    }

    @Property(tries = 100)
    void shouldPassChunksOnByteForByteAndReadWhatIsInThem(
            @ForAll @Size(max = 5) final List<@IntRange(min = 1, max = 3000) Integer> sizes,
            @ForAll final boolean trailer)
            throws Exception {
        final StringBuilder framed = new StringBuilder();
        final StringBuilder content = new StringBuilder();
        for (final int size : sizes) {
            final String chunk = "\r\n0".repeat(size).substring(0, size);
            framed.append(Integer.toHexString(size).toUpperCase(Locale.ROOT))
                    .append(";extension=1\r\n")
                    .append(chunk)
                    .append("\r\n");
            content.append(chunk);
        }
        framed.append("0\r\n").append(trailer ? "Digest: x\r\n" : "").append("\r\n");
        final String head = "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (Pair source = Pair.open();
                Pair target = Pair.open()) {
            source.sends(head + framed + "next");
            HttpBody.ofRequest(source.near, HttpBody.readHead(source.near)).transfer(target.near);
            assertThat(target.received()).isEqualTo(framed.toString());
            assertThat(source.near.read()).isEqualTo('n');
        }
        try (Pair source = Pair.open()) {
            source.sends(head + framed + "next");
            assertThat(HttpBody.ofRequest(source.near, HttpBody.readHead(source.near))
                            .readAll(1 << 20))
                    .isEqualTo(content.toString().getBytes(StandardCharsets.ISO_8859_1));
            assertThat(source.near.read()).isEqualTo('n');
        }
        try (Pair source = Pair.open();
                Pair target = Pair.open()) {
            source.sends(head + framed);
            final HttpBody body = HttpBody.ofRequest(source.near, HttpBody.readHead(source.near));
            final byte[] read = body.readAllOrTransfer(2000, new byte[0], target.near);
            if (content.length() <= 2000) {
                assertThat(read).hasSize(content.length());
            } else {
                final Pair again = Pair.open();
                again.sends(head + target.received());
                assertThat(HttpBody.ofRequest(again.near, HttpBody.readHead(again.near))
                                .readAll(1 << 20))
                        .isEqualTo(content.toString().getBytes(StandardCharsets.ISO_8859_1));
                again.close();
            }
        }
    }

    @Test
    void shouldKnowWhereABodyEnds() throws Exception {
        assertThat(content("HTTP/1.1 200 OK\r\n\r\nuntil the end", "GET")).isEqualTo("until the end");
        assertThat(content("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", "GET"))
                .isEqualTo("abc");
        assertThat(content("HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", "GET")).isEqualTo("abc");
        assertThat(content("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HEAD"))
                .isEmpty();
        assertThat(content("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\nabc", "GET"))
                .isEmpty();
        assertThat(content("HTTP/1.1 204 No Content\r\n\r\nabc", "DELETE")).isEmpty();
    }

    private static String content(final String response, final String method) throws Exception {
        try (Pair source = Pair.open()) {
            source.sends(response);
            final HttpHead head = HttpBody.readHead(source.near);
            return new String(HttpBody.ofResponse(source.near, head, method).readAll(100), StandardCharsets.ISO_8859_1);
        }
    }

    /** What two readers could understand in two ways is not passed on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nContent-Length: 4",
                "Content-Length: 3\r\nTransfer-Encoding: chunked",
                "Content-Length: -1",
                "Content-Length: +3",
                "Content-Length: 3,3",
                "Content-Length:",
                "Content-Length: 9999999999999999999",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding : chunked",
                " Transfer-Encoding: chunked",
                "X: y\r\n folded: z",
                "nothing",
                ": x"
            })
    void shouldRefuseAHeadThatIsAmbiguous(final String headers) throws Exception {
        try (Pair source = Pair.open()) {
            source.sends("POST / HTTP/1.1\r\n" + headers + "\r\n\r\nabc");
            assertThatThrownBy(() -> HttpBody.ofRequest(source.near, HttpBody.readHead(source.near)))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\nabc", "fffffffffffffffff\r\n", "\r\n", "3\r\nab", "3\r\nabc", "-1\r\n"})
    void shouldRefuseChunksThatAreMalformedOrCutOff(final String body) throws Exception {
        for (final boolean transfer : new boolean[] {true, false}) {
            try (Pair source = Pair.open();
                    Pair target = Pair.open()) {
                source.sends("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
                final HttpBody read = HttpBody.ofRequest(source.near, HttpBody.readHead(source.near));
                assertThatThrownBy(() -> {
                            if (transfer) {
                                read.transfer(target.near);
                            } else {
                                read.readAll(1000);
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void shouldKeepTheOtherHeadersWhenTheBodyIsAnother() throws Exception {
        final HttpHead head = HttpHead.parse(("POST /v1.41/containers/create?name=x HTTP/1.1\r\nHost: a\r\n"
                        + "TRANSFER-encoding: chunked\r\nX-Registry-Auth:  a=b \r\nTrailer: D\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new String(head.withBodyOf(7), StandardCharsets.ISO_8859_1))
                .isEqualTo("POST /v1.41/containers/create?name=x HTTP/1.1\r\nHost: a\r\nX-Registry-Auth:  a=b \r\n"
                        + "Content-Length: 7\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/containers/create",
                "/v1.41/containers/create?name=x",
                "/v1.24/containers/%63reate",
                "//containers//create",
                "http://docker/v1.41/containers/create"
            })
    void shouldKnowACreation(final String target) throws Exception {
        final HttpHead head =
                HttpHead.parse(("POST " + target + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Target.of(head).isCreate()).isTrue();
        assertThat(Target.of(head).started()).isNull();
        assertThat(Target.of(head).showsBinds()).isFalse();
    }

    @Test
    void shouldKnowAStartAndAnInspection() throws Exception {
        assertThat(target("POST /v1.41/containers/a%2Bb/start").started()).isEqualTo("a+b");
        assertThat(target("POST /containers/a+b/restart?t=1").started()).isEqualTo("a+b");
        assertThat(target("POST /containers/x/stop").started()).isNull();
        assertThat(target("GET /containers/x/start").started()).isNull();
        assertThat(target("GET /v1.41/containers/json?all=1").showsBinds()).isTrue();
        assertThat(target("GET /containers/x/json").showsBinds()).isTrue();
        assertThat(target("GET /images/x/json").showsBinds()).isFalse();
        assertThat(target("GET /containers/%zz/json").showsBinds()).isTrue();
        assertThat(target("POST /v1.41/images/create").isCreate()).isFalse();
        assertThat(target("POST /containers/create/x").isCreate()).isFalse();
    }

    private static Target target(final String line) throws Exception {
        return Target.of(HttpHead.parse((line + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1)));
    }
}
