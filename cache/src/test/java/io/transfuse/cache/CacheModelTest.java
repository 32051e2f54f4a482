package io.transfuse.cache;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * Any interleaving of what guest, host and kernel do, with whatever is on its way for as long as may be, against a model of
 * all three. What must hold is said in {@link ModelWorld}.
 */
class CacheModelTest {
    private static final int LONG = 1 << 20;
    private static final int STEPS_MAX = 120;

    @Provide
    Arbitrary<List<ModelWorld.Step>> steps() {
        final Arbitrary<Integer> number = Arbitraries.integers().between(0, 29).withoutEdgeCases();
        return Combinators.combine(
                        Arbitraries.integers().between(0, ModelWorld.STEPS - 1).withoutEdgeCases(),
                        number,
                        number,
                        number,
                        number)
                .as(ModelWorld.Step::new)
                .list()
                .ofMaxSize(STEPS_MAX);
    }

    private static void run(
            final List<ModelWorld.Step> steps,
            final int entriesMax,
            final long bytesMax,
            final boolean echo,
            final boolean hasEpoch) {
        final ModelWorld world = new ModelWorld(entriesMax, bytesMax, echo, hasEpoch);
        try {
            steps.forEach(world::step);
            world.end();
        } catch (final AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n  " + String.join("\n  ", world.log()), e);
        }
    }

    @Property(tries = 3000, shrinking = ShrinkingMode.BOUNDED)
    void shouldNeverServeWhatIsStale(
            @ForAll("steps") final List<ModelWorld.Step> steps,
            @ForAll final boolean echo,
            @ForAll final boolean hasEpoch) {
        run(steps, LONG, LONG, echo, hasEpoch);
    }

    @Property(tries = 3000, shrinking = ShrinkingMode.BOUNDED)
    void shouldNeverServeWhatIsStaleWithLittleMemory(
            @ForAll("steps") final List<ModelWorld.Step> steps,
            @ForAll @IntRange(max = 6) final int entriesMax,
            @ForAll final boolean little,
            @ForAll final boolean echo) {
        run(steps, entriesMax, little ? 1000 : LONG, echo, true);
    }
}
