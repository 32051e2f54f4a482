package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Short runs of {@link Torture}, each with another program; a failure prints the seed. */
@Timeout(120)
class TortureTest {
    private static final int SECONDS = 8;

    private static void torture(final String mode, final boolean overflow) throws Exception {
        final Torture.Report report = Torture.run(new Torture.Options(
                mode, overflow, System.currentTimeMillis(), Duration.ofSeconds(SECONDS), Integer.MAX_VALUE));
        assertThat(report.violations()).isEmpty();
        assertThat(report.rounds()).isPositive();
        if (overflow) {
            assertThat(report.overflows()).as("overflows").isPositive();
        }
    }

    @Test
    void shouldAgreeInACachedMount() throws Exception {
        torture("cached", false);
    }

    @Test
    void shouldAgreeInACachedMountThoughEventsAreLost() throws Exception {
        Assumptions.assumeTrue(QueueLimits.canBeSet(), "the queues of events cannot be made short here");
        torture("cached", true);
    }

    @Test
    void shouldAgreeInAConsistentMount() throws Exception {
        torture("consistent", false);
    }
}
