package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A host whose watcher tells only that something happened in a directory, as FSEvents of macOS does: programs in the guest
 * get the events that the difference implies, and see what they tell of.
 */
@Timeout(180)
class CoarseEventsTest {
    private static final List<String> COARSE = List.of("-Dio.transfuse.host.watcher=coarse");

    @TempDir
    Path base;

    private Path host;
    private Path guest;

    @BeforeEach
    void setUp() throws IOException {
        base = base.toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        guest = Files.createDirectory(base.resolve("guest"));
        Files.createDirectories(host.resolve("d"));
        Files.createDirectories(host.resolve("e"));
        Files.writeString(host.resolve("d/f"), "old");
        Files.writeString(host.resolve("d/h"), "old too");
    }

    /** How editors save, and what else people do; with the event that ends it, and what else has to be told. */
    @ParameterizedTest
    @CsvSource({
        "cached, 'printf new > d/f', 'd CLOSE_WRITE f', 'd MODIFY f'",
        "consistent, 'printf new > d/f', 'd CLOSE_WRITE f', 'd MODIFY f'",
        "cached, 'printf new > d/.f.swp; mv d/.f.swp d/f', 'd CLOSE_WRITE f', 'd CREATE f'",
        "consistent, 'printf new > d/.f.swp; mv d/.f.swp d/f', 'd CLOSE_WRITE f', 'd CREATE f'",
        "cached, 'mv d/f d/f~; printf new > d/f', 'd CLOSE_WRITE f', 'd MOVED_TO f~ #1'",
        "cached, 'rm d/f; printf new > d/f', 'd CLOSE_WRITE f', 'd CREATE f'",
        "consistent, 'rm d/f; printf new > d/f', 'd CLOSE_WRITE f', 'd CREATE f'",
        "cached, 'printf new > d/f; mv d/f e/f', 'e MOVED_TO f #1', 'd MOVED_FROM f #1'",
        "consistent, 'printf new > d/f; mv d/f e/f', 'e MOVED_TO f #1', 'd MOVED_FROM f #1'",
        "cached, 'rm d/f d/h', 'd DELETE h', 'd DELETE f'",
        "cached, 'mkdir d/s', 'd CREATE|ISDIR s', 'd CREATE|ISDIR s'",
        "consistent, 'chmod 600 d/f', 'd ATTRIB f', 'd ATTRIB f'"
    })
    void shouldTellWhatADifferenceImplies(final String mode, final String script, final String last, final String other)
            throws IOException {
        try (Product product = Product.mount(COARSE, host + ":" + guest + ":" + mode);
                Inotify inotify = new Inotify().watch("d", guest.resolve("d")).watch("e", guest.resolve("e"))) {
            assertThat(guest.resolve("d/f")).hasContent("old");
            // What moved is found by what was known of the directories, which is known when something was told of them.
            Commands.shell(host, "touch d/made e/made");
            inotify.await("d CREATE made");
            inotify.await("e CREATE made");
            Commands.shell(host, script);
            inotify.await(last);
            inotify.await(other);
            for (final String directory : List.of("d", "e")) {
                assertThat(guest.resolve(directory).toFile().list())
                        .containsExactlyInAnyOrder(
                                host.resolve(directory).toFile().list());
                if (Files.exists(host.resolve(directory + "/f"))) {
                    assertThat(guest.resolve(directory + "/f"))
                            .hasContent(Files.readString(host.resolve(directory + "/f")));
                }
            }
            assertThat(product.output()).doesNotContain("ERROR");
        }
    }

    /** A program that watches recursively adds watches as it hears of directories; what was made before is for it to list. */
    @ParameterizedTest
    @ValueSource(strings = {"consistent", "cached"})
    void shouldTellOfTreesThatComeAndGo(final String mode) throws IOException {
        Commands.shell(base, "mkdir -p tree/one/two && for i in $(seq 50); do echo $i > tree/one/two/$i; done");
        try (Product product = Product.mount(COARSE, host + ":" + guest + ":" + mode);
                Inotify inotify = new Inotify().watch("d", guest.resolve("d"))) {
            Commands.shell(base, "mv tree host/d/tree");
            inotify.await("d CREATE|ISDIR tree");
            inotify.watch("two", guest.resolve("d/tree/one/two"));
            Files.writeString(host.resolve("d/tree/one/two/7"), "changed");
            inotify.await("two CLOSE_WRITE 7");
            assertThat(guest.resolve("d/tree/one/two/7")).hasContent("changed");
            Commands.shell(host, "rm -rf d/tree");
            inotify.await("d DELETE|ISDIR tree");
            assertThat(guest.resolve("d/tree")).doesNotExist();
            assertThat(product.output()).doesNotContain("ERROR");
        }
    }
}
