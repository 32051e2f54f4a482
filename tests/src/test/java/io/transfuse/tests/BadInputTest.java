package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One clear line for each mistake, an exit code that is not 0, and nothing left behind. */
class BadInputTest {
    private Path base;
    private Path host;
    private Path guest;

    @BeforeEach
    void setUp() throws IOException {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        guest = Files.createDirectory(base.resolve("guest"));
    }

    @AfterEach
    void tearDown() throws IOException {
        assertThat(Product.isMounted(guest)).isFalse();
        Mounted.delete(base);
    }

    private void refused(final int exitCode, final String message, final String... arguments) {
        final Commands.Result result = Product.run(arguments);
        assertThat(result.output())
                .contains(message)
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
        assertThat(result.output().strip().split("\n")).as("one line").hasSize(1);
        assertThat(result.exitCode()).isEqualTo(exitCode);
    }

    private void runRefused(final int exitCode, final String message, final String volume) {
        refused(exitCode, message, "run", "-v", volume, "--", "true");
    }

    @Test
    void shouldRefuseAMissingHostPath() {
        runRefused(125, "the host path " + base + "/none does not exist", base + "/none:" + guest);
    }

    @Test
    void shouldRefuseAHostPathThatIsNeitherDirectoryNorFile() {
        Libc.c().mknod(Libc.path(base.resolve("fifo")), 0010600, 0);
        runRefused(125, "is neither a directory nor a regular file", base + "/fifo:" + guest);
    }

    @Test
    void shouldRefuseAMountPointThatIsNotEmpty() throws Exception {
        Files.createFile(guest.resolve("x"));
        runRefused(125, "the mount point " + guest + " is not empty", host + ":" + guest);
    }

    @Test
    void shouldRefuseAMountPointOfAnotherKind() throws Exception {
        final Path file = Files.createFile(base.resolve("file"));
        runRefused(125, "the one is a directory, the other a file", host + ":" + file);
        runRefused(125, "the one is a file, the other a directory", file + ":" + guest);
    }

    @Test
    void shouldRefuseAPlaceThatIsMountedAlready() throws Exception {
        try (Product first = Product.mount(host + ":" + guest)) {
            first.await("is mounted");
            runRefused(125, "something is mounted at " + guest + " already", host + ":" + guest);
        }
    }

    @Test
    void shouldRefuseWordsThatItDoesNotKnow() {
        runRefused(
                2,
                "unknown mode 'fast': known are consistent, cached, delegated, default",
                host + ":" + guest + ":fast");
        runRefused(2, "unknown option 'fast': known are ro, rw, owner=", host + ":" + guest + ",fast");
        runRefused(2, "unknown owner 'me'", host + ":" + guest + ",owner=me");
        runRefused(2, "the guest path 'relative' is relative", host + ":relative");
        runRefused(2, "is not of the form HOST:GUEST", "nonsense");
        refused(2, "Unmatched argument", "status", "extra");
        refused(2, "Unknown option: '--wrong'", "status", "--wrong");
        refused(2, "Missing required option: '--export", "serve", "--listen", "unix:" + base + "/s");
        refused(2, "unknown address 'tcp:1'", "serve", "--listen", "tcp:1", "--export", host.toString());
    }

    @Test
    void shouldRefuseToExportWhatIsMissing() {
        refused(
                1,
                "cannot export " + base + "/none: there is no such file or directory",
                "serve",
                "--listen",
                "unix:" + base + "/s",
                "--export",
                base + "/none");
    }

    @Test
    void shouldTellThatNoDaemonListens() {
        refused(1, "no daemon listens at " + base + "/none", "status", "--control", base + "/none");
        refused(1, "no daemon listens at " + base + "/none", "umount", "--control", base + "/none", "/mnt");
    }

    @Test
    void shouldAnswerForServerAndDaemon() throws Exception {
        final String socket = "unix:" + base + "/host.sock";
        final String control = base + "/control.sock";
        try (Product daemon = Product.start("daemon", "--connect", socket, "--control", control)) {
            daemon.await("control socket");
            refused(1, "cannot connect to " + socket, "mount", "--control", control, "-v", host + ":" + guest);
            try (Product server = Product.start("serve", "--listen", socket, "--export", host.toString())) {
                server.await("Serving");
                refused(1, "another server answers there", "serve", "--listen", socket, "--export", host.toString());
                refused(1, "another daemon answers there", "daemon", "--connect", socket, "--control", control);
                refused(
                        1,
                        base + " is not inside an export of the host server",
                        "mount",
                        "--control",
                        control,
                        "-v",
                        base + ":" + guest);
                refused(1, "does not exist on the host", "mount", "--control", control, "-v", host + "/none:" + guest);
                refused(2, "the host path 'src' is relative", "mount", "--control", control, "-v", "src:" + guest);
                refused(
                        1,
                        "the mount point " + base + "/none does not exist",
                        "mount",
                        "--control",
                        control,
                        "-v",
                        host + ":" + base + "/none");
                refused(1, "is not a mount of this daemon", "umount", "--control", control, guest.toString());

                assertThat(Product.run("mount", "--control", control, "-v", host + ":" + guest)
                                .exitCode())
                        .isZero();
                Files.writeString(guest.resolve("file"), "through the daemon");
                assertThat(Files.readString(host.resolve("file"))).isEqualTo("through the daemon");
                final Commands.Result status = Product.run("status", "--control", control);
                assertThat(status.exitCode()).isZero();
                assertThat(status.output()).contains(guest.toString()).contains("mounted");
                assertThat(Product.run("status", "--json", "--control", control).output())
                        .contains("\"operation\" : \"WRITE\"");
                final int used = Libc.mustOpen(guest.resolve("file"), Libc.O_RDONLY);
                refused(1, "a process uses it", "umount", "--control", control, guest.toString());
                Libc.close(used);

                // Somebody else unmounts: the daemon notices, and the place is free again.
                Commands.shell(base, "umount " + guest);
                assertThat(Product.run("status", "--control", control).output()).contains("nothing is mounted");
                assertThat(Product.run("mount", "--control", control, "-v", host + ":" + guest)
                                .exitCode())
                        .isZero();

                // The server dies: calls fail, nothing hangs, and the mount can be taken away.
                server.process().destroyForcibly().waitFor();
                assertThat(Libc.open(guest.resolve("file"), Libc.O_RDONLY, 0)).isEqualTo(-5);
                final Commands.Result lost = Product.run("status", "--control", control);
                assertThat(lost.output()).contains("disconnected");
                assertThat(lost.exitCode()).isEqualTo(1);
                assertThat(Product.run("umount", "--control", control, guest.toString())
                                .exitCode())
                        .isZero();
            }
        }
    }

    @Test
    void shouldTellThatThePeerSpeaksAnotherVersionOrNoneAtAll() throws Exception {
        final Path socket = base.resolve("old.sock");
        final String control = base + "/control.sock";
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            final Thread peer = new Thread(() -> {
                try {
                    answer(listener, refusal());
                    answer(
                            listener,
                            ByteBuffer.wrap("HTTP/1.1 400 Bad Request\r\n\r\n and some more text"
                                    .getBytes(StandardCharsets.US_ASCII)));
                } catch (final IOException e) {
                    // The listener was closed: the test has failed already.
                }
            });
            peer.start();
            try (Product daemon = Product.start("daemon", "--connect", "unix:" + socket, "--control", control)) {
                daemon.await("control socket");
                refused(
                        1,
                        "cannot mount " + host + " at " + guest + ": install the same release",
                        "mount",
                        "--control",
                        control,
                        "-v",
                        host + ":" + guest);
                refused(1, "is no host server", "mount", "--control", control, "-v", host + ":" + guest);
            }
            peer.join(TimeUnit.SECONDS.toMillis(20));
        }
    }

    /** Answers the next greeting that asks for a mount; the daemon greets its host at its start, too. */
    private static void answer(final ServerSocketChannel listener, final ByteBuffer bytes) throws IOException {
        boolean answered = false;
        while (!answered) {
            try (SocketChannel channel = listener.accept()) {
                final ByteBuffer hello = ByteBuffer.allocate(8192);
                channel.read(hello);
                answered = HostProxy.asksForMount(hello);
                if (answered) {
                    channel.write(bytes);
                    // Until the daemon has read it and hung up.
                    channel.read(ByteBuffer.allocate(1));
                }
            }
        }
    }

    private static ByteBuffer refusal() {
        final ByteBuffer frame = ByteBuffer.allocate(8192).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        final int length = io.transfuse.protocol.Welcome.encodeRefusal(frame, 93, "install the same release");
        return frame.limit(length);
    }

    @Test
    void shouldTellThatThereIsNoPermissionOnTheDevice() throws Exception {
        // An unprivileged user whose fusermount3 is not to be found.
        Libc.c().chmod(Libc.path(base), 0755);
        final List<String> command = Product.commandAsNobody(
                base, List.of("env", "PATH=/nowhere"), "run", "-v", host + ":" + guest, "--", "/bin/true");
        Libc.c().chmod(Libc.path(guest), 0777);
        final Commands.Result result = Commands.run(base, command);
        assertThat(result.output()).contains("cannot run fusermount3").contains("install the package fuse3");
        assertThat(result.exitCode()).isEqualTo(125);
    }

    @Test
    void shouldShowHelpWithExamplesAndTheVersion() {
        for (final String command : new String[] {"run", "serve", "daemon", "mount", "umount", "status"}) {
            final Commands.Result help = Product.run(command, "--help");
            assertThat(help.exitCode()).isZero();
            assertThat(help.output()).contains("Examples:").contains("transfuse " + command);
        }
        assertThat(Product.run("--version").output()).contains("transfuse 0").contains("protocol 1.1");
        assertThat(Product.run("generate-completion").output()).contains("complete -F");
    }
}
