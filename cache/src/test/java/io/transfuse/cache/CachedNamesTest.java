package io.transfuse.cache;

import static io.transfuse.cache.CacheFixture.REGULAR;
import static io.transfuse.cache.CacheFixture.ROOT;
import static io.transfuse.cache.CacheFixture.TIME_TO_LIVE;
import static io.transfuse.cache.CacheFixture.file;
import static io.transfuse.cache.MountCache.Outcome.ABSENT;
import static io.transfuse.cache.MountCache.Outcome.PRESENT;
import static io.transfuse.cache.MountCache.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Names, absent names and attributes: what is answered, and for how long. */
class CachedNamesTest {
    private final CacheFixture f = new CacheFixture();

    @Test
    void shouldKnowNothingAtFirst() {
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(99, "a")).isEqualTo(UNKNOWN);
        assertThat(f.attributes(ROOT)).isNull();
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.content(2)).isNull();
        assertThat(f.cache.target(2)).isNull();
        assertThat(f.cache.statistics()).isEqualTo(new CacheStatistics(0, 0, 0, 6));
    }

    @Test
    void shouldAnswerWhatItLearnt() {
        f.learn(ROOT, "a", file(2, 7));
        assertThat(f.answer.node()).isEqualTo(2);
        assertThat(f.answer.entryNanos()).isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.answer.attributeNanos()).isEqualTo(MountCache.LONG_NANOS);

        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
        assertThat(f.answer.node()).isEqualTo(2);
        assertThat(f.answer.attributes()).isEqualTo(CacheFixture.bytes("v7"));
        assertThat(f.answer.entryNanos()).isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.answer.attributeNanos()).isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.attributes(2)).isEqualTo("v7");
        assertThat(f.answer.entryNanos()).isZero();
        assertThat(f.cache.directoryOf(2)).isEqualTo(ROOT);
        assertThat(f.cache.statistics().hits()).isEqualTo(2);
        assertThat(f.cache.statistics().misses()).isZero();
        assertThat(f.cache.statistics().entries()).isEqualTo(1);
    }

    @Test
    void shouldAnswerAbsentNames() {
        f.learnAbsent(ROOT, "a");
        assertThat(f.answer.entryNanos()).isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(ABSENT);
        assertThat(f.answer.node()).isZero();
        assertThat(f.answer.attributes()).isNull();
        assertThat(f.answer.entryNanos()).isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
        f.learn(ROOT, "a", file(2, 1));
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
        assertThat(f.cache.statistics().entries()).isEqualTo(1);
    }

    @Test
    void shouldUseUnwatchedFactsForTheTimeToLiveOnly() {
        f.learn(
                f.cache.moment(),
                ROOT,
                "a",
                CacheFixture.facts(2, 1, REGULAR, false, Validity.TIME_TO_LIVE),
                Validity.TIME_TO_LIVE,
                true);
        f.cache.learnAbsent(f.cache.moment(), ROOT, CacheFixture.name("b"), Validity.TIME_TO_LIVE, f.answer);
        f.listSince(f.cache.moment(), 2, Validity.TIME_TO_LIVE);
        f.pass(TIME_TO_LIVE - 1);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
        assertThat(f.answer.entryNanos()).isEqualTo(1);
        assertThat(f.answer.attributeNanos()).isEqualTo(1);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(ABSENT);
        assertThat(f.answer.entryNanos()).isEqualTo(1);
        assertThat(f.lookup(2, "c")).isEqualTo(ABSENT);
        assertThat(f.answer.entryNanos()).isEqualTo(1);
        assertThat(f.listing(2)).isEmpty();
        f.pass(1);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.attributes(2)).isNull();
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(2, "c")).isEqualTo(UNKNOWN);
        assertThat(f.listing(2)).isNull();
    }

    @Test
    void shouldKnowNoNameWithoutItsAttributes() {
        f.learn(ROOT, "a", CacheFixture.facts(2, 1, REGULAR, false, Validity.NEVER));
        assertThat(f.answer.entryNanos()).isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.answer.attributes()).isNotNull();
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.attributes(2)).isNull();
    }

    @Test
    void shouldRememberNoNameThatMustNotBe() {
        f.learn(f.cache.moment(), ROOT, "a", file(2, 1), Validity.NEVER, true);
        assertThat(f.answer.entryNanos()).isZero();
        f.cache.learnAbsent(f.cache.moment(), ROOT, CacheFixture.name("b"), Validity.NEVER, f.answer);
        assertThat(f.answer.entryNanos()).isZero();
        f.listSince(f.cache.moment(), ROOT, Validity.NEVER, "c", 3);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "c")).isEqualTo(UNKNOWN);
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.cache.statistics().entries()).isZero();
        assertThat(f.cache.statistics().bytes()).isZero();
    }

    @Test
    void shouldNotRememberAttributesOfWhatHasNoKnownName() {
        f.learn(f.cache.moment(), ROOT, "a", file(2, 1), Validity.NEVER, true);
        f.cache.learnAttributes(f.cache.moment(), file(2, 1), f.answer);
        assertThat(f.answer.attributes()).isNotNull();
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.attributes(2)).isNull();
        f.cache.learnAttributes(f.cache.moment(), CacheFixture.directory(ROOT), f.answer);
        assertThat(f.attributes(ROOT)).as("the root has no name").isEqualTo("v1");
    }

    @Test
    void shouldForgetAttributesThatMustNotBeRememberedAnyMore() {
        f.learn(ROOT, "a", file(2, 1));
        f.cache.learnAttributes(f.cache.moment(), CacheFixture.facts(2, 2, REGULAR, false, Validity.NEVER), f.answer);
        assertThat(f.attributes(2)).isNull();
    }

    @Test
    void shouldAnswerForUnknownNodesWithoutRemembering() {
        f.cache.learnAttributes(f.cache.moment(), file(9, 1), f.answer);
        assertThat(f.answer.node()).isEqualTo(9);
        assertThat(f.answer.attributeNanos()).isZero();
        f.learnAbsent(9, "a");
        assertThat(f.answer.entryNanos()).isZero();
        f.list(9);
        f.cache.forget(9, 1);
        assertThat(f.cache.lacksListing(9)).isFalse();
        assertThat(f.cache.isListingKept(9)).isFalse();
        assertThat(f.cache.directoryOf(9)).isZero();
        assertThat(f.cache.drainForgets()).isNull();
    }

    @Test
    void shouldCompareNamesByTheirBytes() {
        final Name name = CacheFixture.name("ä");
        assertThat(name).isEqualTo(CacheFixture.name("ä")).hasSameHashCodeAs(CacheFixture.name("ä"));
        assertThat(name).isNotEqualTo(CacheFixture.name("a")).isNotEqualTo("ä");
        assertThat(name.length()).isEqualTo(2);
        assertThat(name).hasToString("ä");
    }
}
