package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs are told of what happens on the host wherever they watch, and of what they do themselves once. */
@Timeout(180)
class EventsPlacesTest {
    @TempDir
    Path base;

    private Path host;
    private Path guest;

    @BeforeEach
    void setUp() throws IOException {
        base = base.toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        guest = Files.createDirectory(base.resolve("guest"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldTellEachMountOfATree(final String mode) throws IOException {
        final Path other = Files.createDirectory(base.resolve("other"));
        Files.createDirectory(host.resolve("d"));
        try (Product product = Product.mount(host + ":" + guest + ":" + mode, host + ":" + other + ":" + mode);
                Inotify inotify = new Inotify().watch("one", guest.resolve("d")).watch("two", other.resolve("d"))) {
            Files.writeString(host.resolve("d/f"), "text");
            inotify.await("one CLOSE_WRITE f");
            inotify.await("two CLOSE_WRITE f");
            Files.move(host.resolve("d/f"), host.resolve("d/g"));
            Files.delete(host.resolve("d/g"));
            inotify.await("one DELETE g");
            inotify.await("two DELETE g");
            assertThat(inotify.byWatch().get("one")).contains("CREATE f", "MODIFY f");
            assertThat(inotify.byWatch().get("two")).contains("CREATE f", "MODIFY f");
            assertThat(product.output()).doesNotContain("ERROR");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldTellOfAFileThatIsMountedByItself(final String mode) throws IOException {
        final Path file = Files.writeString(host.resolve("file"), "one");
        final Path mounted = Files.createFile(base.resolve("mounted"));
        try (Product product = Product.mount(file + ":" + mounted + ":" + mode);
                Inotify inotify = new Inotify().watch("file", mounted)) {
            Files.writeString(file, "another");
            inotify.await("file CLOSE_WRITE");
            assertThat(inotify.events()).contains("file MODIFY");
            assertThat(mounted).hasContent("another");
            inotify.clear();
            Files.writeString(host.resolve("new"), "replaced");
            Files.move(host.resolve("new"), file, StandardCopyOption.ATOMIC_MOVE);
            inotify.await("file MODIFY");
            assertThat(mounted).hasContent("replaced");
            assertThat(product.output()).doesNotContain("ERROR");
        }
    }

    /** As in a container with a bind mount of a part of what is shared. */
    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldTellWhoWatchesThroughABindMountInANamespaceOfHisOwn(final String mode) throws IOException {
        Needs.program("inotifywait", "inotify-tools");
        Files.createDirectories(host.resolve("a/b"));
        Files.createDirectory(base.resolve("bound"));
        try (Product product = Product.mount(host + ":" + guest + ":" + mode);
                Tool watcher = Tool.start(
                        base,
                        Map.of(),
                        List.of(
                                "unshare",
                                "--mount",
                                "--propagation",
                                "private",
                                "sh",
                                "-euc",
                                "mount --bind guest/a bound; exec inotifywait -m --format '%e %f' bound bound/b"))) {
            watcher.await("Watches established.");
            Files.writeString(host.resolve("a/f"), "text");
            watcher.await("CLOSE_WRITE,CLOSE f");
            Files.move(host.resolve("a/f"), host.resolve("a/b/g"));
            watcher.await("MOVED_TO g");
            assertThat(watcher.lines()).contains("CREATE f", "MODIFY f", "MOVED_FROM f");
            assertThat(product.output()).doesNotContain("ERROR");
        }
    }

    /** What a watch holds is the directory, not its name, which the kernel drops when it needs memory. */
    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldTellOfWhatIsInADirectoryWhoseNameTheKernelHasDropped(final String mode) throws IOException {
        Files.createDirectories(host.resolve("a/b/c"));
        try (Product product = Product.mount(host + ":" + guest + ":" + mode);
                Inotify inotify = new Inotify().watch("c", guest.resolve("a/b/c"))) {
            Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "2");
            Files.writeString(host.resolve("a/b/c/one"), "1");
            inotify.await("c CLOSE_WRITE one");
            Files.move(host.resolve("a/b"), host.resolve("b"));
            Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "2");
            Files.writeString(host.resolve("b/c/two"), "2");
            inotify.await("c CLOSE_WRITE two");
            assertThat(product.output()).doesNotContain("ERROR");
        }
    }

    /** E2: the guest's kernel tells of it, and the host's too, to its own. */
    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldTellOfWhatTheGuestDoesOnce(final String mode) throws IOException {
        try (Product product = Product.mount(host + ":" + guest + ":" + mode);
                Inotify inotify = new Inotify();
                Inotify local = new Inotify()) {
            Inotify.lay(host, guest, "mkdir d");
            inotify.watch("guest", guest.resolve("d"));
            local.watch("host", host.resolve("d"));
            Commands.shell(
                    guest.resolve("d"),
                    "mkdir s; echo 1 > f; chmod 600 f; mv f g; ln g h; ln -s x l; rm h l; mv g s/g; mv s/g g; rm g; rmdir s");
            // An echo would have been told before what comes after it.
            Files.createDirectory(host.resolve("d/end"));
            inotify.await("guest CREATE|ISDIR end");
            local.await("host CREATE|ISDIR end");
            for (final String what : List.of(
                    "CREATE|ISDIR s",
                    "CREATE f",
                    "MODIFY f",
                    "CLOSE_WRITE f",
                    "ATTRIB f",
                    "CREATE h",
                    "CREATE l",
                    "DELETE h",
                    "DELETE l",
                    "DELETE g",
                    "DELETE|ISDIR s")) {
                assertThat(Collections.frequency(inotify.events(), "guest " + what))
                        .as(what)
                        .isEqualTo(1);
                assertThat(local.events()).contains("host " + what);
            }
            assertThat(inotify.events().stream().filter(event -> event.contains("MOVED_")))
                    .containsExactly(
                            "guest MOVED_FROM f #1",
                            "guest MOVED_TO g #1",
                            "guest MOVED_FROM g #2",
                            "guest MOVED_TO g #3");
            assertThat(product.output()).doesNotContain("ERROR");
        }
    }

    /** The host may have gone on when it is looked at what it did. A directory that is told as removed is listed no more. */
    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldKeepADirectoryThatWasExchangedWithWhatIsRemovedThen(final String mode) throws IOException {
        Commands.shell(host, "mkdir -p d/s e; echo 1 > d/s/b; echo 2 > e/f");
        try (Product product = Product.mount(host + ":" + guest + ":" + mode);
                Inotify inotify = new Inotify().watch("d", guest.resolve("d")).watch("e", guest.resolve("e"))) {
            Commands.shell(host, "touch d/made e/made");
            inotify.await("d CLOSE_WRITE made");
            inotify.await("e CLOSE_WRITE made");
            assertThat(guest.resolve("d/s").toFile().list()).containsExactly("b");
            product.signal("STOP");
            try {
                assertThat(Libc.exchange(host.resolve("d/s"), host.resolve("e/f")))
                        .isZero();
                Files.delete(host.resolve("d/s"));
            } finally {
                product.signal("CONT");
            }
            inotify.await("d DELETE s");
            assertThat(inotify.events()).contains("e MOVED_TO|ISDIR f #1");
            assertThat(guest.resolve("e/f").toFile().list()).containsExactly("b");
            assertThat(guest.resolve("d/s")).doesNotExist();
            assertThat(product.output()).doesNotContain("ERROR");
        }
    }
}
