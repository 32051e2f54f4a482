package io.transfuse.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.cache.ModelHost.Thing;
import io.transfuse.cache.ModelHost.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What must hold: whatever the cache answers, and whatever the kernel believes, must have been true at a moment since the last
 * change that the guest was told of, or made itself; what is used for a time-to-live, within that.
 */
final class ModelTruth {
    private final ModelHost host;
    private final ModelKernel kernel;
    private final MountCache cache;
    private final LongSupplier clock;
    private final Answer answer = new Answer();

    /** When replies came, and of which moment of the host they were. */
    private final List<long[]> replies = new ArrayList<>();

    ModelTruth(final ModelHost host, final ModelKernel kernel, final MountCache cache, final LongSupplier clock) {
        this.host = host;
        this.kernel = kernel;
        this.cache = cache;
        this.clock = clock;
    }

    /** A reply comes, of this moment of the host. */
    void came(final long time) {
        replies.add(new long[] {clock.getAsLong(), time});
    }

    /** What the kernel believes, and what the cache would answer, must be true. */
    void check() {
        for (final long node : kernel.held()) {
            assertHeld(node);
            final Thing thing = host.of(node);
            final ModelKernel.Known known = kernel.attributesOf(node);
            if (known != null && kernel.isTold()) {
                assertThat(cache.isSuspended()).isFalse();
                assertTrue(thing, known.version());
            }
            if (cache.attributes(node, answer)) {
                assertThat(cache.isSuspended()).isFalse();
                assertTrue(thing, ModelWorld.version(answer.attributes()));
            }
            if (thing.directory && kernel.isTold()) {
                checkDirectory(node, thing);
            }
        }
    }

    private void checkDirectory(final long node, final Thing directory) {
        final Map<Name, Long> listing = kernel.listingOf(node);
        for (final Name name : ModelHost.NAMES) {
            final ModelKernel.Dentry dentry = kernel.at(node, name);
            if (dentry != null) {
                assertThat(cache.isSuspended()).isFalse();
                assertTrue(directory, name, dentry.node() == 0 ? 0 : host.of(dentry.node()).id);
            }
            if (listing != null) {
                assertTrue(directory, name, listing.getOrDefault(name, 0L));
            }
        }
    }

    void assertHeld(final long node) {
        assertThat(host.of(node).node).as("the host has forgotten %s", node).isEqualTo(node);
    }

    void assertTrue(final Thing directory, final Name name, final long id) {
        assertTrue(
                directory.at(name),
                id,
                "what stands at " + name + " in " + directory,
                directory.watchable,
                !directory.watchable);
    }

    void assertTrue(final Thing thing, final long version) {
        assertTrue(thing.attributes, version, "attributes of " + thing, thing.promised, thing.notPromised);
    }

    void assertTrue(
            final Timeline timeline, final long value, final String what, final boolean watched, final boolean timed) {
        final long told = watched ? timeline.bound : Long.MAX_VALUE;
        final long over = timed ? timeToLiveBound() : Long.MAX_VALUE;
        final long since = Math.max(timeline.ownBound, watched || timed ? Math.min(told, over) : 0);
        assertThat(timeline.was(value, since))
                .as("%s: %d is stale, as told by %d; %s", what, value, since, timeline)
                .isTrue();
    }

    /** What is used for a time-to-live was asked for at this moment or later. */
    private long timeToLiveBound() {
        replies.removeIf(reply -> reply[0] <= clock.getAsLong() - CacheFixture.TIME_TO_LIVE);
        return replies.stream().mapToLong(reply -> reply[1]).min().orElse(host.now());
    }

    /** From now on only what is true at this moment is. */
    void raiseAll() {
        for (final Thing thing : host.things) {
            thing.attributes.raise(host.now());
            thing.data.raise(host.now());
            for (final Name name : ModelHost.NAMES) {
                thing.at(name).raise(host.now());
            }
        }
    }
}
