package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.transfuse.protocol.Create;
import io.transfuse.protocol.Features;
import io.transfuse.protocol.Forget;
import io.transfuse.protocol.Mkdir;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Release;
import io.transfuse.protocol.Rename;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Setattr;
import io.transfuse.protocol.SetattrValid;
import io.transfuse.protocol.Unlink;
import io.transfuse.protocol.Write;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the host server tells a guest of changes on the host, by EVENT. */
class HostEventsTest {
    private static final long ROOT = 1;

    private final List<EventClient> clients = new ArrayList<>();
    private Path base;
    private Path host;
    private Path socket;
    private Product server;
    private int marks;

    @BeforeEach
    void setUp() throws Exception {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        socket = base.resolve("server");
        Commands.shell(host, "mkdir d e outside; echo 1 > d/file; mkdir d/sub; echo v > d/victim; ln d/file e/link");
        serve(Product.command(serveArguments()));
    }

    private String[] serveArguments() {
        return new String[] {"serve", "--listen", "unix:" + socket, "--export", host.toString()};
    }

    private void serve(final List<String> command) throws Exception {
        server = Product.start(command);
        server.await("Serving");
    }

    /** Serves with another watcher; {@code nobody} is a server that does not run as root. */
    private void serveWith(final String watcher) throws Exception {
        if (watcher.equals("fanotify")) {
            return;
        }
        server.close();
        if (watcher.equals("nobody")) {
            Commands.shell(base, "chmod 777 . && chown -R 65534:65534 host");
            serve(Product.commandAsNobody(base, List.of(), serveArguments()));
        } else {
            final List<String> command = Product.command(serveArguments());
            command.add(1, "-Dio.transfuse.host.watcher=" + watcher);
            serve(command);
        }
    }

    @AfterEach
    void tearDown() throws Exception {
        try {
            for (final EventClient client : clients) {
                client.close();
            }
            assertThat(server.output()).doesNotContain("ERROR").doesNotContain("Exception");
        } finally {
            server.close();
            Mounted.delete(base);
        }
    }

    private EventClient connect(final Path path, final long features) throws Exception {
        final EventClient client = new EventClient(socket);
        clients.add(client);
        return client.mount(path, features);
    }

    /** A guest that has looked into {@code d} and {@code e}. */
    private EventClient watching(final long features) throws Exception {
        final EventClient client = connect(host, features);
        final long d = client.look(ROOT, "d");
        client.look(d, "file");
        client.look(d, "victim");
        client.look(d, "sub");
        final long e = client.look(ROOT, "e");
        assertThat(client.client().lookup(e, "nothing")).isNotZero();
        settle(client);
        return client;
    }

    /** Waits until everything was told that happened so far, and forgets it. */
    private void settle(final EventClient client) {
        mark(client);
        client.forget();
    }

    private void mark(final EventClient client) {
        final String name = "mark" + ++marks;
        Commands.shell(host, "mkdir " + name);
        client.await("CREATE root/" + name);
        Commands.shell(host, "rmdir " + name);
        client.await("DELETE root/" + name);
    }

    /** The events of a script that runs on the host. */
    private List<String> eventsOf(final EventClient client, final String script) {
        Commands.shell(host, script);
        mark(client);
        final List<String> events = new ArrayList<>(client.events());
        events.removeIf(event -> event.contains("root/mark"));
        return events;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "touch d/new | CREATE d/new, ATTRIB d/new, CLOSE_WRITE d/new",
                "echo x > d/new | CREATE d/new, MODIFY d/new, CLOSE_WRITE d/new",
                "mkdir d/new | CREATE d/new",
                "ln -s x d/new | CREATE d/new",
                "mkfifo d/new | CREATE d/new",
                "echo 22 >> d/victim | MODIFY d/victim, CLOSE_WRITE d/victim",
                ": > d/victim | MODIFY d/victim, CLOSE_WRITE d/victim",
                ": >> d/victim | CLOSE_WRITE d/victim",
                "chmod 600 d/victim | ATTRIB d/victim",
                "chmod 700 d/sub | ATTRIB d/sub",
                "chmod 700 d | ATTRIB root/d",
                "rm d/victim | DELETE d/victim",
                "rmdir d/sub | DELETE d/sub",
                "mv d/victim d/other | RENAME d/victim -> d/other",
                "mv d/victim e/other | RENAME d/victim -> e/other",
                "mv d/sub e/other | RENAME d/sub -> e/other",
                "mv -f d/victim e/link | RENAME d/victim -> e/link",
                "mv d/victim outside/other | MOVED_FROM d/victim",
                "touch outside/x; mv outside/x d/x | MOVED_TO d/x",
                "cat d/victim | ''",
                "ls d | ''"
            })
    void shouldTellEachChange(final String script, final String events) throws Exception {
        final EventClient client = watching(Features.EVENTS);

        assertThat(String.join(", ", eventsOf(client, script))).isEqualTo(events);
    }

    @Test
    void shouldTellWhatItHappenedTo() throws Exception {
        final EventClient client = watching(Features.EVENTS);

        Commands.shell(host, "umask 022; mkdir d/m; touch d/sub; chmod 640 d/victim");
        mark(client);
        Commands.shell(host, "mv d/sub e/moved; mv -f d/victim e/moved2; rm e/moved2");
        client.await("DELETE e/moved2");

        assertThat(client.told())
                .contains(
                        "CREATE d/m of -, mode 40755, links 2",
                        "RENAME d/sub -> e/moved of sub, mode 40755, links 2",
                        "RENAME d/victim -> e/moved2 of victim, mode 100640, links 1",
                        "DELETE e/moved2 of victim, mode 100640, links 0");
    }

    @Test
    void shouldTellWhatARenameReplaces() throws Exception {
        final EventClient client = watching(Features.EVENTS);
        eventsOf(client, "touch d/victim");
        client.forget();

        assertThat(eventsOf(client, "echo new > d/tmp; mv d/tmp d/victim"))
                .containsExactly("CREATE d/tmp", "MODIFY d/tmp", "CLOSE_WRITE d/tmp", "RENAME d/tmp -> d/victim");
        assertThat(client.told())
                .contains("RENAME d/tmp -> d/victim of -, mode 100644, links 1, replaced victim, links 0");
    }

    @Test
    void shouldTellAnExchange() throws Exception {
        final EventClient client = watching(Features.EVENTS);
        assertThat(Libc.exchange(host.resolve("d/victim"), host.resolve("d/sub")))
                .isZero();
        mark(client);

        assertThat(client.told())
                .contains("EXCHANGE d/victim -> d/sub of victim, mode 100644, links 1, replaced sub, links 2")
                .noneMatch(line -> line.startsWith("RENAME"));
    }

    @Test
    void shouldTellOfLinks() throws Exception {
        final EventClient client = watching(Features.EVENTS);

        // The guest's kernel finds out by itself that the link count changes, where it is told of the name.
        assertThat(eventsOf(client, "ln d/file d/second")).containsExactly("CREATE d/second");
        assertThat(client.told()).contains("CREATE d/second of file, mode 100644, links 3");
        client.forget();
        assertThat(eventsOf(client, "rm d/second")).containsExactly("DELETE d/second");
        assertThat(client.told()).contains("DELETE d/second of file, mode 100644, links 2");
        client.forget();
        assertThat(eventsOf(client, "ln d/file outside/third")).containsExactly("ATTRIB of file");
        client.forget();
        assertThat(eventsOf(client, "echo x >> outside/third"))
                .containsExactly("MODIFY of file", "CLOSE_WRITE of file");
        client.forget();
        assertThat(eventsOf(client, "echo x >> d/file")).containsExactly("MODIFY d/file", "CLOSE_WRITE d/file");
    }

    @Test
    void shouldTellOfTheRoot() throws Exception {
        final EventClient client = watching(Features.EVENTS);

        assertThat(eventsOf(client, "chmod 700 .; touch x")).startsWith("ATTRIB of root", "CREATE root/x");
    }

    @Test
    void shouldTellWhatIsStaleFirst() throws Exception {
        final EventClient client = watching(Features.INVALIDATIONS | Features.EVENTS);

        Commands.shell(host, "echo x > d/new; mv d/new e/new; chmod 600 d/victim");
        mark(client);

        final List<String> told = client.told();
        assertThat(told).containsSubsequence("stale name d new", first(told, "CREATE d/new"));
        assertThat(told).containsSubsequence("stale name e new", first(told, "RENAME d/new -> e/new"));
        assertThat(told).containsSubsequence("stale child d victim", first(told, "ATTRIB d/victim"));
    }

    private static String first(final List<String> told, final String beginning) {
        return told.stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElse("no " + beginning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mv outside/s d/s | RENAME outside/s -> d/s",
                "mv d/sub outside/t | RENAME d/sub -> outside/t",
                "mv -T d/sub outside/s | RENAME d/sub -> outside/s",
                "touch unheld/x; mv unheld/x d/x | MOVED_TO d/x"
            })
    void shouldTellRenamesToWhoRemembers(final String row) throws Exception {
        Commands.shell(host, "mkdir outside/s unheld");
        final EventClient client = watching(Features.INVALIDATIONS | Features.EVENTS);
        client.look(client.look(ROOT, "outside"), "s");
        settle(client);

        final String[] parts = row.split(" \\| ");
        assertThat(eventsOf(client, parts[0])).containsExactly(parts[1]);
    }

    @Test
    void shouldTellNoStaleThingsToWhoRemembersNothing() throws Exception {
        final EventClient client = watching(Features.EVENTS);

        Commands.shell(host, "echo x > d/new; rm d/new");
        mark(client);

        assertThat(client.told()).noneMatch(line -> line.startsWith("stale"));
    }

    @Test
    void shouldTellNothingToWhoDoesNotWantIt() throws Exception {
        final EventClient told = watching(Features.EVENTS);
        final EventClient untold = connect(host, Features.INVALIDATIONS);
        untold.look(ROOT, "d");

        eventsOf(told, "echo x > d/new");

        assertThat(untold.events()).isEmpty();
    }

    /** Everything that a guest can do, by hand. */
    private static void change(final EventClient client, final long directory) throws Exception {
        final RawClient raw = client.client();
        final ByteBuffer frame = RawClient.buffer(4096);
        final ByteBuffer own = bytes("own");
        Create.encode(frame, directory, OpenFlags.READ_WRITE, 0644, own, 0, 3);
        assertThat(raw.ask(frame)).isZero();
        final long node = Create.replyNode(raw.reply);
        final long handle = Create.replyHandle(raw.reply);
        frame.put(Write.REQUEST_SIZE, (byte) 'x');
        Write.encode(frame, handle, 0, 0, 1);
        assertThat(raw.ask(frame)).isZero();
        Setattr.encode(frame, node, 0, SetattrValid.MODE, 0600, 0, 0, 0, 0, 0, 0, 0);
        assertThat(raw.ask(frame)).isZero();
        Release.encode(frame, handle, 0, 0);
        RequestFrame.setCaller(frame, 1, 0, 0);
        RawClient.send(raw.lane(), frame, RequestFrame.length(frame));
        Mkdir.encode(frame, directory, 0755, bytes("owndir"), 0, 6);
        assertThat(raw.ask(frame)).isZero();
        Rename.encode(frame, directory, directory, 0, own, 0, 3, bytes("own2"), 0, 4);
        assertThat(raw.ask(frame)).isZero();
        Unlink.encode(frame, directory, bytes("own2"), 0, 4);
        assertThat(raw.ask(frame)).isZero();
    }

    private static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"fanotify, 4", "fanotify, 5", "inotify, 4", "coarse, 4", "nobody, 4"})
    void shouldNotTellAGuestItsOwnChangesButOthers(final String watcher, final long features) throws Exception {
        serveWith(watcher);
        final EventClient client = watching(features);
        final EventClient other = connect(host.resolve("d"), Features.EVENTS);
        other.look(ROOT, "file");
        final EventClient parent = watching(Features.EVENTS);
        settle(client);
        parent.forget();

        change(client, client.look(ROOT, "d"));
        Commands.shell(host, "touch d/last");
        client.await("CREATE d/last");
        other.await("CREATE root/last");
        parent.await("CREATE d/last");

        assertThat(client.events()).noneMatch(event -> event.contains("own"));
        assertThat(other.events())
                .containsSubsequence(
                        "CREATE root/own",
                        "MODIFY root/own",
                        "ATTRIB root/own",
                        "CLOSE_WRITE root/own",
                        "CREATE root/owndir",
                        "RENAME root/own -> root/own2")
                .contains("DELETE root/own2");
        assertThat(parent.events()).contains("CREATE d/own", "RENAME d/own -> d/own2", "DELETE d/own2");
        assertThat(parent.events().stream().filter("CREATE d/own"::equals)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo x > d/new | CREATE d/new, MODIFY d/new, CLOSE_WRITE d/new",
                "chmod 600 d/victim; chmod 700 d/sub | ATTRIB d/victim, ATTRIB d/sub",
                "mv d/victim e/other | RENAME d/victim -> e/other",
                "mv d/victim outside/other; echo x > outside/x; mv outside/x d/x | MOVED_FROM d/victim, MOVED_TO d/x",
                "rm d/victim; echo 1 >> d/file | DELETE d/victim, MODIFY d/file, CLOSE_WRITE d/file"
            })
    void shouldTellEachChangeByInotify(final String script, final String events) throws Exception {
        serveWith("inotify");
        final EventClient client = watching(Features.EVENTS);

        assertThat(String.join(", ", eventsOf(client, script))).isEqualTo(events);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo x > d/new | CREATE d/new, MODIFY d/new, CLOSE_WRITE d/new",
                "mkdir d/new | CREATE d/new",
                "chmod 600 d/victim | ATTRIB d/victim",
                "rm d/victim | DELETE d/victim",
                "echo longer >> d/victim | MODIFY d/victim, CLOSE_WRITE d/victim",
                "mv d/victim d/other | RENAME d/victim -> d/other",
                "mv d/victim outside/other | DELETE d/victim",
                "echo x > d/tmp; mv d/tmp d/victim | DELETE d/victim, CREATE d/victim, MODIFY d/victim, CLOSE_WRITE d/victim",
                "mv d/victim d/v; mv d/sub d/victim; mv d/v d/sub | MOVED_FROM d/sub, RENAME d/victim -> d/sub, MOVED_TO d/victim"
            })
    void shouldTellWhatADifferenceImplies(final String script, final String events) throws Exception {
        serveWith("coarse");
        final EventClient client = watching(Features.EVENTS);
        final List<String> expected = List.of(events.split(", "));

        Commands.shell(host, script);
        await().until(() -> client.events().containsAll(expected));

        assertThat(client.events()).hasSameSizeAs(expected);
        if (script.startsWith("mv d/victim d/v;")) {
            // Where a circle begins is nobody's concern.
            return;
        }
        assertThat(client.events()).containsExactlyElementsOf(expected);
    }

    @Test
    void shouldTellWhatHappenedWhileTheQueueOverflowed() throws Exception {
        final EventClient client = watching(Features.EVENTS | Features.INVALIDATIONS);
        final int files = queueLimit() + 2_000;

        server.signal("STOP");
        Commands.shell(host, "seq -f d/f%.0f 1 " + files + " | xargs touch");
        Commands.shell(host, "mv d/victim e/moved; echo more >> d/file; rmdir d/sub; chmod 600 e/moved");
        server.signal("CONT");

        client.await("RENAME d/victim -> e/moved");
        await().atMost(Duration.ofMinutes(2)).until(() -> client.events().contains("MODIFY d/file"));
        mark(client);
        final List<String> events = client.events();
        assertThat(events.stream()
                        .filter(event -> event.startsWith("CREATE d/f"))
                        .distinct())
                .hasSize(files);
        assertThat(events.stream().filter(event -> event.startsWith("CREATE d/f")))
                .hasSize(files);
        assertThat(events).contains("DELETE d/sub", "CLOSE_WRITE d/file").doesNotContain("CREATE e/moved");
        assertThat(client.told().indexOf("stale all -"))
                .isBetween(0, client.told().indexOf(first(client.told(), "RENAME")));
        assertThat(server.output().split("overflowed", -1)).hasSizeBetween(2, 4);
    }

    private static int queueLimit() throws Exception {
        return Integer.parseInt(Commands.shell(Path.of("/"), "cat /proc/sys/fs/fanotify/max_queued_events")
                .strip());
    }

    @Test
    void shouldBoundAStormAndTellTheDifferenceAtItsEnd() throws Exception {
        final EventClient client = watching(Features.EVENTS);

        client.hold();
        // Each is an event of its own, since it is of another process or name; most of the files go again.
        Commands.shell(host, "seq -f d/f%.0f 1 30000 | xargs touch; seq -f d/f%.0f 2 30000 | xargs rm; touch d/last");
        assertThat(client.client().lookup(ROOT, "d")).isZero();
        assertThat(client.events().size()).isLessThanOrEqualTo(4_096);
        client.release();
        await().atMost(Duration.ofMinutes(2)).until(() -> client.events().contains("CREATE d/last"));
        mark(client);

        // What programs believe that there is, is there.
        final Set<String> present = new TreeSet<>();
        for (final String event : client.events()) {
            if (event.startsWith("CREATE d/")) {
                present.add(event.substring("CREATE d/".length()));
            } else if (event.startsWith("DELETE d/")) {
                present.remove(event.substring("DELETE d/".length()));
            }
        }
        assertThat(present).containsExactly("f1", "last");
    }

    @Test
    void shouldLeaveOutAGuestThatTakesNothingUntilItDoes() throws Exception {
        final EventClient stuck = watching(Features.EVENTS);
        final EventClient other = watching(Features.EVENTS);

        stuck.hold();
        Commands.shell(host, "seq -f d/f%.0f 1 30000 | xargs touch");
        await().atMost(Duration.ofMinutes(2)).until(() -> server.output().contains("takes no events"));
        Commands.shell(host, "touch d/while");
        await().atMost(Duration.ofMinutes(2)).until(() -> other.events().contains("CREATE d/while"));
        stuck.release();
        await().atMost(Duration.ofMinutes(2)).until(() -> stuck.events().contains("CREATE d/while"));

        assertThat(eventsOf(stuck, "touch d/after")).contains("CREATE d/after");
    }

    @Test
    void shouldTellOfARootThatIsAFile() throws Exception {
        final EventClient client = connect(host.resolve("d/victim"), Features.EVENTS);
        final EventClient marker = watching(Features.EVENTS);

        Commands.shell(host, "echo x >> d/victim; echo y > d/unrelated");
        client.await("CLOSE_WRITE of root");
        assertThat(client.events()).containsExactly("MODIFY of root", "CLOSE_WRITE of root");
        client.forget();
        Commands.shell(host, "echo new > d/tmp; mv d/tmp d/victim");
        client.await("CLOSE_WRITE of root");
        assertThat(client.events()).containsExactly("MODIFY of root", "ATTRIB of root", "CLOSE_WRITE of root");
        client.forget();
        eventsOf(marker, "chmod 600 d/victim; rm d/victim; touch d/unrelated");
        assertThat(client.events()).containsOnly("ATTRIB of root");
    }

    @Test
    void shouldForgetWithTheGuest() throws Exception {
        final EventClient client = watching(Features.EVENTS);
        final ByteBuffer frame = RawClient.buffer(4096);
        final long d = client.look(ROOT, "d");
        Forget.putEntry(frame, 0, d, 1_000);
        Forget.encode(frame, 1);
        RequestFrame.setCaller(frame, 1, 0, 0);
        RawClient.send(client.client().lane(), frame, RequestFrame.length(frame));
        assertThat(client.client().lookup(ROOT, "nothing")).isNotZero();
        settle(client);

        assertThat(eventsOf(client, "touch d/unseen")).isEmpty();
    }
}
