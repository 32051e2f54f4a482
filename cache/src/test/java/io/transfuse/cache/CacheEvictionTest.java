package io.transfuse.cache;

import static io.transfuse.cache.CacheFixture.ROOT;
import static io.transfuse.cache.CacheFixture.directory;
import static io.transfuse.cache.CacheFixture.file;
import static io.transfuse.cache.MountCache.Outcome.ABSENT;
import static io.transfuse.cache.MountCache.Outcome.PRESENT;
import static io.transfuse.cache.MountCache.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is used least goes first, and what the kernel holds stays. */
class CacheEvictionTest {
    /** Directories 2 and 3, held by the kernel, in a cache of so many entries. */
    private static CacheFixture twoDirectories(final int entriesMax) {
        final CacheFixture f = new CacheFixture(1 << 20, entriesMax);
        f.learn(ROOT, "d", directory(2));
        f.learn(ROOT, "e", directory(3));
        return f;
    }

    @Test
    void shouldEvictTheDirectoryUsedLeast() {
        final CacheFixture f = twoDirectories(6);
        f.list(2, "a", 10, "b", 11);
        f.list(3, "a", 20, "b", 21);
        assertThat(f.lookup(ROOT, "d")).isEqualTo(PRESENT);
        assertThat(f.listing(2)).containsExactly("a", "b");
        f.learnAbsent(2, "c");
        assertThat(f.listing(2)).isNotNull();
        assertThat(f.listing(3)).isNull();
        assertThat(f.lookup(3, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(3, "c")).isEqualTo(UNKNOWN);
        assertThat(f.drained()).containsOnlyKeys(20L, 21L);
        assertThat(f.cache.lacksListing(3)).isTrue();
    }

    @Test
    void shouldKeepWhatTheKernelHolds() {
        final CacheFixture f = twoDirectories(4);
        f.learn(2, "held", file(10, 1));
        f.prefetch(2, "a", file(11, 1));
        f.lookup(ROOT, "d");
        f.prefetch(3, "b", file(12, 1));
        assertThat(f.lookup(2, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(2, "held")).isEqualTo(PRESENT);
        assertThat(f.cache.directoryOf(10)).isEqualTo(2);
        assertThat(f.drained()).containsOnlyKeys(11L);
    }

    @Test
    void shouldEvictWhatTheKernelHeldWhenItDoesNotAnyMore() {
        final CacheFixture f = twoDirectories(3);
        f.learn(2, "a", file(10, 1));
        f.learn(2, "b", file(11, 1));
        assertThat(f.cache.statistics().entries()).isEqualTo(4);
        f.cache.forget(10, 1);
        f.cache.forget(11, 1);
        f.learnAbsent(3, "c");
        f.learnAbsent(3, "d");
        assertThat(f.cache.statistics().entries()).isLessThanOrEqualTo(3);
        assertThat(f.drained()).containsOnlyKeys(10L, 11L);
    }

    @Test
    void shouldEvictContentOfWhatTheKernelHolds() {
        final CacheFixture f = new CacheFixture(2_000, 100);
        f.learn(ROOT, "a", file(2, 1));
        f.learn(ROOT, "b", file(3, 1));
        f.learnContent(file(2, 1), "x".repeat(800));
        f.learnContent(file(3, 1), "y".repeat(800));
        assertThat(f.content(2)).isNull();
        assertThat(f.content(3)).hasSize(800);
        assertThat(f.attributes(2)).isEqualTo("v1");
        assertThat(f.cache.statistics().bytes()).isLessThanOrEqualTo(2_000);
        assertThat(f.drained()).isEmpty();
    }

    @Test
    void shouldUseContentAnew() {
        final CacheFixture f = new CacheFixture(3_000, 100);
        f.learn(ROOT, "a", file(2, 1));
        f.learn(ROOT, "b", file(3, 1));
        f.learn(ROOT, "c", file(4, 1));
        f.learnContent(file(2, 1), "x".repeat(800));
        f.learnContent(file(3, 1), "y".repeat(800));
        assertThat(f.content(2)).isNotNull();
        f.learnContent(file(4, 1), "z".repeat(800));
        assertThat(f.content(2)).isNotNull();
        assertThat(f.content(3)).isNull();
        assertThat(f.content(4)).isNotNull();
    }

    @Test
    void shouldEvictByBytes() {
        final CacheFixture f = new CacheFixture(1_000, 1_000_000);
        for (int i = 0; i < 100; i++) {
            f.learnAbsent(ROOT, "absent" + i);
            assertThat(f.cache.statistics().bytes()).isBetween(0L, 1_000L);
        }
    }

    @Test
    void shouldRememberNothingInNoMemory() {
        final CacheFixture f = new CacheFixture(0, 0);
        f.prefetch(ROOT, "a", file(2, 1));
        f.list(ROOT, "b", 3);
        f.learnAbsent(ROOT, "c");
        assertThat(f.cache.statistics().entries()).isZero();
        assertThat(f.cache.statistics().bytes()).isZero();
        assertThat(f.drained()).containsOnlyKeys(2L, 3L);
        assertThat(f.lookup(ROOT, "c")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldTellEveryNameOfADirectoryThatForgotSome() {
        final CacheFixture f = twoDirectories(3);
        f.learnAbsent(2, "x");
        f.learnAbsent(3, "y");
        assertThat(f.lookup(2, "x")).isEqualTo(UNKNOWN);
        f.cache.invalidateDirectory(2, f.stale);
        assertThat(f.stale.told).contains("every name");
    }

    @Test
    void shouldFreeWhatTheHostMadeStale() {
        final CacheFixture f = new CacheFixture();
        f.list(ROOT, "a", 2);
        f.learnContent(file(2, 1), "text");
        final long before = f.cache.statistics().bytes();
        f.cache.invalidateChild(ROOT, CacheFixture.name("a"), f.stale);
        assertThat(f.cache.statistics().bytes()).isLessThan(before).isPositive();
        f.cache.invalidateName(ROOT, CacheFixture.name("a"), true, f.stale);
        assertThat(f.cache.statistics().bytes()).isLessThan(before / 2);
        assertThat(f.lookup(ROOT, "a")).isNotEqualTo(ABSENT);
        f.cache.invalidateAll(f.stale);
        assertThat(f.cache.statistics().bytes()).isZero();
    }

    @Test
    void shouldListADirectoryAnewOfWhichTooManyNamesHaveToBeAskedFor() {
        final CacheFixture f = new CacheFixture(1 << 20, 100_000);
        f.list(ROOT, "a", 2);
        for (int i = 0; i < 256; i++) {
            f.cache.invalidateName(ROOT, CacheFixture.name("temporary" + i), true, f.stale);
        }
        assertThat(f.lookup(ROOT, "b")).isEqualTo(ABSENT);
        assertThat(f.cache.lacksListing(ROOT)).isFalse();
        f.cache.invalidateName(ROOT, CacheFixture.name("one more"), true, f.stale);
        assertThat(f.lookup(ROOT, "c")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
        assertThat(f.cache.lacksListing(ROOT)).isTrue();
        assertThat(f.cache.statistics().entries()).isOne();
    }
}
