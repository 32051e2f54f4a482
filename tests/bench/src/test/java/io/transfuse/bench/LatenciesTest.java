package io.transfuse.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void shouldTellPercentiles() {
        final Latencies latencies = new Latencies(List.of(Contender.NATIVE, Contender.TRANSFUSE_CACHED));
        for (int millis = 1; millis <= 100; millis++) {
            latencies.add(Contender.TRANSFUSE_CACHED, millis * 1_000_000L);
        }

        final Map<?, ?> row = (Map<?, ?>) latencies.fields().get("transfuse-cached");
        assertThat(row.get("saves")).isEqualTo(100L);
        assertThat((long) row.get("p50")).isBetween(49_900_000L, 50_100_000L);
        assertThat((long) row.get("p99")).isBetween(98_900_000L, 99_100_000L);
        assertThat(((Map<?, ?>) latencies.fields().get("native")).get("saves")).isEqualTo(0L);
        assertThat(latencies.table()).contains("transfuse-cached", "native");
    }
}
