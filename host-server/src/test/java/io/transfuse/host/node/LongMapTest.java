package io.transfuse.host.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LongMapTest {
    /** Few keys, so that they collide and come again, and some that differ in high bits only. */
    @Property
    void shouldBehaveAsAHashMap(@ForAll @Size(max = 2000) final List<@IntRange(max = 6000) Integer> steps) {
        final LongMap<Long> map = new LongMap<>();
        final Map<Long, Long> model = new HashMap<>();
        for (final int step : steps) {
            final long key = (step % 500) * (step % 2 == 0 ? 1L : 1L << 40) + 1;
            if (step % 3 == 0) {
                assertThat(map.remove(key)).isEqualTo(model.remove(key));
            } else {
                map.put(key, (long) step);
                model.put(key, (long) step);
            }
            assertThat(map.get(key)).isEqualTo(model.get(key));
            assertThat(map.size()).isEqualTo(model.size());
        }
        model.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
        final List<Long> values = new ArrayList<>();
        map.forEach(values::add);
        assertThat(values).containsExactlyInAnyOrderElementsOf(model.values());
    }
}
