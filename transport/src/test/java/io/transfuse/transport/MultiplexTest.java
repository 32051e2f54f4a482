package io.transfuse.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several channels on one stream: what they carry, and what becomes of them when a peer dies or misbehaves. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MultiplexTest {
    private Path base;
    private Path hostSocket;
    private Path guestSocket;
    private EchoServer server;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void setUp() throws IOException {
        base = Files.createTempDirectory("transfuse-test-");
        hostSocket = base.resolve("host");
        guestSocket = base.resolve("guest");
        server = new EchoServer(new Address.Device(hostSocket));
    }

    @AfterEach
    void tearDown() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        server.close();
        Files.deleteIfExists(guestSocket);
        Files.deleteIfExists(hostSocket);
        Files.delete(base);
    }

    private <T extends AutoCloseable> T opened(final T resource) {
        open.add(resource);
        return resource;
    }

    private Connector connector(final Path socket) {
        return opened(Connector.to(new Address.Device(socket)));
    }

    private static NativeBuffer buffer(final byte[] bytes) {
        final NativeBuffer buffer = NativeBuffer.allocate(bytes.length);
        buffer.bytes().put(0, bytes);
        return buffer;
    }

    private static void assertEchoes(final Connection connection, final byte[] sent) throws IOException {
        connection.writeFully(buffer(sent), 0, sent.length);
        final NativeBuffer back = NativeBuffer.allocate(sent.length);
        connection.readFully(back, 0, sent.length);
        final byte[] received = new byte[sent.length];
        back.bytes().get(0, received);
        assertThat(received).isEqualTo(sent);
    }

    private static byte[] bytes(final int length, final long seed) {
        final byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        bytes[0] = 'x';
        return bytes;
    }

    private static void await(final String what, final BooleanSupplier condition) throws InterruptedException {
        final long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin))
                    .as(what)
                    .isLessThan(60);
            Thread.sleep(5);
        }
    }

    @Test
    void shouldCarrySeveralChannels() throws Exception {
        final Connector connector = connector(hostSocket);
        final List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            final Connection channel = connector.connect();
            final int seed = i;
            all.add(CompletableFuture.runAsync(() -> {
                try {
                    final Random random = new Random(seed);
                    for (int round = 0; round < 50; round++) {
                        assertEchoes(channel, bytes(1 + random.nextInt(100_000), seed * 1000L + round));
                    }
                } catch (final IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
        assertThat(server.connections()).isEqualTo(8);
        assertThat(server.failed).isEmpty();
    }

    @Test
    void shouldNotLetAChannelThatNobodyReadsStopTheOthers() throws Exception {
        final Connector connector = connector(hostSocket);
        final Connection stuck = connector.connect();
        final byte[] flood = bytes(4 * MultiplexFrame.WINDOW, 1);
        flood[0] = 'S';
        final CompletableFuture<Throwable> writer = CompletableFuture.supplyAsync(() -> {
            try {
                stuck.writeFully(buffer(flood), 0, flood.length);
                return null;
            } catch (final IOException e) {
                return e;
            }
        });
        final Connection other = connector.connect();
        for (int i = 0; i < 40; i++) {
            assertEchoes(other, bytes(100_000, i));
        }
        assertThat(writer).isNotDone();
        stuck.shutdown();
        assertThat(writer.get()).hasMessageContaining("the channel is closed");
        assertEchoes(other, bytes(100, 7));
    }

    @Test
    void shouldEndAChannelAlone() throws Exception {
        final Connector connector = connector(hostSocket);
        final Connection first = connector.connect();
        final Connection second = connector.connect();
        assertEchoes(first, bytes(1000, 1));
        first.close();
        assertThat(first.read(NativeBuffer.allocate(10), 0, 10)).isEqualTo(-1);
        assertThatThrownBy(() -> first.writeFully(NativeBuffer.allocate(10), 0, 10))
                .isInstanceOf(IOException.class);
        await("the host has noticed", () -> server.connections() == 1);
        assertEchoes(second, bytes(1000, 2));
    }

    @Test
    void shouldUseNumbersOfChannelsUpAndEndThemAll() throws Exception {
        final Connector connector = connector(hostSocket);
        for (int round = 0; round < 3; round++) {
            final List<Connection> all = new ArrayList<>();
            for (int i = 0; i < MultiplexFrame.CHANNELS_MAX; i++) {
                all.add(connector.connect());
            }
            assertThatThrownBy(connector::connect).hasMessageContaining("there are 256 connections on the stream");
            assertEchoes(all.get(255), bytes(10, round));
            all.forEach(Connection::shutdown);
            await("all have ended", () -> server.connections() == 0);
        }
        await("there is room again", () -> {
            try {
                assertEchoes(connector.connect(), bytes(10, 9));
                return true;
            } catch (final IOException e) {
                return false;
            }
        });
        assertThat(server.failed).isEmpty();
    }

    @Test
    void shouldEndAllChannelsWithTheServer() throws Exception {
        final Connector connector = connector(hostSocket);
        final Connection first = connector.connect();
        final Connection second = connector.connect();
        assertEchoes(second, bytes(10, 1));
        server.close();
        assertThat(first.read(NativeBuffer.allocate(10), 0, 10)).isEqualTo(-1);
        assertThat(second.read(NativeBuffer.allocate(10), 0, 10)).isEqualTo(-1);
        assertThatThrownBy(connector::connect).hasMessageContaining("dev:" + hostSocket);
        server = new EchoServer(new Address.Device(hostSocket));
        assertEchoes(connector.connect(), bytes(10, 2));
    }

    @Test
    void shouldEndAllChannelsWithTheGuest() throws Exception {
        final SerialPort port = opened(new SerialPort(guestSocket, hostSocket));
        final Connector connector = connector(guestSocket);
        assertEchoes(connector.connect(), bytes(10, 1));
        assertEchoes(connector.connect(), bytes(10, 2));
        // The port tells nobody of ends: the guest says it itself.
        connector.close();
        await("the host has ended them", () -> server.connections() == 0);
        assertThat(server.failed).isEmpty();
        assertThat(port).isNotNull();
    }

    @Test
    void shouldPassOverWhatADeadGuestHadBegunToSend() throws Exception {
        final SerialPort port = opened(new SerialPort(guestSocket, hostSocket));
        for (int round = 0; round < 5; round++) {
            final Connector dead = connector(guestSocket);
            assertEchoes(dead.connect(), bytes(5000, round));
            assertThat(server.connections()).isPositive();
            // It dies within a frame: nobody says END, and the rest of the frame never comes.
            final byte[] frame = frame(MultiplexFrame.DATA, 1, new byte[MultiplexFrame.PAYLOAD_MAX]);
            port.send(Arrays.copyOf(frame, new int[] {1, 15, 16, 17, frame.length - 1}[round]));
            final Connector next = connector(guestSocket);
            assertEchoes(next.connect(), bytes(5000, round + 100));
            await("what the dead one had is over", () -> server.connections() == 1);
            next.close();
            await("the next one has ended", () -> server.connections() == 0);
        }
    }

    @Test
    void shouldNotTakeUpTheSessionOfAnotherHost() throws Exception {
        final SerialPort port = opened(new SerialPort(guestSocket, hostSocket));
        final Connector connector = connector(guestSocket);
        final Connection old = connector.connect();
        assertEchoes(old, bytes(10, 1));
        final EchoServer first = server;
        // Another server at the same place, to which the hypervisor connects anew.
        Files.delete(hostSocket);
        server = new EchoServer(new Address.Device(hostSocket));
        port.connectHost();
        assertThat(old.read(NativeBuffer.allocate(10), 0, 10)).isEqualTo(-1);
        assertEchoes(connector.connect(), bytes(10, 2));
        Files.move(hostSocket, base.resolve("kept"));
        first.close();
        Files.move(base.resolve("kept"), hostSocket);
    }

    @Test
    void shouldSayThatNobodyAnswers() throws Exception {
        final Path silent = base.resolve("silent");
        final Listener listener = Listener.listen(new Address.Unix(silent), Admission.OWN, server);
        assertThatThrownBy(connector(silent)::connect)
                .hasMessage("cannot connect to dev:" + silent + ": nobody answers");
        listener.close();
        assertThatThrownBy(connector(base.resolve("none"))::connect).hasMessageContaining("there is no such device");
        final Path file = Files.createFile(base.resolve("file"));
        assertThatThrownBy(connector(file)::connect).hasMessageContaining("neither a device nor a socket");
        Files.delete(file);
    }

    /** The server opens a device itself: here a terminal, whose line discipline must not touch the bytes. */
    @Test
    void shouldServeACharacterDevice() throws Exception {
        final PseudoTerminal terminal = opened(new PseudoTerminal());
        final EchoServer device = opened(new EchoServer(new Address.Device(terminal.device())));
        final Listener guestEnd = opened(Listener.listen(new Address.Unix(guestSocket), Admission.OWN, server));
        final Thread line = new Thread(
                () -> {
                    try {
                        terminal.join(guestEnd.accept());
                    } catch (final IOException e) {
                        // The test is over.
                    }
                },
                "line");
        line.setDaemon(true);
        line.start();
        final Connector connector = connector(guestSocket);
        final Connection first = connector.connect();
        final Connection second = connector.connect();
        assertEchoes(first, bytes(200_000, 1));
        assertEchoes(second, bytes(200_000, 2));
        assertThat(device.failed).isEmpty();
    }

    private static byte[] frame(final int type, final int channel, final byte[] payload) {
        final ByteBuffer frame =
                ByteBuffer.allocate(MultiplexFrame.SIZE + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(MultiplexFrame.SIZE, payload);
        MultiplexFrame.seal(frame, type, channel, payload.length);
        return frame.array();
    }

    /** A guest by hand, in a session. */
    private Connection session() throws IOException {
        final Connection stream = opened(SocketConnection.connect(new Address.Unix(hostSocket)));
        final byte[] sync = new byte[20];
        sync[0] = MultiplexFrame.VERSION;
        Arrays.fill(sync, 4, 20, (byte) 7);
        send(stream, frame(MultiplexFrame.SYNC, 0, sync));
        final MultiplexReader reader = new MultiplexReader(stream);
        assertThat(reader.find(MultiplexFrame.ACK)).isTrue();
        final byte[] nonce = new byte[16];
        reader.bytes().get(reader.payload() + 20, nonce);
        send(stream, frame(MultiplexFrame.START, 0, nonce));
        return stream;
    }

    private static void send(final Connection stream, final byte[] bytes) throws IOException {
        stream.writeFully(buffer(bytes), 0, bytes.length);
    }

    @Test
    void shouldEndTheSessionOfAGuestThatBreaksTheRules() throws Exception {
        final List<List<byte[]>> attacks = new ArrayList<>();
        attacks.add(List.of(frame(MultiplexFrame.DATA, 1, new byte[1])));
        attacks.add(List.of(frame(MultiplexFrame.CLOSE, 9, new byte[0])));
        attacks.add(List.of(frame(MultiplexFrame.OPEN, 0, new byte[0])));
        attacks.add(List.of(frame(MultiplexFrame.OPEN, 1, new byte[0]), frame(MultiplexFrame.OPEN, 1, new byte[0])));
        attacks.add(List.of(frame(MultiplexFrame.OPEN, -1, new byte[0]), frame(MultiplexFrame.OPEN, 5, new byte[0])));
        attacks.add(List.of(
                frame(MultiplexFrame.OPEN, 1, new byte[0]), frame(MultiplexFrame.CREDIT, 1, new byte[] {1, 0, 0, 0})));
        attacks.add(List.of(
                frame(MultiplexFrame.OPEN, 1, new byte[0]),
                frame(MultiplexFrame.CREDIT, 1, new byte[] {-1, -1, -1, -1})));
        attacks.add(List.of(
                frame(MultiplexFrame.OPEN, 1, new byte[0]),
                frame(MultiplexFrame.CLOSE, 1, new byte[0]),
                frame(MultiplexFrame.DATA, 1, new byte[1])));
        attacks.add(List.of(frame(MultiplexFrame.ACK, 0, new byte[36])));
        attacks.add(List.of(frame(MultiplexFrame.START, 0, new byte[16])));
        final List<byte[]> channels = new ArrayList<>();
        for (int i = 1; i <= 257; i++) {
            channels.add(frame(MultiplexFrame.OPEN, i, new byte[0]));
        }
        attacks.add(channels);
        int broken = 0;
        for (final List<byte[]> attack : attacks) {
            final Connection stream = session();
            for (final byte[] frame : attack) {
                send(stream, frame);
            }
            final int wanted = ++broken;
            await("attack " + wanted + " is found", () -> server.failed.size() == wanted);
            await("its channels have ended", () -> server.connections() == 0);
        }
        assertEchoes(connector(hostSocket).connect(), bytes(10, 1));
    }

    @Test
    void shouldEndTheSessionOfAGuestThatSendsMoreThanIsRead() throws Exception {
        final byte[] data = new byte[MultiplexFrame.PAYLOAD_MAX];
        data[0] = 'S';
        final Connection stream = session();
        send(stream, frame(MultiplexFrame.OPEN, 1, new byte[0]));
        for (int i = 0; i < 20; i++) {
            send(stream, frame(MultiplexFrame.DATA, 1, data));
        }
        await("it is found", () -> server.failed.size() == 1);
        assertThat(server.failed.get(0)).contains("more came on a channel than was granted");
        assertEchoes(connector(hostSocket).connect(), bytes(10, 1));
    }

    @Test
    void shouldSurviveAnyBytes() throws Exception {
        final Random random = new Random(42);
        for (int round = 0; round < 60; round++) {
            final Connection stream =
                    round % 2 == 0 ? session() : opened(SocketConnection.connect(new Address.Unix(hostSocket)));
            for (int i = 0; i < 30; i++) {
                final byte[] bytes = frame(1 + random.nextInt(9), random.nextInt(4), new byte[random.nextInt(40)]);
                for (int flips = random.nextInt(3); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                send(stream, random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1));
            }
            stream.close();
        }
        await("all have ended", () -> server.connections() == 0);
        assertEchoes(connector(hostSocket).connect(), bytes(10, 1));
    }
}
