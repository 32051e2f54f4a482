package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C1 to C3 of a cached mount where the host or the guest's kernel can do less than the newest. */
abstract class CachedFallbackCases {
    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final List<String> PROBED = List.of("created", "missing", "moved", "file", "dir", "sub");

    private static final String TREE = "mkdir -p dir/sub other; printf abc > file; printf abc > dir/file;"
            + " printf twelve > dir/sub/file; ln file other/hard; ln -s file link";

    abstract Mounted mounted();

    private void warm() throws IOException {
        for (int i = 0; i < 2; i++) {
            TreeView.of(mounted().guest(), PROBED);
        }
    }

    private void awaitSame() throws IOException {
        final Object wanted = TreeView.of(mounted().host(), PROBED);
        Awaitility.await()
                .atMost(BOUND)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(
                        () -> assertThat(TreeView.of(mounted().guest(), PROBED)).isEqualTo(wanted));
        assertThat(TreeView.of(mounted().guest(), PROBED)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "printf x > created; printf x > dir/sub/created",
                "printf x > missing; rm missing; printf y > missing",
                "printf longer > file",
                "printf xyz 1<> file; touch -d '2020-01-01 00:00:00.5' file",
                "chmod 600 dir/file; chmod 700 dir",
                "rm file; rm other/hard",
                "ln dir/file created; printf q > created",
                "mv dir/file moved; mv other dir/moved",
                "printf new > new; mv new file",
                "rm -r dir; mkdir dir; printf again > dir/file",
                "mv dir moved; mkdir dir; mv moved dir/sub",
                "rm link; ln -s dir link",
                "for i in $(seq 200); do printf $i > dir/f$i; done; rm dir/f1*",
            })
    void shouldSeeWhatTheHostChanged(final String change) throws IOException {
        Commands.shell(mounted().host(), TREE);
        awaitSame();
        warm();
        Commands.shell(mounted().host(), change);
        awaitSame();
    }

    @Test
    void shouldSeeItsOwnChangesAtOnce() throws IOException {
        Commands.shell(mounted().host(), TREE);
        awaitSame();
        final Path guest = mounted().guest();
        for (int i = 0; i < 30; i++) {
            warm();
            final String text = "text " + i;
            Files.writeString(guest.resolve("created"), text);
            assertThat(guest.resolve("created")).hasContent(text);
            Files.move(guest.resolve("created"), guest.resolve("dir/file"), StandardCopyOption.ATOMIC_MOVE);
            assertThat(guest.resolve("created")).doesNotExist();
            assertThat(guest.resolve("dir/file")).hasContent(text);
            Files.createLink(guest.resolve("created"), guest.resolve("dir/file"));
            assertThat(Files.getAttribute(guest.resolve("dir/file"), "unix:nlink"))
                    .isEqualTo(2);
            Files.delete(guest.resolve("created"));
            assertThat(Files.getAttribute(guest.resolve("dir/file"), "unix:nlink"))
                    .isEqualTo(1);
            Files.createDirectory(guest.resolve("moved"));
            assertThat(List.of(guest.toFile().list())).contains("moved");
            Files.delete(guest.resolve("moved"));
            assertThat(List.of(guest.toFile().list())).doesNotContain("moved");
            assertThat(TreeView.of(guest, PROBED))
                    .isEqualTo(TreeView.of(mounted().host(), PROBED));
        }
    }

    @Test
    void shouldSeeWhatBothChangeInTurns() throws IOException {
        Commands.shell(mounted().host(), TREE);
        awaitSame();
        for (int i = 0; i < 20; i++) {
            warm();
            Files.writeString(mounted().guest().resolve("file"), "guest " + i);
            Commands.shell(mounted().host(), "printf 'host " + i + "' > new; mv new file; mv dir/file moved");
            awaitSame();
            Files.move(mounted().guest().resolve("moved"), mounted().guest().resolve("dir/file"));
            Files.move(
                    mounted().guest().resolve("file"),
                    mounted().guest().resolve("created"),
                    StandardCopyOption.ATOMIC_MOVE);
            assertThat(mounted().host().resolve("created")).hasContent("host " + i);
            assertThat(mounted().guest().resolve("created")).hasContent("host " + i);
            awaitSame();
        }
    }
}
