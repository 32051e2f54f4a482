package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class QueueLimitsTest {
    private static final String SHOW =
            "cat /proc/sys/fs/inotify/max_queued_events /proc/sys/fs/fanotify/max_queued_events";

    @Test
    void shouldSetTheLimitsBack() throws Exception {
        Assumptions.assumeTrue(QueueLimits.canBeSet(), "the queues of events cannot be made short here");
        final Path here = Path.of("/");
        final String before = Commands.shell(here, SHOW);
        try (QueueLimits limits = QueueLimits.set(999)) {
            assertThat(limits).isNotNull();
            assertThat(Commands.shell(here, SHOW)).isEqualTo("999\n999\n");
        }
        assertThat(Commands.shell(here, SHOW)).isEqualTo(before);
    }
}
