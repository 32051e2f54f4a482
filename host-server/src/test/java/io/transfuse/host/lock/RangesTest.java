package io.transfuse.host.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.protocol.LockType;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RangesTest {
    private static final int FILE = 24;

    /** The model notes the lock of each byte. */
    @Property
    void shouldHoldWhatEachByteHolds(
            @ForAll @Size(max = 60) final List<@IntRange(max = 3 * FILE * FILE - 1) Integer> steps) {
        final Ranges ranges = new Ranges();
        final int[] model = new int[FILE];
        Arrays.fill(model, LockType.UNLOCK);
        for (final int step : steps) {
            final int type = step % 3;
            final int one = step / 3 % FILE;
            final int other = step / 3 / FILE;
            ranges.set(Math.min(one, other), Math.max(one, other), type);
            Arrays.fill(model, Math.min(one, other), Math.max(one, other) + 1, type);
            for (int at = 0; at < FILE; at++) {
                assertThat(ranges.conflict(at, at, LockType.WRITE) != null).isEqualTo(model[at] != LockType.UNLOCK);
                assertThat(ranges.conflict(at, at, LockType.READ) != null).isEqualTo(model[at] == LockType.WRITE);
            }
            assertThat(ranges.isEmpty()).isEqualTo(Arrays.stream(model).allMatch(t -> t == LockType.UNLOCK));
        }
    }

    @Test
    void shouldReachTheEndOfTheFile() {
        final Ranges ranges = new Ranges();
        ranges.set(10, Long.MAX_VALUE, LockType.WRITE);
        ranges.set(20, Long.MAX_VALUE, LockType.UNLOCK);
        assertThat(ranges.conflict(19, 19, LockType.READ)).isNotNull();
        assertThat(ranges.conflict(20, Long.MAX_VALUE, LockType.READ)).isNull();
    }
}
