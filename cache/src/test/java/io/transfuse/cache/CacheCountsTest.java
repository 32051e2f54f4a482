package io.transfuse.cache;

import static io.transfuse.cache.CacheFixture.ROOT;
import static io.transfuse.cache.CacheFixture.directory;
import static io.transfuse.cache.CacheFixture.file;
import static io.transfuse.cache.CacheFixture.name;
import static io.transfuse.cache.MountCache.Outcome.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the host counted is given back once, when neither kernel nor cache holds it. */
class CacheCountsTest {
    private final CacheFixture f = new CacheFixture();

    @Test
    void shouldGiveNothingBackThatIsHeld() {
        f.learn(ROOT, "a", file(2, 1));
        f.learn(ROOT, "a", file(2, 1));
        assertThat(f.held(2)).isEqualTo(2);
        f.cache.forget(2, 2);
        assertThat(f.held(2)).as("the cache holds it").isEqualTo(2);
        f.cache.removed(f.cache.moment(), ROOT, name("a"));
        assertThat(f.drained()).containsOnlyKeys(2L).containsEntry(2L, 2L);
        assertThat(f.cache.drainForgets()).isNull();
    }

    @Test
    void shouldHoldWhatTheKernelHolds() {
        f.learn(ROOT, "a", file(2, 1));
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
        f.cache.removed(f.cache.moment(), ROOT, name("a"));
        f.cache.forget(2, 1);
        assertThat(f.held(2)).as("the kernel was given it twice").isEqualTo(1);
        f.cache.forget(2, 1);
        assertThat(f.held(2)).isZero();
    }

    @Test
    void shouldGiveBackAtOnceWhatIsNeitherRememberedNorGivenToTheKernel() {
        f.learn(f.cache.moment(), ROOT, "a", file(2, 1), Validity.NEVER, false);
        assertThat(f.drained()).containsEntry(2L, 1L);
        f.learn(f.cache.moment(), 99, "a", file(2, 1), Validity.UNTIL_INVALIDATED, false);
        assertThat(f.drained()).as("a directory that is gone").containsEntry(2L, 1L);
    }

    @Test
    void shouldCountWhatTheKernelIsGivenWithoutBeingRemembered() {
        f.learn(f.cache.moment(), ROOT, "a", file(2, 1), Validity.NEVER, true);
        assertThat(f.held(2)).isEqualTo(1);
        f.cache.forget(2, 1);
        assertThat(f.held(2)).isZero();
    }

    @Test
    void shouldGiveBackWhatIsReplaced() {
        f.prefetch(ROOT, "a", file(2, 1));
        f.prefetch(ROOT, "a", file(3, 1));
        assertThat(f.drained()).containsOnlyKeys(2L);
        f.learnAbsent(ROOT, "a");
        assertThat(f.drained()).containsOnlyKeys(3L);
    }

    @Test
    void shouldHoldWhatHasAnotherName() {
        f.prefetch(ROOT, "a", CacheFixture.linked(2, 1));
        f.prefetch(ROOT, "b", CacheFixture.linked(2, 1));
        f.cache.removed(f.cache.moment(), ROOT, name("a"));
        assertThat(f.held(2)).isEqualTo(2);
        assertThat(f.lookup(ROOT, "b")).as("its attributes changed").isEqualTo(MountCache.Outcome.UNKNOWN);
        f.cache.removed(f.cache.moment(), ROOT, name("b"));
        assertThat(f.held(2)).isZero();
    }

    @Test
    void shouldGiveBackADirectoryWithAllThatIsInIt() {
        f.learn(ROOT, "d", directory(2));
        f.prefetch(2, "e", directory(3));
        f.prefetch(3, "a", file(4, 1));
        f.learn(3, "b", file(5, 1));
        f.learnAbsent(3, "c");
        f.cache.removed(f.cache.moment(), ROOT, name("d"));
        assertThat(f.drained()).isEmpty();
        f.cache.forget(2, 1);
        assertThat(f.drained()).containsOnlyKeys(2L, 3L, 4L);
        assertThat(f.cache.directoryOf(5)).isZero();
        f.cache.forget(5, 1);
        assertThat(f.drained()).containsOnlyKeys(5L);
        assertThat(f.cache.statistics().entries()).isZero();
        assertThat(f.cache.statistics().bytes()).isZero();
    }

    @Test
    void shouldCountAnewWhatComesAgain() {
        f.learn(ROOT, "a", file(2, 1));
        f.cache.removed(f.cache.moment(), ROOT, name("a"));
        f.cache.forget(2, 1);
        f.learn(ROOT, "b", file(2, 1));
        assertThat(f.drained()).containsEntry(2L, 1L);
        assertThat(f.held(2)).isEqualTo(1);
    }

    @Test
    void shouldNotMindTooManyForgets() {
        f.learn(ROOT, "a", file(2, 1));
        f.cache.forget(2, 100);
        f.cache.forget(ROOT, 100);
        assertThat(f.held(2)).isEqualTo(1);
        f.learn(ROOT, "b", file(3, 1));
        assertThat(f.lookup(ROOT, "b")).isEqualTo(PRESENT);
    }

    @Test
    void shouldCountWhatHasNoName() {
        f.count(2);
        f.cache.learnNameless(2);
        assertThat(f.held(2)).isEqualTo(1);
        f.cache.forget(2, 1);
        assertThat(f.held(2)).isZero();
    }

    @Test
    void shouldHoldWhatWasRenamed() {
        f.list(ROOT, "a", 2, "b", 3);
        f.cache.renamed(ROOT, name("a"), ROOT, name("b"), false, f.stale);
        assertThat(f.drained()).containsOnlyKeys(3L);
        assertThat(f.held(2)).isEqualTo(1);
        assertThat(f.cache.directoryOf(2)).isEqualTo(ROOT);
    }

    @Test
    void shouldGiveBackWhatInvalidatedNamesStoodFor() {
        f.list(ROOT, "a", 2, "b", 3);
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        assertThat(f.drained()).containsOnlyKeys(2L);
        f.cache.invalidateAll(f.stale);
        assertThat(f.drained()).as("doubted names are kept").isEmpty();
        f.cache.invalidateName(ROOT, name("b"), false, f.stale);
        assertThat(f.drained()).containsOnlyKeys(3L);
    }
}
