package io.transfuse.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshnessTest {
    @TempDir
    Path directory;

    @Test
    void shouldTellPercentilesAndWhatWasLate() {
        final Freshness freshness = new Freshness(List.of(Contender.TRANSFUSE_CACHED));
        for (int millis = 1; millis <= 100; millis++) {
            freshness.add(Contender.TRANSFUSE_CACHED, HostChange.CREATE, millis * 1_000_000L);
        }
        freshness.add(Contender.TRANSFUSE_CACHED, HostChange.REMOVE, 2_000_000_000L);

        final Map<?, ?> rows = (Map<?, ?>) freshness.fields().get("transfuse-cached");
        final Map<?, ?> created = (Map<?, ?>) rows.get("create");
        assertThat(created.get("changes")).isEqualTo(100L);
        assertThat((long) created.get("p50")).isBetween(49_900_000L, 50_100_000L);
        assertThat((long) created.get("above50ms")).isEqualTo(50L);
        assertThat(created.get("above1s")).isEqualTo(0L);
        assertThat(((Map<?, ?>) rows.get("all")).get("changes")).isEqualTo(101L);
        assertThat(((Map<?, ?>) rows.get("all")).get("above1s")).isEqualTo(1L);
        assertThat(freshness.table()).contains("replace by rename").contains("transfuse-cached");
    }

    @Test
    void shouldSeeEachChangeWhenItHasBeenMadeAndNotBefore() throws IOException {
        final Path file = directory.resolve("file");
        int number = 100;
        for (int cycle = 0; cycle < 2; cycle++) {
            for (final HostChange change : HostChange.values()) {
                final String text = String.valueOf(number++);
                assertThat(change.isSeenBy(file, text)).as(change.title()).isFalse();
                change.make(file, text);
                assertThat(change.isSeenBy(file, text)).as(change.title()).isTrue();
            }
        }
    }
}
