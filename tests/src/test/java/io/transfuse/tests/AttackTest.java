package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.transfuse.protocol.Attributes;
import io.transfuse.protocol.Create;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Forget;
import io.transfuse.protocol.Getattr;
import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Link;
import io.transfuse.protocol.Lookup;
import io.transfuse.protocol.Mkdir;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Open;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Opendir;
import io.transfuse.protocol.Read;
import io.transfuse.protocol.Readdir;
import io.transfuse.protocol.Rename;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.SessionToken;
import io.transfuse.protocol.Symlink;
import io.transfuse.protocol.Unlink;
import io.transfuse.protocol.Version;
import io.transfuse.protocol.Write;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A guest that speaks the protocol by hand reaches nothing outside its exports and harms nobody but itself. */
class AttackTest {
    private Path base;
    private Path export;
    private Path socket;
    private Product server;

    @BeforeEach
    void setUp() throws Exception {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        export = Files.createDirectory(base.resolve("export"));
        socket = base.resolve("host.sock");
        Files.writeString(base.resolve("secret"), "secret");
        Files.createDirectory(export.resolve("dir"));
        Files.writeString(export.resolve("dir/file"), "inside");
        server = Product.start(
                "serve", "--listen", "unix:" + socket, "--export", export.toString(), "--open-files", "2000");
        server.await("Serving");
    }

    @AfterEach
    void tearDown() throws Exception {
        try {
            // Whatever was done to it, it serves on.
            try (RawClient client = new RawClient(socket).mount(export.toString())) {
                assertThat(client.lookup(1, "dir")).isZero();
            }
            assertThat(server.output()).doesNotContain("ERROR").doesNotContain("Exception");
        } finally {
            server.close();
            Mounted.delete(base);
        }
    }

    private static ByteBuffer frame() {
        return RawClient.buffer(70_000);
    }

    private static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void shouldRefuseNamesThatAreNotOneComponent() throws Exception {
        try (RawClient client = new RawClient(socket).mount(export.toString())) {
            for (final String name :
                    new String[] {"", ".", "..", "/", "../secret", "dir/file", "/etc/passwd", "a\0b", "\0"}) {
                assertThat(client.lookup(1, name)).as("lookup '" + name + "'").isEqualTo(Errno.EINVAL);
                final ByteBuffer name8 = bytes(name);
                final int length = name8.capacity();
                ByteBuffer frame = frame();
                Mkdir.encode(frame, 1, 0755, name8, 0, length);
                assertThat(client.ask(frame)).isEqualTo(Errno.EINVAL);
                frame = frame();
                Create.encode(frame, 1, OpenFlags.READ_WRITE, 0644, name8, 0, length);
                assertThat(client.ask(frame)).isEqualTo(Errno.EINVAL);
                frame = frame();
                Unlink.encode(frame, 1, name8, 0, length);
                assertThat(client.ask(frame)).isEqualTo(Errno.EINVAL);
                frame = frame();
                Rename.encode(frame, 1, 1, 0, bytes("dir"), 0, 3, name8, 0, length);
                assertThat(client.ask(frame)).isEqualTo(Errno.EINVAL);
                frame = frame();
                Symlink.encode(frame, 1, name8, 0, length, bytes("x"), 0, 1);
                assertThat(client.ask(frame)).isEqualTo(Errno.EINVAL);
                frame = frame();
                Link.encode(frame, 1, 1, name8, 0, length);
                assertThat(client.ask(frame)).isEqualTo(Errno.EINVAL);
            }
            assertThat(client.lookup(1, "n".repeat(256))).isEqualTo(Errno.ENAMETOOLONG);
            assertThat(client.lookup(1, "n".repeat(60_000))).isEqualTo(Errno.ENAMETOOLONG);
        }
    }

    @Test
    void shouldNotFollowSymbolicLinks() throws Exception {
        Files.createSymbolicLink(export.resolve("out"), base);
        Files.createSymbolicLink(export.resolve("leak"), base.resolve("secret"));
        try (RawClient client = new RawClient(socket).mount(export.toString())) {
            assertThat(client.lookup(1, "out")).isZero();
            final long out = client.node();
            assertThat(client.lookup(out, "secret")).isEqualTo(Errno.ENOTDIR);
            assertThat(client.lookup(1, "leak")).isZero();
            final long leak = client.node();
            ByteBuffer frame = frame();
            Open.encode(frame, leak, OpenFlags.READ_ONLY);
            assertThat(client.ask(frame)).isNotZero();
            frame = frame();
            Opendir.encode(frame, out);
            assertThat(client.ask(frame)).isNotZero();
            frame = frame();
            Create.encode(frame, 1, OpenFlags.READ_WRITE | OpenFlags.TRUNCATE, 0644, bytes("leak"), 0, 4);
            assertThat(client.ask(frame)).isNotZero();
        }
        assertThat(Files.readString(base.resolve("secret"))).isEqualTo("secret");
    }

    @Test
    void shouldStayInsideWhileDirectoriesAreSwappedForLinks() throws Exception {
        final Path outside = Files.createDirectory(base.resolve("outside"));
        Files.writeString(outside.resolve("file"), "secret");
        Files.createDirectory(base.resolve("kept"));
        final AtomicBoolean stop = new AtomicBoolean();
        final Thread swapper = new Thread(() -> {
            try {
                while (!stop.get()) {
                    Files.move(export.resolve("dir"), base.resolve("kept/dir"));
                    Files.createSymbolicLink(export.resolve("dir"), outside);
                    Files.delete(export.resolve("dir"));
                    Files.move(base.resolve("kept/dir"), export.resolve("dir"));
                }
            } catch (final IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        swapper.start();
        int seen = 0;
        try (RawClient client = new RawClient(socket).mount(export.toString())) {
            // On a busy machine it may take long until the swapper lets it through once.
            for (int i = 0; i < 3000 || (seen == 0 && i < 300_000); i++) {
                if (client.lookup(1, "dir") != 0) {
                    continue;
                }
                final long dir = client.node();
                if (client.lookup(dir, "file") != 0) {
                    continue;
                }
                ByteBuffer frame = frame();
                Open.encode(frame, client.node(), OpenFlags.READ_ONLY);
                if (client.ask(frame) != 0) {
                    continue;
                }
                frame = frame();
                Read.encode(frame, Open.replyHandle(client.reply), 0, 100);
                assertThat(client.ask(frame)).isZero();
                final byte[] data = new byte[Read.dataLength(client.reply)];
                client.reply.get(Read.REPLY_DATA, data);
                assertThat(new String(data, StandardCharsets.UTF_8)).isEqualTo("inside");
                seen++;
            }
        } finally {
            stop.set(true);
            swapper.join();
        }
        assertThat(seen).as("how often it got through").isPositive();
    }

    @Test
    void shouldAnswerWildNumbersWithErrno() throws Exception {
        try (RawClient client = new RawClient(socket).mount(export.toString())) {
            for (final long wild : new long[] {0, 2, 99, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40}) {
                ByteBuffer frame = frame();
                Getattr.encode(frame, wild, 0);
                assertThat(client.ask(frame)).isEqualTo(Errno.ESTALE);
                frame = frame();
                Getattr.encode(frame, 1, wild == 0 ? 7 : wild);
                assertThat(client.ask(frame)).isEqualTo(Errno.EBADF);
                frame = frame();
                Read.encode(frame, wild, 0, 10);
                assertThat(client.ask(frame)).isEqualTo(Errno.EBADF);
                frame = frame();
                Readdir.encode(frame, wild, 0, 4096, 0);
                assertThat(client.ask(frame)).isEqualTo(Errno.EBADF);
                assertThat(client.lookup(wild, "dir")).isEqualTo(Errno.ESTALE);
                frame = frame();
                Forget.putEntry(frame, 0, wild, Long.MAX_VALUE);
                Forget.putEntry(frame, 1, 1, Long.MAX_VALUE);
                Forget.encode(frame, 2);
                RawClient.send(client.lane(), frame, RequestFrame.length(frame));
            }
            // The root cannot be forgotten away.
            assertThat(client.lookup(1, "dir")).isZero();
            ByteBuffer frame = frame();
            Opendir.encode(frame, 1);
            assertThat(client.ask(frame)).isZero();
            final long handle = Opendir.replyHandle(client.reply);
            for (final int size : new int[] {-1, 0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                for (final long cookie : new long[] {-1, 0, 5, Long.MAX_VALUE}) {
                    frame = frame();
                    Readdir.encode(frame, handle, cookie, size, 3);
                    client.ask(frame);
                }
                frame = frame();
                Read.encode(frame, handle, Long.MAX_VALUE, size);
                assertThat(client.ask(frame)).isEqualTo(size == 0 ? 0 : Errno.EINVAL);
            }
        }
    }

    @Test
    void shouldHangUpOnBrokenFrames() throws Exception {
        for (final int length : new int[] {0, -1, 3, 23, Limits.FRAME_MAX + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            try (RawClient client = new RawClient(socket).mount(export.toString())) {
                final ByteBuffer frame = frame();
                frame.putInt(0, length);
                frame.putShort(4, (short) Opcode.LOOKUP.code());
                RawClient.send(client.lane(), frame, 64);
                assertThatThrownBy(() -> client.receive(client.lane())).isInstanceOf(IOException.class);
            }
        }
        for (final int opcode : new int[] {0, 35, 63, Opcode.HELLO.code(), 128, 65_535, Opcode.CANCEL.code()}) {
            try (RawClient client = new RawClient(socket).mount(export.toString())) {
                final ByteBuffer frame = frame();
                frame.putInt(0, 32);
                frame.putShort(4, (short) opcode);
                RawClient.send(client.lane(), frame, 32);
                assertThatThrownBy(() -> client.receive(client.lane())).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void shouldSurviveRandomFramesOfEveryOperation() throws Exception {
        final Random random = new Random(42);
        for (int round = 0; round < 40; round++) {
            try (RawClient client = new RawClient(socket).mount(export.toString())) {
                client.lookup(1, "dir");
                for (int i = 0; i < 50; i++) {
                    final Opcode[] opcodes = RawClient.opcodes();
                    final ByteBuffer frame = frame();
                    final byte[] noise = new byte[RequestFrame.SIZE + random.nextInt(200)];
                    for (int at = 0; at < noise.length; at++) {
                        noise[at] = random.nextInt(3) == 0 ? (byte) random.nextInt() : (byte) random.nextInt(3);
                    }
                    frame.put(0, noise);
                    frame.putInt(0, noise.length);
                    frame.putShort(4, (short) opcodes[random.nextInt(opcodes.length)].code());
                    RawClient.send(client.lane(), frame, noise.length);
                }
            } catch (final IOException hungUp) {
                // That is the right answer to most of them.
                assertThat(server.process().isAlive()).isTrue();
            }
        }
        assertThat(Files.readString(base.resolve("secret"))).isEqualTo("secret");
    }

    @Test
    void shouldRefuseStrangersTokensAndPathsOutside() throws Exception {
        final RawClient client = new RawClient(socket);
        try (SocketChannel channel = client.connect()) {
            assertThatThrownBy(() -> client.hello(
                            channel, new Hello.Lane(Version.CURRENT, 0, Limits.FRAME_MAX, SessionToken.random())))
                    .hasMessageContaining("there is no mount with this token");
        }
        Files.createSymbolicLink(export.resolve("out"), base);
        for (final String path : new String[] {
            base.toString(),
            export + "/..",
            export + "/dir/../../secret",
            export + "/out",
            export + "/out/secret",
            base + "/exportX",
            "/",
            "/etc"
        }) {
            assertThatThrownBy(() -> new RawClient(socket).mount(path))
                    .as(path)
                    .hasMessageContaining("is not inside an export");
        }
        assertThatThrownBy(() -> new RawClient(socket).mount("export")).hasMessageContaining("is not absolute");
    }

    @Test
    void shouldRefuseStrangersAtTheDoor() throws Exception {
        for (final String text :
                new String[] {"GET / HTTP/1.1\r\nHost: x\r\n\r\n and more", "\0".repeat(100), "\u00ff".repeat(100)}) {
            final RawClient client = new RawClient(socket);
            try (SocketChannel channel = client.connect()) {
                RawClient.send(channel, bytes(text), text.length());
                assertThatThrownBy(() -> client.receive(channel)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void shouldBoundWhatAGuestCanHoldOpen() throws Exception {
        try (RawClient client = new RawClient(socket).mount(export.toString())) {
            assertThat(client.lookup(1, "dir")).isZero();
            assertThat(client.lookup(client.node(), "file")).isZero();
            final long node = client.node();
            int opened = 0;
            int errno = 0;
            while (errno == 0) {
                final ByteBuffer frame = frame();
                Open.encode(frame, node, OpenFlags.READ_ONLY);
                errno = client.ask(frame);
                opened++;
            }
            assertThat(errno).isEqualTo(Errno.ENFILE);
            assertThat(opened).isGreaterThan(100);
            // Others are served meanwhile.
            try (RawClient other = new RawClient(socket).mount(export.toString())) {
                assertThat(other.lookup(1, "dir")).isZero();
                assertThat(FileMode.isDirectory(Attributes.mode(other.reply, Lookup.REPLY_ATTRIBUTES)))
                        .isTrue();
            }
        }
    }

    @Test
    void shouldNotWriteThroughHandlesOpenedForReading() throws Exception {
        try (RawClient client = new RawClient(socket).mount(export.toString())) {
            client.lookup(1, "dir");
            client.lookup(client.node(), "file");
            ByteBuffer frame = frame();
            Open.encode(frame, client.node(), OpenFlags.READ_ONLY);
            assertThat(client.ask(frame)).isZero();
            final long handle = Open.replyHandle(client.reply);
            frame = frame();
            Write.encode(frame, handle, 0, 0, 3);
            assertThat(client.ask(frame)).isEqualTo(Errno.EBADF);
            assertThat(ReplyFrame.length(client.reply)).isEqualTo(ReplyFrame.SIZE);
        }
        assertThat(Files.readString(export.resolve("dir/file"))).isEqualTo("inside");
    }
}
