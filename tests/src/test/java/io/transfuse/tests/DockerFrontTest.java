package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The front of the Docker engine between a client and an engine that are both played by the test, byte by byte. */
@Timeout(120)
class DockerFrontTest {
    private static final LinkedBlockingQueue<SocketChannel> ENGINE = new LinkedBlockingQueue<>();
    private static final LinkedBlockingQueue<String> HEADS = new LinkedBlockingQueue<>();
    private static final long MOST_SECONDS = 90;

    private static Path base;
    private static ServerSocketChannel listener;
    private static Product server;
    private static Product daemon;

    @BeforeAll
    static void setUp() throws IOException {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        Files.createDirectories(base.resolve("host/src"));
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(base.resolve("engine")));
        final Thread accepting = new Thread(DockerFrontTest::accept, "engine");
        accepting.setDaemon(true);
        accepting.start();
        server = Product.start("serve", "--listen", "unix:" + base + "/server", "--export", base + "/host");
        server.await("Serving");
        daemon = Product.start(
                "daemon",
                "--connect",
                "unix:" + base + "/server",
                "--control",
                base + "/control",
                "--docker-listen",
                "unix:" + base + "/front",
                "--docker-engine",
                "unix:" + base + "/engine",
                "--docker-namespace",
                base + "/host",
                "--docker-root",
                base + "/mounts");
        daemon.await("Mounting");
    }

    /** Plays the engine for the front's own questions; the connections of clients are for the tests. */
    private static void accept() {
        try {
            while (true) {
                final SocketChannel channel = listener.accept();
                final String head = readHead(channel);
                if (head.startsWith("GET /events")) {
                    write(channel, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                } else if (head.startsWith("GET /containers/json?all=1 ")) {
                    write(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
                    channel.close();
                } else {
                    HEADS.add(head);
                    ENGINE.add(channel);
                }
            }
        } catch (final IOException e) {
            // The test is over.
        }
    }

    private static ConditionFactory await(final String what) {
        return Awaitility.await(what).atMost(MOST_SECONDS, TimeUnit.SECONDS);
    }

    @AfterAll
    static void tearDown() throws IOException {
        daemon.close();
        server.close();
        listener.close();
        assertThat(daemon.output()).doesNotContain("ERROR").doesNotContain("Exception");
        Commands.shell(Path.of("/"), "rm -rf --one-file-system '" + base + "'");
    }

    private static SocketChannel client() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(base.resolve("front")));
    }

    private static SocketChannel engine() throws InterruptedException {
        final SocketChannel channel = ENGINE.poll(60, TimeUnit.SECONDS);
        assertThat(channel).as("a connection of the front").isNotNull();
        return channel;
    }

    private static String engineHead() throws InterruptedException {
        return HEADS.poll(60, TimeUnit.SECONDS);
    }

    private static void write(final SocketChannel channel, final String text) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String readHead(final SocketChannel channel) throws IOException {
        final StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\n")) {
            final String next = read(channel, 1);
            if (next.isEmpty()) {
                return text.toString();
            }
            text.append(next);
        }
        return text.toString();
    }

    /** So many bytes, or fewer if the peer ends before. */
    private static String read(final SocketChannel channel, final int length) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(length);
        int count = 0;
        while (bytes.hasRemaining() && count >= 0) {
            count = channel.read(bytes);
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }

    private static String readToTheEnd(final SocketChannel channel) throws IOException {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        final ByteBuffer buffer = ByteBuffer.allocate(65536);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldPassRequestsAndResponsesOnByteForByte() throws Exception {
        final String head =
                "POST /v1.41/images/load?quiet=1 HTTP/1.1\r\nhOst:  x \r\nX-Empty:\r\nX-Two: a\r\nX-Two: b\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n";
        final String body = "A;ext=\"1\"\r\n0123456789\r\n000003\r\n\0\r\n\r\n0\r\nTrailer-Field: x\r\n\r\n";
        final String response = "HTTP/1.1 299 Odd  reason\r\nX-A:b\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0;last\r\nT: u\r\n\r\n";
        try (SocketChannel client = client()) {
            write(client, head + body);
            final SocketChannel engine = engine();
            assertThat(engineHead()).isEqualTo(head);
            assertThat(read(engine, body.length())).isEqualTo(body);
            write(engine, response);
            assertThat(read(client, response.length())).isEqualTo(response);

            // The next one on the same connections; a HEAD has no body whatever the response says.
            write(client, "HEAD /_ping HTTP/1.1\r\n\r\nGET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
            assertThat(readHead(engine)).isEqualTo("HEAD /_ping HTTP/1.1\r\n\r\n");
            write(engine, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            assertThat(readHead(engine)).startsWith("GET /a");
            write(engine, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");
            assertThat(readHead(engine)).startsWith("GET /b");
            write(engine, "HTTP/1.0 200 OK\r\n\r\nuntil the end");
            engine.close();
            assertThat(readToTheEnd(client))
                    .isEqualTo(
                            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"
                                    + "HTTP/1.0 200 OK\r\n\r\nuntil the end");
        }
    }

    @Test
    void shouldPassAStreamOnWhoseDirectionsEndOneAfterTheOther() throws Exception {
        for (final String answer : new String[] {
            "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\n"
                    + "Upgrade: tcp\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n"
        }) {
            try (SocketChannel client = client()) {
                // Some clients do not wait for the answer before they send what is not HTTP.
                write(
                        client,
                        "POST /containers/x/attach?stream=1 HTTP/1.1\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n"
                                + "early GET / HTTP/1.1\r\n\r\n");
                final SocketChannel engine = engine();
                assertThat(engineHead()).startsWith("POST /containers/x/attach");
                write(engine, answer + "hello");
                assertThat(read(client, answer.length() + 5)).isEqualTo(answer + "hello");
                assertThat(read(engine, 24)).isEqualTo("early GET / HTTP/1.1\r\n\r\n");
                write(client, "\0more");
                client.shutdownOutput();
                assertThat(readToTheEnd(engine)).isEqualTo("\0more");
                write(engine, "last words");
                engine.close();
                assertThat(readToTheEnd(client)).isEqualTo("last words");
            }
        }
    }

    @Test
    void shouldStayInHttpWhenTheEngineRefusesToLeaveIt() throws Exception {
        try (SocketChannel client = client()) {
            write(
                    client,
                    "POST /exec/x/start HTTP/1.1\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}GET /a HTTP/1.1\r\n\r\n");
            final SocketChannel engine = engine();
            assertThat(engineHead() + read(engine, 2)).endsWith("{}");
            write(engine, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
            assertThat(readHead(engine)).isEqualTo("GET /a HTTP/1.1\r\n\r\n");
            write(engine, "HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(read(client, 76)).contains("none").endsWith("204 No Content\r\n\r\n");
            engine.close();
        }
    }

    @Test
    void shouldPassOnWhatComesBeforeTheResponse() throws Exception {
        try (SocketChannel client = client()) {
            write(client, "POST /build HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            final SocketChannel engine = engine();
            assertThat(engineHead()).contains("Expect: 100-continue");
            write(engine, "HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(readHead(client)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            write(client, "abc");
            assertThat(read(engine, 3)).isEqualTo("abc");
            write(engine, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertThat(readHead(client)).startsWith("HTTP/1.1 200 OK");
            engine.close();
        }
    }

    /** Neither direction is read further than the other end takes it. */
    @Test
    void shouldKeepAFastSenderWaitingForASlowReader() throws Exception {
        try (SocketChannel client = client()) {
            write(client, "GET /images/x/get HTTP/1.1\r\n\r\n");
            final SocketChannel engine = engine();
            engineHead();
            final AtomicLong sent = new AtomicLong();
            final long length = 256L << 20;
            final Thread sender =
                    sender(engine, "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n", length, sent);
            await("the sender waits").during(1, TimeUnit.SECONDS).until(() -> sent.get() > 0 && sent.get() < 16 << 20);
            readHead(client);
            assertThat(skip(client, length)).isEqualTo(length);
            sender.join(TimeUnit.SECONDS.toMillis(60));

            sent.set(0);
            final Thread uploader =
                    sender(client, "POST /build HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n", length, sent);
            await("the client waits").during(1, TimeUnit.SECONDS).until(() -> sent.get() > 0 && sent.get() < 16 << 20);
            readHead(engine);
            assertThat(skip(engine, length)).isEqualTo(length);
            uploader.join(TimeUnit.SECONDS.toMillis(60));
            engine.close();
        }
    }

    private static Thread sender(
            final SocketChannel channel, final String head, final long length, final AtomicLong sent) {
        final Thread thread = new Thread(() -> {
            try {
                write(channel, head);
                final ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);
                for (long left = length; left > 0; ) {
                    bytes.clear();
                    final int count = channel.write(bytes);
                    left -= count;
                    sent.addAndGet(count);
                }
            } catch (final IOException e) {
                sent.set(-1);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static long skip(final SocketChannel channel, final long length) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);
        long done = 0;
        while (done < length) {
            bytes.clear().limit((int) Math.min(1 << 16, length - done));
            final int count = channel.read(bytes);
            if (count < 0) {
                return done;
            }
            done += count;
        }
        return done;
    }

    @Test
    void shouldTellTheEngineThatAClientHasGone() throws Exception {
        final SocketChannel engine;
        try (SocketChannel client = client()) {
            write(client, "GET /containers/x/logs?follow=1 HTTP/1.1\r\n\r\n");
            engine = engine();
            engineHead();
            write(engine, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            assertThat(readHead(client)).startsWith("HTTP/1.1 200 OK");
            // What it leaves unread makes its end a reset for the front.
            assertThat(read(client, 1)).isEqualTo("1");
        }
        assertThat(readToTheEnd(engine)).isEmpty();
        engine.close();
    }

    @Test
    void shouldHangUpWhenTheEngineDoes() throws Exception {
        try (SocketChannel client = client()) {
            write(client, "GET /x HTTP/1.1\r\n\r\n");
            final SocketChannel engine = engine();
            engineHead();
            write(engine, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
            engine.close();
            assertThat(readToTheEnd(client)).endsWith("\r\n\r\n123");
        }
        try (SocketChannel client = client()) {
            write(client, "GET /x HTTP/1.1\r\n\r\n");
            final SocketChannel engine = engine();
            engineHead();
            write(engine, "nonsense\r\n\r\n");
            assertThat(readToTheEnd(client)).isEmpty();
        }
    }

    /** A client that was not told that its connection ends cannot know whether the request that it just sends is executed. */
    @Test
    void shouldKeepTheClientsConnectionWhenTheEngineHangsUpBetweenRequests() throws Exception {
        try (SocketChannel client = client()) {
            for (int i = 0; i < 3; i++) {
                write(client, "GET /x HTTP/1.1\r\n\r\n");
                try (SocketChannel engine = engine()) {
                    assertThat(engineHead()).startsWith("GET /x");
                    write(engine, "HTTP/1.1 204 No Content\r\n\r\n");
                    assertThat(readHead(client)).endsWith("204 No Content\r\n\r\n");
                    hangUp(engine);
                }
            }
            write(client, "GET /y HTTP/1.1\r\n\r\n");
            try (SocketChannel engine = engine()) {
                engineHead();
                write(engine, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                hangUp(engine);
                assertThat(readToTheEnd(client)).endsWith("Connection: close\r\n\r\n");
            }
        }
    }

    /** Ends the engine's direction, and waits until the front has noticed. */
    private static void hangUp(final SocketChannel engine) throws IOException {
        engine.shutdownOutput();
        assertThat(readToTheEnd(engine)).isEmpty();
    }

    @Test
    void shouldAnswerARefusalWhateverTheEngineDoesMeanwhile() throws Exception {
        final String request = create(base + "/host/none");
        for (int half = 0; half < request.length(); half += request.length() - 1) {
            try (SocketChannel client = client()) {
                write(client, "HEAD /_ping HTTP/1.1\r\n\r\n");
                try (SocketChannel engine = engine()) {
                    engineHead();
                    write(engine, "HTTP/1.1 200 OK\r\n\r\n");
                    readHead(client);
                    // Either the engine hangs up while the client is sending, or because the front does.
                    write(client, request.substring(0, half));
                    if (half > 0) {
                        hangUp(engine);
                    }
                    write(client, request.substring(half));
                    hangUp(engine);
                    assertThat(readToTheEnd(client))
                            .startsWith("HTTP/1.1 400 ")
                            .contains("Connection: close\r\n")
                            .contains("bind source path does not exist: " + base + "/host/none");
                }
            }
        }
    }

    @Test
    void shouldRefuseWhatIsNotHttp() throws Exception {
        for (final String request : new String[] {
            "nonsense\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "GET / HTTP/1.1\r\nX: " + "y".repeat(1 << 20) + "\r\n\r\n"
        }) {
            try (SocketChannel client = client()) {
                final Thread writer = new Thread(() -> {
                    try {
                        write(client, request);
                    } catch (final IOException e) {
                        // It was refused before it was all sent.
                    }
                });
                writer.start();
                final String answer = readToTheEnd(client);
                assertThat(answer).contains("\"message\":");
                assertThat(answer).startsWith("HTTP/1.1 400 ");
                writer.join();
            }
        }
    }

    private static String create(final String source) {
        final String body = "{\"HostConfig\":{\"Binds\":[\"" + source + ":/x:cached\"]}}";
        return "POST /v1.41/containers/create HTTP/1.1\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String status() throws IOException {
        return new Control(base.resolve("control")).get("/v1/status").body();
    }

    @Test
    void shouldGiveTheMountsUpWhenTheEngineRefusesOrHangsUp() throws Exception {
        for (final String answer : new String[] {
            "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 16\r\n\r\n{\"message\":\"no\"}",
            "HTTP/1.1 201 Crea",
            ""
        }) {
            try (SocketChannel client = client()) {
                write(client, create(base + "/host/src"));
                final SocketChannel engine = engine();
                final String head = engineHead();
                final int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
                assertThat(read(engine, length))
                        .isEqualTo("{\"HostConfig\":{\"Binds\":[\"" + base + "/mounts/cached" + base
                                + "/host/src/@:/x:cached\"]}}");
                assertThat(status()).contains("\"hostPath\":\"" + base + "/host/src\"");
                write(engine, answer);
                engine.close();
                final String answered = readToTheEnd(client);
                assertThat(answered.contains("{\"message\":\"no\"}")).isEqualTo(answer.contains("404"));
            }
            await("the mount is given up").until(() -> status().contains("\"mounts\":[]"));
        }
        try (SocketChannel client = client()) {
            write(client, create(base + "/host/none"));
            assertThat(readToTheEnd(client))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("bind source path does not exist: " + base + "/host/none");
            engine().close();
        }
        HEADS.clear();
    }

    @Test
    void shouldPassACreationWithoutHostPathsOnAsItIs() throws Exception {
        final String body = "{ \"Image\" : \"x\", \"HostConfig\": {\"Binds\":[\"/etc:/x:cached\"], \"M\": 1.00e400 } }";
        try (SocketChannel client = client()) {
            write(
                    client,
                    "POST /containers/create HTTP/1.1\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n"
                            + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
            final SocketChannel engine = engine();
            assertThat(engineHead()).contains("X: y").contains("Content-Length: " + body.length() + "\r\n");
            assertThat(read(engine, body.length())).isEqualTo(body);
            write(engine, "HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{\"Id\":\"a\"}");
            assertThat(readHead(client) + read(client, 10)).endsWith("{\"Id\":\"a\"}");
            engine.close();
        }
    }
}
