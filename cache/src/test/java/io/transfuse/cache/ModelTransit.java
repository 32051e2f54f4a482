package io.transfuse.cache;

import io.transfuse.cache.ModelWorld.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What is on its way between guest and host: requests and replies, each in phases that other steps may come between. */
final class ModelTransit {
    private final List<Deque<Runnable>> pending = new ArrayList<>();

    /** At once, or as far as later steps let it come. */
    void send(final Step step, final Runnable... phases) {
        final Deque<Runnable> rest = new ArrayDeque<>(List.of(phases));
        pending.add(rest);
        if (step.d() % 3 != 0) {
            run(rest, Integer.MAX_VALUE);
        } else {
            run(rest, step.d() / 3 % 2);
        }
    }

    private void run(final Deque<Runnable> phases, final int most) {
        for (int i = 0; i < most && !phases.isEmpty(); i++) {
            phases.poll().run();
        }
        if (phases.isEmpty()) {
            pending.remove(phases);
        }
    }

    void advance(final int number, final int phases) {
        if (!pending.isEmpty()) {
            run(pending.get(number % pending.size()), phases);
        }
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** The oldest arrives. */
    void finishOne() {
        run(pending.get(0), Integer.MAX_VALUE);
    }
}
