package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A host where fanotify cannot be had: inotify tells of the server's own changes, too, as doubts. */
class InotifyMountTest extends CachedFallbackCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached", "-Dio.transfuse.host.watcher=inotify");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }

    @Test
    void shouldWatchByInotify() throws IOException {
        Files.writeString(MOUNTED.host().resolve("file"), "x");
        assertThat(MOUNTED.guest().resolve("file")).hasContent("x");
        final Path descriptors = Path.of("/proc/" + MOUNTED.product().process().pid() + "/fd");
        try (Stream<Path> open = Files.list(descriptors)) {
            final List<String> kinds = open.map(InotifyMountTest::target).toList();
            assertThat(kinds).contains("anon_inode:inotify").doesNotContain("anon_inode:[fanotify]");
        }
    }

    private static String target(final Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (final IOException e) {
            // It has been closed meanwhile.
            return "";
        }
    }
}
