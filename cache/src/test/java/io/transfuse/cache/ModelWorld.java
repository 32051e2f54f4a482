package io.transfuse.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.cache.ModelHost.By;
import io.transfuse.cache.ModelHost.Thing;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A host, a guest's kernel and the cache between them. Requests, replies, what the host tells and what is given back to it are
 * on their way for as long as the steps say. What must hold all the time is said in {@link ModelTruth}.
 */
final class ModelWorld {
    static final int STEPS = 28;
    static final int DIRECTORIES_MAX = 6;
    private static final long STEP_NANOS = CacheFixture.TIME_TO_LIVE / 2;
    private static final int HELD_MAX = 200;

    final ModelHost host = new ModelHost();
    final ModelKernel kernel;
    final MountCache cache;
    final ModelTruth truth;
    final ModelTransit transit = new ModelTransit();
    final ModelNews news;
    private final ModelQuestions questions;
    private final ModelChanges changes;
    private final ModelUsers users;
    private final Answer answer = new Answer();
    private final long bytesMax;
    private final int entriesMax;
    private final List<MountCache.Forget> returning = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private boolean suspended;
    private long clock;

    /** One step: what to do and with what; the numbers are taken modulo what there is. */
    record Step(int what, int a, int b, int c, int d) {}

    /**
     * @param echo whether the host tells of the guest's own changes, as doubts
     * @param hasEpoch whether the kernel can be told that every name is stale
     */
    ModelWorld(final int entriesMax, final long bytesMax, final boolean echo, final boolean hasEpoch) {
        this.entriesMax = entriesMax;
        this.bytesMax = bytesMax;
        kernel = new ModelKernel(hasEpoch);
        cache = new MountCache(bytesMax, entriesMax, CacheFixture.TIME_TO_LIVE, () -> clock);
        truth = new ModelTruth(host, kernel, cache, () -> clock);
        news = new ModelNews(host, kernel, cache, echo, this::log);
        questions = new ModelQuestions(this);
        changes = new ModelChanges(this, questions, echo ? By.GUEST_DOUBTED : By.GUEST);
        users = new ModelUsers(this);
    }

    static long version(final byte[] attributes) {
        return Long.parseLong(new String(attributes, UTF_8).substring(1));
    }

    List<String> log() {
        return log;
    }

    void step(final Step step) {
        switch (step.what) {
            case 0:
            case 1:
            case 2:
                questions.looksUp(step);
                break;
            case 3:
                questions.asksAttributes(step);
                break;
            case 4:
                questions.lists(step);
                break;
            case 5:
                questions.prefetches(step);
                break;
            case 6:
                questions.reads(step);
                break;
            case 7:
                questions.asksContent(step);
                break;
            case 8:
                changes.creates(step);
                break;
            case 9:
                changes.removes(step);
                break;
            case 10:
                changes.renames(step);
                break;
            case 11:
                changes.links(step);
                break;
            case 12:
                changes.changes(step);
                break;
            case 13:
            case 14:
            case 15:
                transit.advance(step.a, 1 + step.b % 2);
                break;
            case 16:
            case 17:
                users.makesOrRemoves(step);
                break;
            case 18:
                users.changes(step);
                break;
            case 19:
                users.renames(step);
                break;
            case 20:
            case 21:
                news.tell(1 + step.a % 3);
                break;
            case 22:
                host.coarsen(directory(step.a));
                break;
            case 23:
                rarely(step);
                break;
            case 24:
                kernelForgets(step);
                break;
            case 25:
                giveBack();
                break;
            case 26:
                probe();
                break;
            default:
                clock += STEP_NANOS;
                kernel.pass(STEP_NANOS);
        }
        check();
    }

    private void rarely(final Step step) {
        switch (step.a % 4) {
            case 0:
                host.loseChanges();
                log("changes are lost");
                break;
            case 1:
            case 2:
                suspended = !suspended;
                host.tellMode(suspended);
                log(suspended ? "another mount comes" : "another mount goes");
                break;
            default:
                log("doubt");
                cache.doubtObject(heldNode(step.b));
        }
    }

    void log(final String text) {
        log.add(text);
    }

    // Choices

    static Name name(final int number) {
        return ModelHost.NAMES[number % ModelHost.NAMES.length];
    }

    Thing directory(final int number) {
        final List<Thing> directories = new ArrayList<>();
        for (final Thing thing : host.things) {
            if (thing.directory && !thing.removed) {
                directories.add(thing);
            }
        }
        return directories.get(number % directories.size());
    }

    long heldNode(final int number) {
        final List<Long> held = new ArrayList<>();
        kernel.held().forEach(held::add);
        held.sort(null);
        return held.get(number % held.size());
    }

    long heldDirectory(final int number) {
        final List<Long> held = new ArrayList<>();
        for (final long node : kernel.held()) {
            if (host.of(node).directory) {
                held.add(node);
            }
        }
        held.sort(null);
        return held.get(number % held.size());
    }

    int directories() {
        return (int) host.things.stream()
                .filter(thing -> thing.directory && !thing.removed)
                .count();
    }

    // What is given back

    private void kernelForgets(final Step step) {
        final long node = heldNode(step.a);
        final long count = kernel.forget(node);
        if (count > 0) {
            log("kernel forgets " + node + " with " + count);
            cache.forget(node, count);
        }
    }

    private void drain() {
        final List<MountCache.Forget> forgets = cache.drainForgets();
        if (forgets == null) {
            return;
        }
        for (final MountCache.Forget forget : forgets) {
            log("given back: " + forget);
            assertThat(forget.lookups()).isPositive();
            returning.add(forget);
            final long left = host.of(forget.node()).count
                    - returning.stream()
                            .filter(other -> other.node() == forget.node())
                            .mapToLong(MountCache.Forget::lookups)
                            .sum();
            assertThat(left)
                    .as("lookups left of %s, which the kernel holds %d times", forget, kernel.lookups(forget.node()))
                    .isGreaterThanOrEqualTo(kernel.lookups(forget.node()) > 0 ? 1 : 0);
        }
    }

    private void giveBack() {
        for (final Iterator<MountCache.Forget> i = returning.iterator(); i.hasNext(); ) {
            final MountCache.Forget forget = i.next();
            assertThat(host.of(forget.node()).count).as("%s", forget).isGreaterThanOrEqualTo(forget.lookups());
            host.forget(forget.node(), forget.lookups());
            i.remove();
        }
    }

    // What must hold

    /** The cache is asked for everything, and the kernel given what it says. */
    private void probe() {
        for (final long node : kernel.held()) {
            if (!host.of(node).directory) {
                continue;
            }
            for (final Name name : ModelHost.NAMES) {
                if (kernel.at(node, name) == null
                        && !kernel.isChanging(node)
                        && cache.lookup(node, name, answer) != MountCache.Outcome.UNKNOWN) {
                    truth.assertHeld(node);
                    kernel.takeEntry(node, name, answer);
                }
            }
        }
    }

    private void check() {
        drain();
        truth.check();
    }

    /** Everything arrives: what is known from now on is what the host has. Then everything is given back. */
    void end() {
        log("the end");
        while (!transit.isEmpty()) {
            transit.finishOne();
            check();
        }
        news.tell(Integer.MAX_VALUE);
        check();
        clock += 2 * CacheFixture.TIME_TO_LIVE;
        kernel.pass(2 * CacheFixture.TIME_TO_LIVE);
        truth.raiseAll();
        check();
        probe();
        check();
        giveEverythingBack();
    }

    private void giveEverythingBack() {
        assertThat(kernel.isTold()).isTrue();
        kernel.dropNames();
        for (final long node : kernel.held()) {
            final long count = kernel.forget(node);
            if (count > 0) {
                cache.forget(node, count);
            }
        }
        drain();
        assertThat(cache.statistics().entries()).isLessThanOrEqualTo(entriesMax);
        assertThat(cache.statistics().bytes()).isBetween(0L, bytesMax);
        cache.invalidateAll(kernel);
        for (int depth = 0; depth < DIRECTORIES_MAX + 1; depth++) {
            for (final Thing thing : host.things) {
                for (final Name name : ModelHost.NAMES) {
                    if (thing.node != 0) {
                        cache.invalidateName(thing.node, name, true, kernel);
                    }
                }
            }
        }
        drain();
        giveBack();
        for (final Thing thing : host.things) {
            assertThat(thing.count).as("%s", thing).isEqualTo(thing == host.root ? 1 : 0);
        }
        assertThat(cache.statistics().entries()).isZero();
        assertThat(cache.statistics().bytes()).isZero();
        assertThat(host.things.size()).isLessThan(HELD_MAX + DIRECTORIES_MAX * HELD_MAX);
    }
}
