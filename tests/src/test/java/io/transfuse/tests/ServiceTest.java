package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.protocol.Cancel;
import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Features;
import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.LogRecord;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Ownership;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Version;
import io.transfuse.transport.NativeBuffer;
import io.transfuse.transport.SocketLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Daemon and host server as services: what they tell the service manager, their pid file, configuration file, log and health. */
final class ServiceTest {
    private Path base;

    @BeforeEach
    void makeDirectory() throws IOException {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        Files.createDirectory(base.resolve("host"));
        Files.createDirectory(base.resolve("guest"));
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        Mounted.delete(base);
    }

    private Path host() {
        return base.resolve("host.sock");
    }

    private String control() {
        return base.resolve("control.sock").toString();
    }

    private Product server(final String... more) throws IOException {
        final List<String> arguments = new ArrayList<>(List.of(
                "serve",
                "--listen",
                "unix:" + host(),
                "--export",
                base.resolve("host").toString()));
        arguments.addAll(List.of(more));
        return Product.start(arguments.toArray(String[]::new));
    }

    private List<String> daemon(final String... more) {
        final List<String> command = Product.command("daemon", "--connect", "unix:" + host(), "--control", control());
        command.addAll(List.of(more));
        return command;
    }

    private static List<String> with(final List<String> command, final String... variables) {
        final List<String> result = new ArrayList<>(List.of("env"));
        result.addAll(List.of(variables));
        result.addAll(command);
        return result;
    }

    private static ConditionFactory await(final String what) {
        return Awaitility.await(what).atMost(60, TimeUnit.SECONDS);
    }

    /** A service manager's socket; what comes in is kept. */
    private static final class Manager implements AutoCloseable {
        private static final int AF_UNIX = 1;
        private static final int SOCK_DGRAM = 2;

        private final int socket;
        private final List<String> messages = new CopyOnWriteArrayList<>();

        Manager(final String name) {
            socket = SocketLibrary.INSTANCE.socket(AF_UNIX, SOCK_DGRAM, 0);
            final NativeBuffer address = NativeBuffer.allocate(110);
            final byte[] path = name.getBytes(StandardCharsets.UTF_8);
            address.bytes().putShort(0, (short) AF_UNIX).put(2, path);
            if (name.startsWith("@")) {
                address.bytes().put(2, (byte) 0);
            }
            assertThat(SocketLibrary.INSTANCE.bind(
                            socket, address.address(), 2 + path.length + (name.startsWith("@") ? 0 : 1)))
                    .isZero();
            final Thread reader = new Thread(this::read, "service manager");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            final NativeBuffer buffer = NativeBuffer.allocate(4096);
            for (long count = 1; count > 0; ) {
                count = SocketLibrary.INSTANCE.read(socket, buffer.address(), buffer.capacity());
                if (count > 0) {
                    final byte[] text = new byte[(int) count];
                    buffer.bytes().get(0, text);
                    messages.addAll(List.of(new String(text, StandardCharsets.UTF_8).split("\n")));
                }
            }
        }

        void await(final String message) {
            ServiceTest.await(message + " to the service manager").until(() -> messages.contains(message));
        }

        @Override
        public void close() {
            SocketLibrary.INSTANCE.shutdown(socket, 2);
            SocketLibrary.INSTANCE.close(socket);
        }
    }

    @Test
    void shouldTellTheServiceManagerHowTheDaemonDoes() throws Exception {
        try (Manager manager = new Manager(base.resolve("notify").toString());
                Product server = server()) {
            server.await("Serving");
            try (Product daemon = Product.start(with(daemon(), "NOTIFY_SOCKET=" + base.resolve("notify")))) {
                manager.await("READY=1");
                manager.await("STATUS=Mounting what unix:" + host() + " exports: 0 mounted");
                assertThat(manager.messages).doesNotContain("STOPPING=1", "WATCHDOG=1");
                final var mounted = Product.run(
                        "mount", "--control", control(), "-v", base.resolve("host") + ":" + base.resolve("guest"));
                assertThat(mounted.exitCode()).as(mounted.output()).isZero();
                manager.await("STATUS=Mounting what unix:" + host() + " exports: 1 mounted");
                daemon.process().destroy();
                assertThat(daemon.awaitEnd()).isEqualTo(143);
                manager.await("STOPPING=1");
            }
        }
    }

    @Test
    void shouldTellAServiceManagerWithAnAbstractSocketAndKeepItsWatchdogQuiet() throws Exception {
        final String name = "@transfuse-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        try (Manager manager = new Manager(name)) {
            final List<String> command = with(
                    Product.command("serve", "--listen", "unix:" + host(), "--export", base.toString()),
                    "NOTIFY_SOCKET=" + name,
                    "WATCHDOG_USEC=600000");
            try (Product server = Product.start(command)) {
                manager.await("READY=1");
                await("signs of life")
                        .until(() -> manager.messages.stream()
                                        .filter("WATCHDOG=1"::equals)
                                        .count()
                                > 3);
                server.process().destroy();
                manager.await("STOPPING=1");
            }
        }
    }

    @Test
    void shouldGoOnWithoutTheServiceManagersSocket() throws Exception {
        try (Product daemon = Product.start(with(daemon(), "NOTIFY_SOCKET=" + base.resolve("nobody")))) {
            daemon.await("The service manager could not be told");
            await("health")
                    .until(() -> Product.run("status", "--health", "--control", control())
                                    .exitCode()
                            == 0);
        }
    }

    @Test
    void shouldLogLevelsToTheJournal() throws Exception {
        final Path journal = Files.createFile(base.resolve("journal"));
        final String stream = Files.getAttribute(journal, "unix:dev") + ":" + Files.getAttribute(journal, "unix:ino");
        final List<String> command = with(daemon(), "JOURNAL_STREAM=" + stream);
        final Process daemon =
                new ProcessBuilder(command).redirectError(journal.toFile()).start();
        try {
            await("a line of the journal")
                    .until(() -> Files.readString(journal).startsWith("<6>Mounting what unix:" + host()));
        } finally {
            daemon.destroy();
            daemon.waitFor();
        }
        // Standard error that is something else is not the journal, whatever the environment says.
        try (Product other = Product.start(with(daemon(), "JOURNAL_STREAM=" + stream))) {
            other.await("INFO  Mounting what");
        }
    }

    @Test
    void shouldRotateTheLogFileAndForgeNoLines() throws Exception {
        final Path log = base.resolve("server.log");
        try (Product server = server("--log-file", log.toString(), "--log-file-size=64KiB", "--log-files", "2")) {
            await("the log")
                    .until(() -> Files.exists(log) && Files.readString(log).contains("Serving"));
            final RawClient guest = new RawClient(host());
            for (int i = 0; i < 100; i++) {
                try (SocketChannel channel = guest.connect()) {
                    final String path = "/forged\nERROR\u001b[2J" + i + "x".repeat(3000);
                    assertThat(refused(guest, channel, path)).contains("refused");
                }
            }
            await("the older files").until(() -> Files.exists(Path.of(log + ".2")));
            assertThat(Path.of(log + ".3")).doesNotExist();
            assertThat(Files.size(Path.of(log + ".1"))).isBetween(60_000L, 80_000L);
            assertThat(Files.readAllLines(Path.of(log + ".1"))).allMatch(line -> line.matches("\\d{4}-.*"));
            assertThat(Files.readString(Path.of(log + ".1"))).contains("/forged\\nERROR\\u001b[2J");
            assertThat(server.output()).isEmpty();
        }
    }

    private static String refused(final RawClient guest, final SocketChannel channel, final String path)
            throws Exception {
        try {
            guest.hello(
                    channel,
                    new Hello.Mount(
                            Version.CURRENT,
                            0,
                            Limits.FRAME_MAX,
                            path,
                            ConsistencyMode.CONSISTENT,
                            false,
                            Ownership.PASSTHROUGH,
                            0));
            return "mounted";
        } catch (final IOException e) {
            return e.getMessage();
        }
    }

    @Test
    void shouldKeepAPidFileThatOneProcessHolds() throws Exception {
        final Path pidFile = base.resolve("daemon.pid");
        try (Product daemon = Product.start(daemon("--pid-file", pidFile.toString()))) {
            await("the pid file")
                    .until(() -> Files.exists(pidFile)
                            && Files.readString(pidFile).equals(daemon.process().pid() + "\n"));
            final var second = Commands.run(base, daemon("--pid-file", pidFile.toString()));
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.output())
                    .isEqualTo("transfuse: the process " + daemon.process().pid() + " holds the pid file " + pidFile
                            + ": it runs already\n");
            daemon.process().destroy();
            daemon.awaitEnd();
            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void shouldReadItsOptionsFromAFileThatTheCommandLineOverrides() throws Exception {
        final Path file = Files.writeString(
                base.resolve("daemon.conf"),
                "# The daemon\n\n connect = unix:" + host() + " \ncontrol=" + base.resolve("other.sock")
                        + "\nlog-level = warn\n");
        final List<String> command =
                Product.command("daemon", "--config", file.toString(), "--control", control(), "--log-level=debug");
        try (Product daemon = Product.start(command)) {
            daemon.await("Mounting what unix:" + host() + " exports; control socket " + control());
            assertThat(base.resolve("other.sock")).doesNotExist();
        }
    }

    @Test
    void shouldTellAMistakeInTheFileWithItsLine() throws Exception {
        final Path file = Files.writeString(base.resolve("server.conf"), "# one\nlisten = unix:/x\nexprot = /y\n");
        final var result = Product.run("serve", "--config", file.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output()).startsWith("transfuse: " + file + ":3: unknown option 'exprot': known are export,");
        assertThat(result.output().strip()).doesNotContain("\n");
    }

    @Test
    void shouldBeUnhealthyWhenTheHostIsLostAndWhenNobodyAnswers() throws Exception {
        final Product server = server();
        try (Product daemon = Product.start(daemon())) {
            server.await("Serving");
            daemon.await("Mounting");
            assertThat(Product.run("status", "--health", "--control", control()))
                    .isEqualTo(new Commands.Result(0, "ok\n"));
            final Path guest = base.resolve("guest");
            assertThat(Product.run("mount", "--control", control(), "-v", base.resolve("host") + ":" + guest)
                            .exitCode())
                    .isZero();
            server.close();
            await("the loss")
                    .until(() -> Product.run("status", "--health", "--control", control())
                                    .exitCode()
                            == 1);
            assertThat(Product.run("status", "--health", "--control", control()).output())
                    .isEqualTo("transfuse: " + guest + " is disconnected\n");
        } finally {
            server.close();
        }
        final var nobody = Product.run("status", "--health", "--control", control());
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.output()).startsWith("transfuse: no daemon listens at ");
    }

    @Test
    void shouldLogToTheHostWhichMayComeLater() throws Exception {
        try (Product daemon = Product.start(daemon("--log-to-host", "info", "--name", "guest-7"))) {
            daemon.await("Mounting what");
            try (Product server = server()) {
                server.await("INFO  guest-7: Mounting what unix:" + host() + " exports; control socket " + control());
            }
        }
    }

    @Test
    void shouldRefuseANameThatForgesLines() {
        final var result = Commands.run(base, daemon("--log-to-host", "info", "--name", "a\nb"));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output()).contains("is not 1 to 64 characters without control characters");
    }

    @Test
    void shouldBoundWhatAGuestLogs() throws Exception {
        try (Product server = server()) {
            server.await("Serving");
            final RawClient guest = new RawClient(host());
            final ByteBuffer frame = RawClient.buffer(Limits.HANDSHAKE_FRAME_MAX);
            try (SocketChannel channel = guest.connect()) {
                final var welcome =
                        guest.hello(channel, new Hello.Log(Version.CURRENT, Features.LOG, Limits.FRAME_MAX, "noisy"));
                assertThat(welcome.features()).isEqualTo(Features.LOG);
                for (int i = 0; i < 5000; i++) {
                    RawClient.send(
                            channel,
                            frame,
                            LogRecord.encode(frame, LogRecord.ERROR, "line " + i + "\nforged\u001b[2J"));
                }
            }
            server.await("ERROR noisy: line 0\\nforged\\u001b[2J");
            server.await("more lines, which came too fast, are not written");
            final long written = server.output()
                    .lines()
                    .filter(line -> line.contains("noisy: line"))
                    .count();
            final long told = server.output()
                    .lines()
                    .filter(line -> line.contains("noisy: ") && line.contains(" more lines"))
                    .mapToLong(line -> Long.parseLong(line.replaceFirst(".*noisy: (\\d+) more.*", "$1")))
                    .sum();
            assertThat(written).isGreaterThanOrEqualTo(100).isLessThan(5000);
            assertThat(written + told).isEqualTo(5000);
        }
    }

    @Test
    void shouldEndALogThatIsMalformed() throws Exception {
        try (Product server = server()) {
            server.await("Serving");
            final RawClient guest = new RawClient(host());
            final ByteBuffer frame = RawClient.buffer(Limits.FRAME_MAX);
            final int length = LogRecord.encode(frame, LogRecord.INFO, "text");
            // A level that there is not; a text that runs past its frame; one that is too long; another request.
            endsAfter(guest, copy(frame).putInt(RequestFrame.SIZE, 5), length);
            endsAfter(guest, copy(frame).putInt(RequestFrame.SIZE, 6).putInt(RequestFrame.SIZE + 4, 5), length);
            final ByteBuffer large = RawClient.buffer(Limits.FRAME_MAX);
            large.putInt(RequestFrame.SIZE + 4, LogRecord.TEXT_MAX + 1);
            endsAfter(
                    guest,
                    large,
                    RequestFrame.encode(large, Opcode.LOG, LogRecord.REQUEST_SIZE + 5 + LogRecord.TEXT_MAX + 1));
            final ByteBuffer cancel = RawClient.buffer(Limits.FRAME_MAX);
            endsAfter(guest, cancel, Cancel.encode(cancel, 1));
            server.await("CANCEL on a connection for a log");
            assertThat(server.output()).doesNotContain(": text");
        }
    }

    private static ByteBuffer copy(final ByteBuffer frame) {
        final ByteBuffer copy = RawClient.buffer(frame.capacity());
        copy.put(0, frame, 0, frame.capacity());
        return copy;
    }

    private static void endsAfter(final RawClient guest, final ByteBuffer frame, final int length) throws Exception {
        try (SocketChannel channel = guest.connect()) {
            guest.hello(channel, new Hello.Log(Version.CURRENT, Features.LOG, Limits.FRAME_MAX, "odd"));
            RawClient.send(channel, frame, length);
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }
}
