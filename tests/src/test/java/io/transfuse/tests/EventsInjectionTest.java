package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.protocol.Event;
import io.transfuse.protocol.EventKind;
import io.transfuse.protocol.ReplyFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon makes of each event that a host tells what inotify(7) tells of a local change; the test is the host. */
class EventsInjectionTest {
    private static final int REGULAR = 0100644;
    private static final int DIRECTORY = 0040755;
    private static final byte[] NONE = {};

    private Parts parts;
    private long sequence = 1_000_000;

    @AfterEach
    void close() throws IOException {
        if (parts != null) {
            parts.close();
        }
    }

    private static byte[] name(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What the real host tells is not for this test. */
    private static void silence(final ByteBuffer frame) {
        if (ReplyFrame.opcode(frame) == Event.CODE) {
            frame.putInt(0, ReplyFrame.SIZE);
            frame.limit(ReplyFrame.SIZE);
        }
    }

    private interface Fill {
        void fill(ByteBuffer frame, int at);
    }

    private void push(final EventKind kind, final String name, final String newName, final Fill fill)
            throws IOException {
        final ByteBuffer frame = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        final int end = Event.putEntry(
                frame, Event.ENTRIES, kind, name == null ? NONE : name(name), newName == null ? NONE : name(newName));
        fill.fill(frame, Event.ENTRIES);
        frame.limit(Event.encode(frame, sequence++, end));
        parts.proxy().push(frame);
    }

    private void push(final EventKind kind, final Path directory, final String name, final long node, final int mode)
            throws IOException {
        final long parent = Libc.node(directory);
        push(kind, name, null, (frame, at) -> {
            Event.setDirectories(frame, at, parent, 0);
            Event.setObject(frame, at, node, mode, 1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldTellOfWhatIsMadeAndRemoved(final String mode) throws IOException {
        parts = Parts.mount(":" + mode + ",events=on", request -> {}, EventsInjectionTest::silence);
        final Path guest = parts.guest();
        try (Inotify inotify = new Inotify().watch("dir", guest)) {
            Files.createDirectory(parts.host().resolve("d"));
            push(EventKind.CREATE, guest, "d", 0, DIRECTORY);
            Files.writeString(parts.host().resolve("f"), "x");
            push(EventKind.CREATE, guest, "f", 0, REGULAR);
            push(EventKind.MODIFY, guest, "f", 0, REGULAR);
            push(EventKind.CLOSE_WRITE, guest, "f", 0, REGULAR);
            assertThat(inotify.await("dir CLOSE_WRITE f"))
                    .containsExactly("dir CREATE|ISDIR d", "dir CREATE f", "dir MODIFY f", "dir CLOSE_WRITE f");
            assertThat(Files.readString(guest.resolve("f"))).isEqualTo("x");
            inotify.watch("file", guest.resolve("f")).clear();
            final long file = Libc.node(guest.resolve("f"));
            Files.writeString(parts.host().resolve("f"), "xy");
            push(EventKind.MODIFY, guest, "f", file, REGULAR);
            push(EventKind.ATTRIB, guest, "f", file, REGULAR);
            push(EventKind.CLOSE_WRITE, guest, "f", file, REGULAR);
            assertThat(inotify.await("file CLOSE_WRITE"))
                    .containsExactlyInAnyOrder(
                            "dir MODIFY f",
                            "file MODIFY",
                            "dir ATTRIB f",
                            "file ATTRIB",
                            "dir CLOSE_WRITE f",
                            "file CLOSE_WRITE");
            inotify.clear();
            final long parent = Libc.node(guest);
            Files.delete(parts.host().resolve("f"));
            push(EventKind.DELETE, "f", null, (frame, at) -> {
                Event.setDirectories(frame, at, parent, 0);
                Event.setObject(frame, at, file, REGULAR, 0);
            });
            assertThat(inotify.await("file IGNORED"))
                    .containsExactlyInAnyOrder("file ATTRIB", "file DELETE_SELF", "file IGNORED", "dir DELETE f");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldTellOfWhatIsMoved(final String mode) throws IOException {
        parts = Parts.mount(":" + mode + ",events=on", request -> {}, EventsInjectionTest::silence);
        final Path guest = parts.guest();
        final Path host = parts.host();
        Files.writeString(host.resolve("a"), "a");
        Files.writeString(host.resolve("v"), "v");
        Files.createDirectory(host.resolve("s"));
        Commands.shell(guest, "ls -la . s >&2; cat a v >&2");
        final long root = Libc.node(guest);
        final long sub = Libc.node(guest.resolve("s"));
        final long moved = Libc.node(guest.resolve("a"));
        final long victim = Libc.node(guest.resolve("v"));
        try (Inotify inotify = new Inotify()
                .watch("dir", guest)
                .watch("sub", guest.resolve("s"))
                .watch("a", guest.resolve("a"))
                .watch("v", guest.resolve("v"))) {
            Files.move(host.resolve("a"), host.resolve("s/b"));
            push(EventKind.RENAME, "a", "b", (frame, at) -> {
                Event.setDirectories(frame, at, root, sub);
                Event.setObject(frame, at, moved, REGULAR, 1);
            });
            assertThat(inotify.await("a MOVE_SELF"))
                    .containsExactly("dir MOVED_FROM a #1", "sub MOVED_TO b #1", "a MOVE_SELF");
            inotify.clear();
            Files.move(host.resolve("s/b"), host.resolve("v"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            push(EventKind.RENAME, "b", "v", (frame, at) -> {
                Event.setDirectories(frame, at, sub, root);
                Event.setObject(frame, at, moved, REGULAR, 1);
                Event.setReplaced(frame, at, victim, REGULAR, 0);
            });
            assertThat(inotify.await("v IGNORED"))
                    .containsExactlyInAnyOrder(
                            "sub MOVED_FROM b #1",
                            "dir MOVED_TO v #1",
                            "a MOVE_SELF",
                            "v ATTRIB",
                            "v DELETE_SELF",
                            "v IGNORED");
            // This event did not wait for what the server tells of the change.
            Awaitility.await().until(() -> Files.readString(guest.resolve("v")).equals("a"));
            inotify.clear();
            push(EventKind.MOVED_FROM, "v", null, (frame, at) -> {
                Event.setDirectories(frame, at, root, 0);
                Event.setObject(frame, at, moved, REGULAR, 1);
            });
            push(EventKind.MOVED_TO, "w", null, (frame, at) -> {
                Event.setDirectories(frame, at, root, 0);
                Event.setObject(frame, at, moved, REGULAR, 1);
            });
            inotify.await("dir MOVED_TO w #2");
            assertThat(inotify.events())
                    .containsExactlyInAnyOrder(
                            "dir MOVED_FROM v #1", "a MOVE_SELF", "dir MOVED_TO w #2", "a MOVE_SELF");
            assertThat(List.of(guest.toFile().list())).containsExactlyInAnyOrder("s", "v");
        }
    }

    /** The event of a directory's making comes when a program has found it already, and watches what is in it. */
    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldGoOnTellingOfWhatIsInADirectoryWhoseMakingIsToldLate(final String mode) throws IOException {
        parts = Parts.mount(":" + mode + ",events=on", request -> {}, EventsInjectionTest::silence);
        final Path guest = parts.guest();
        final Path host = parts.host();
        Files.createDirectories(host.resolve("s/d"));
        final long directory = Libc.node(guest.resolve("s/d"));
        try (Inotify inotify = new Inotify().watch("root", guest).watch("dir", guest.resolve("s/d"))) {
            push(EventKind.CREATE, guest, "s", 0, DIRECTORY);
            inotify.await("root CREATE|ISDIR s");
            Files.writeString(host.resolve("s/d/f"), "x");
            push(EventKind.CREATE, "f", null, (frame, at) -> {
                Event.setDirectories(frame, at, directory, 0);
                Event.setObject(frame, at, 0, REGULAR, 1);
            });
            assertThat(inotify.await("dir CREATE f")).containsExactly("root CREATE|ISDIR s", "dir CREATE f");
        }
    }

    /** A watch keeps an object in the kernel, but not the way to it: that goes when memory is short. */
    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldGoOnTellingWhenTheKernelHasForgottenTheWay(final String mode) throws IOException {
        parts = Parts.mount(":" + mode + ",events=on");
        Files.createDirectories(parts.host().resolve("s/d"));
        try (Inotify inotify = new Inotify().watch("dir", parts.guest().resolve("s/d"))) {
            Files.createFile(parts.host().resolve("s/d/before"));
            inotify.await("dir CREATE before");
            Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "2");
            Files.createFile(parts.host().resolve("s/d/after"));
            inotify.await("dir CREATE after");
        }
    }
}
