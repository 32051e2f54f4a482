package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A kernel before Linux 6.16, which cannot be told that every name is stale: FUSE 7.43 is agreed with the one that there is. */
class KernelWithoutEpochTest extends CachedFallbackCases {
    private static final String OLDER = "-Dio.transfuse.daemon.fuse.minor=43";

    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached", OLDER);

    @Override
    Mounted mounted() {
        return MOUNTED;
    }

    /** A directory that goes ends its watch, so that all that was known of it is doubted, absent names too. */
    @Test
    void shouldForgetAbsentNamesOfADirectoryThatCameBack() throws IOException {
        final Path host = MOUNTED.host();
        final Path guest = MOUNTED.guest();
        for (int i = 0; i < 5; i++) {
            Commands.shell(host, "rm -rf dir; mkdir dir; printf a > dir/a");
            Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> Files.exists(guest.resolve("dir/a")));
            assertThat(List.of(guest.resolve("dir").toFile().list())).containsExactly("a");
            assertThat(guest.resolve("dir/b")).doesNotExist();
            Commands.shell(host, "mv dir gone; mkdir dir; printf b > dir/b; rm -r gone");
            Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> Files.exists(guest.resolve("dir/b")));
            assertThat(guest.resolve("dir/a")).doesNotExist();
        }
    }
}
