package io.transfuse.daemon.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WakefulnessTest {
    private final List<Boolean> asked = new ArrayList<>();
    private final Wakefulness wakefulness = new Wakefulness("test", new ProcessorLatency() {
        @Override
        void ask(final boolean atOnce) {
            asked.add(atOnce);
        }
    });

    @Test
    void shouldLetProcessorsSleepWhileRequestsAreFew() {
        for (int i = 0; i < 100; i++) {
            wakefulness.ended(i % Wakefulness.MANY);
        }

        assertThat(asked).isEmpty();
    }

    @Test
    void shouldKeepProcessorsAwakeForAsLongAsRequestsAreMany() {
        wakefulness.ended(Wakefulness.MANY);
        wakefulness.ended(1000);
        wakefulness.ended(Wakefulness.FEW);
        assertThat(asked).containsExactly(true);

        wakefulness.ended(Wakefulness.FEW - 1);
        wakefulness.ended(0);
        wakefulness.ended(Wakefulness.MANY - 1);
        assertThat(asked).containsExactly(true, false);

        wakefulness.ended(Wakefulness.MANY);
        assertThat(asked).containsExactly(true, false, true);
    }
}
