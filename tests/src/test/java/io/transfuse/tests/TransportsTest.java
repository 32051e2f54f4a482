package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.transfuse.protocol.Authenticate;
import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Nonce;
import io.transfuse.protocol.Secret;
import io.transfuse.protocol.SessionToken;
import io.transfuse.protocol.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How daemon and host server find each other, and who is let in. */
class TransportsTest {
    private static final String SECRET = "a secret of 16 bytes and more";

    private Path base;
    private Path host;
    private Path guest;
    private final List<Product> products = new ArrayList<>();

    @BeforeEach
    void setUp() throws Exception {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        guest = Files.createDirectory(base.resolve("guest"));
    }

    @AfterEach
    void tearDown() throws Exception {
        try {
            for (int i = products.size() - 1; i >= 0; i--) {
                products.get(i).close();
                assertThat(products.get(i).output()).doesNotContain("Exception").doesNotContain("internal error");
            }
        } finally {
            if (!Product.isMounted(guest)) {
                Mounted.delete(base);
            }
        }
    }

    private Product start(final String awaited, final List<String> command) throws IOException {
        final Product product = Product.start(command);
        products.add(product);
        product.await(awaited);
        return product;
    }

    private Product serve(final String... options) throws IOException {
        final List<String> command = Product.command("serve", "--export", host.toString());
        command.addAll(List.of(options));
        return start("Serving", command);
    }

    private Product daemon(final String... options) throws IOException {
        final List<String> command = Product.command("daemon", "--control", control());
        command.addAll(List.of(options));
        return start("Mounting", command);
    }

    private String control() {
        return base.resolve("control").toString();
    }

    private Commands.Result mount(final String mode) {
        return Product.run("mount", "--control", control(), "-v", host + ":" + guest + ":" + mode);
    }

    private Path secretFile(final String name, final String content) throws IOException {
        final Path file = Files.writeString(base.resolve(name), content);
        Libc.c().chmod(Libc.path(file), 0600);
        return file;
    }

    @Test
    void shouldMountOverOneStream() throws Exception {
        final Path port = base.resolve("port");
        final Product server = serve("--listen", "dev:" + port);
        daemon("--connect", "dev:" + port);
        assertThat(mount("cached").output()).isEmpty();
        assertThat(Product.run("status", "--control", control()).output()).contains("host server: dev:" + port);

        final byte[] large = new byte[5 << 20];
        new Random(7).nextBytes(large);
        Files.write(host.resolve("large"), large);
        Commands.shell(
                guest,
                "for i in 1 2 3 4 5 6 7 8; do (cp large copy$i; mkdir dir$i; echo small > dir$i/file; sync dir$i/file) & done;"
                        + " wait; for i in 1 2 3 4 5 6 7 8; do cmp large copy$i; done");
        for (int i = 1; i <= 8; i++) {
            assertThat(Files.readAllBytes(host.resolve("copy" + i))).isEqualTo(large);
            assertThat(Files.readString(host.resolve("dir" + i + "/file"))).isEqualTo("small\n");
        }
        // What the host tells comes over the same stream.
        assertThat(Files.exists(guest.resolve("later"))).isFalse();
        Files.writeString(host.resolve("later"), "x");
        Awaitility.await("the guest is told").until(() -> Files.exists(guest.resolve("later")));
        assertThat(server.output()).doesNotContain("is broken").doesNotContain("A connection failed");
    }

    @Test
    void shouldEndMountsWhoseStreamIsLostAndMountAnew() throws Exception {
        final Path port = base.resolve("port");
        final Product server = serve("--listen", "dev:" + port);
        daemon("--connect", "dev:" + port);
        assertThat(mount("cached").output()).isEmpty();
        server.process().destroyForcibly().waitFor();
        Awaitility.await("calls fail").until(() -> Libc.open(guest.resolve("file"), Libc.O_RDONLY, 0) == -5);
        assertThat(Product.run("umount", "--control", control(), guest.toString())
                        .exitCode())
                .isZero();
        serve("--listen", "dev:" + port);
        assertThat(mount("cached").output()).isEmpty();
        Files.writeString(guest.resolve("file"), "through the new server");
        assertThat(Files.readString(host.resolve("file"))).isEqualTo("through the new server");
    }

    private void assertMounts(final String mode) throws IOException {
        assertThat(mount(mode).output()).isEmpty();
        Files.writeString(guest.resolve("file"), "x");
        assertThat(Files.readString(host.resolve("file"))).isEqualTo("x");
    }

    @Test
    void shouldListenAtSeveralAddresses() throws Exception {
        final Path socket = base.resolve("socket");
        serve("--listen", "unix:" + socket, "--listen", "dev:" + base.resolve("port"));
        daemon("--connect", "unix:" + socket);
        assertMounts("consistent");
    }

    @Test
    void shouldMountWithASecretThatBothKnow() throws Exception {
        final Path socket = base.resolve("socket");
        // A newline at the end, as editors and echo(1) leave it, is not part of it.
        serve(
                "--listen",
                "unix:" + socket,
                "--secret-file",
                secretFile("host-secret", SECRET).toString());
        daemon(
                "--connect",
                "unix:" + socket,
                "--secret-file",
                secretFile("guest-secret", SECRET + "\n").toString());
        assertMounts("cached");
    }

    @Test
    void shouldRefuseADaemonWithoutTheSecret() throws Exception {
        final Path socket = base.resolve("socket");
        final Product server = serve(
                "--listen",
                "unix:" + socket,
                "--secret-file",
                secretFile("host-secret", SECRET).toString());
        try (Product daemon = daemon("--connect", "unix:" + socket)) {
            final Commands.Result result = mount("cached");
            assertThat(result.output()).contains("asks for a secret: start the daemon with --secret-file");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(daemon.process().isAlive()).isTrue();
        }
        daemon(
                "--connect",
                "unix:" + socket,
                "--secret-file",
                secretFile("guest-secret", SECRET + "?").toString());
        final Commands.Result result = mount("cached");
        assertThat(result.output()).contains("the daemon's secret is not the host server's");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(server.output()).contains("Refused user 0, process ");
    }

    @Test
    void shouldRefuseAServerWithoutTheSecret() throws Exception {
        final Path socket = base.resolve("socket");
        serve("--listen", "unix:" + socket);
        daemon(
                "--connect",
                "unix:" + socket,
                "--secret-file",
                secretFile("guest-secret", SECRET).toString());
        final Commands.Result result = mount("cached");
        assertThat(result.output()).contains("does not know the secret: give the host server the same --secret-file");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    /** Somebody who has seen an exchange, or who makes one up. */
    @Test
    void shouldTakeNoOldOrForeignProof() throws Exception {
        final Path socket = base.resolve("socket");
        serve(
                "--listen",
                "unix:" + socket,
                "--secret-file",
                secretFile("host-secret", SECRET).toString());
        final Secret secret = new Secret(SECRET.getBytes(StandardCharsets.US_ASCII));
        final ByteBuffer hello = RawClient.buffer(Limits.HANDSHAKE_FRAME_MAX);
        Hello.encode(hello, new Hello.Lane(Version.CURRENT, 0, Limits.FRAME_MAX, SessionToken.random()));
        final int length = Hello.addNonce(hello, Nonce.random());
        final byte[] greeting = new byte[length];
        hello.get(0, greeting);

        byte[] seen = null;
        for (int attempt = 0; attempt < 4; attempt++) {
            final RawClient client = new RawClient(socket);
            try (SocketChannel channel = client.connect()) {
                RawClient.send(channel, hello, length);
                client.receive(channel);
                final Nonce challenge = Authenticate.challenge(client.reply);
                final byte[] right = secret.guestProof(challenge, greeting);
                final byte[] proof = attempt == 0
                        ? right
                        : attempt == 1 ? seen : attempt == 2 ? secret.hostProof(challenge, greeting) : new byte[32];
                seen = right;
                final ByteBuffer answer = RawClient.buffer(256);
                RawClient.send(channel, answer, Authenticate.encode(answer, proof));
                client.receive(channel);
                final String message = StandardCharsets.UTF_8
                        .decode(client.reply.slice(36, client.reply.limit() - 36))
                        .toString();
                // The first gets as far as the token, which is unknown.
                assertThat(message).contains(attempt == 0 ? "no mount with this token" : "is not the host server's");
            }
        }
        // Neither do requests come through in place of a proof, nor an AUTHENTICATE where none is asked for.
        final RawClient client = new RawClient(socket);
        try (SocketChannel channel = client.connect()) {
            RawClient.send(channel, hello, length);
            client.receive(channel);
            RawClient.send(channel, hello, length);
            assertThatThrownBy(() -> client.receive(channel)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldRefuseSecretFilesThatAreNoSecret() throws Exception {
        final Path open = secretFile("open", SECRET);
        Libc.c().chmod(Libc.path(open), 0640);
        refused(1, "others may use the secret file", "--secret-file", open.toString());
        refused(
                1,
                "has 16 to 4096 bytes, this one has 5",
                "--secret-file",
                secretFile("short", "short\n").toString());
        refused(
                1,
                "has more than 4096 bytes",
                "--secret-file",
                secretFile("long", "l".repeat(5000)).toString());
        refused(1, "does not exist", "--secret-file", base + "/none");
        refused(1, "cannot be read", "--secret-file", base.toString());
    }

    @Test
    void shouldRefuseAddressesAndPeersThatMakeNoSense() {
        refused(2, "unknown address 'tcp:80'", "--listen", "tcp:80");
        refused(2, "unknown address 'vsock:2:80'", "--listen", "vsock:2:80");
        refused(2, "vsock:PORT needs --permit-cid", "--listen", "vsock:80");
        refused(2, "--permit-cid 'x' is no number", "--listen", "vsock:80", "--permit-cid", "3,x");
        refused(2, "--permit-uid '-1' is no number", "--permit-uid=-1");
        refused(1, "there is something that is not a socket", "--listen", "dev:" + host);
    }

    private void refused(final int exitCode, final String message, final String... options) {
        final List<String> command =
                Product.command("serve", "--export", host.toString(), "--listen", "unix:" + base.resolve("refused"));
        command.addAll(List.of(options));
        final Commands.Result result = Commands.run(base, command);
        assertThat(result.output()).contains(message);
        assertThat(result.output().lines()).hasSize(1);
        assertThat(result.exitCode()).isEqualTo(exitCode);
    }

    @Test
    void shouldLetInOnlyUsersThatArePermitted() throws Exception {
        Libc.c().chmod(Libc.path(base), 0777);
        final Path socket = base.resolve("socket");
        final List<String> daemon = Product.commandAsNobody(
                base, List.of(), "daemon", "--connect", "unix:" + socket, "--control", control());
        try (Product server = serve("--listen", "unix:" + socket, "--permit-uid", "4711")) {
            start("Mounting", daemon);
            final Commands.Result result = mount("consistent");
            assertThat(result.output()).contains("the host server's log tells whether this peer is permitted");
            assertThat(server.output()).contains("A connection was refused: user 65534, process ");
        }
        try (Product server = serve("--listen", "unix:" + socket, "--permit-uid", "4711,65534")) {
            // It is let in, and gets to hear what is the matter with its request.
            final Commands.Result result = Product.run(
                    "mount", "--control", control(), "-v", base + ":" + guest + ":consistent,owner=fixed=1:1");
            assertThat(result.output()).contains("is not inside an export");
            assertThat(server.output()).doesNotContain("not permitted");
        }
        try (Product server = serve("--listen", "unix:" + socket)) {
            // Nobody else gets as far as to be refused.
            assertThat(mount("consistent").output()).contains("cannot connect to unix:" + socket);
            assertThat(server.output()).doesNotContain("not permitted");
        }
    }

    @Test
    void shouldHangUpOnThoseWhoDoNotFinishTheHandshake() throws Exception {
        final Path socket = base.resolve("socket");
        final Product server = serve("--listen", "unix:" + socket);
        final RawClient client = new RawClient(socket);
        try (SocketChannel channel = client.connect()) {
            // One byte now and then keeps nobody waiting for more than the whole handshake may take.
            Awaitility.await("the server hangs up")
                    .atMost(60, TimeUnit.SECONDS)
                    .pollInterval(500, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        try {
                            RawClient.send(channel, RawClient.buffer(1).put(0, (byte) 104), 1);
                            return false;
                        } catch (final IOException e) {
                            return true;
                        }
                    });
        }
        Awaitility.await("its log says so").until(() -> server.output().contains("the handshake took longer than"));
    }

    @Test
    void shouldBoundThoseWhoHaveNotFinishedTheHandshake() throws Exception {
        final Path socket = base.resolve("socket");
        final Product server = serve("--listen", "unix:" + socket);
        final RawClient client = new RawClient(socket);
        final List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 70; i++) {
                silent.add(client.connect());
            }
            Awaitility.await("some are refused")
                    .until(() -> server.output().contains("was refused: 64 have not ended the handshake"));
        } finally {
            for (final SocketChannel channel : silent) {
                channel.close();
            }
        }
        Awaitility.await("there is room again").ignoreExceptions().until(() -> {
            try (RawClient good = new RawClient(socket).mount(host.toString())) {
                return good.lookup(1, "none") == 2;
            }
        });
    }
}
