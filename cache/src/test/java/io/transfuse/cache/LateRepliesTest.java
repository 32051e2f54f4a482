package io.transfuse.cache;

import static io.transfuse.cache.CacheFixture.ROOT;
import static io.transfuse.cache.CacheFixture.directory;
import static io.transfuse.cache.CacheFixture.file;
import static io.transfuse.cache.CacheFixture.linked;
import static io.transfuse.cache.CacheFixture.name;
import static io.transfuse.cache.MountCache.Outcome.PRESENT;
import static io.transfuse.cache.MountCache.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What was asked for before a change and comes after it is not remembered. */
class LateRepliesTest {
    private static final int RING = 4096;

    private final CacheFixture f = new CacheFixture();

    private void learnLate(final long since, final String name, final long node) {
        f.learn(since, ROOT, name, file(node, 1), Validity.UNTIL_INVALIDATED, true);
    }

    @Test
    void shouldNotRememberANameThatChanged() {
        final long since = f.cache.moment();
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        learnLate(since, "a", 2);
        assertThat(f.answer.node()).isEqualTo(2);
        assertThat(f.answer.entryNanos()).isZero();
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        learnLate(since, "b", 3);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(PRESENT);
    }

    @Test
    void shouldNotRememberThatANameWasAbsent() {
        final long since = f.cache.moment();
        f.made(ROOT, "a", file(2, 1));
        f.cache.learnAbsent(since, ROOT, name("a"), Validity.UNTIL_INVALIDATED, f.answer);
        assertThat(f.answer.entryNanos()).isZero();
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
    }

    @Test
    void shouldNotRememberWhatWasRemovedOrRenamed() {
        f.list(ROOT, "a", 2, "b", 3);
        final long since = f.cache.moment();
        f.cache.removed(f.cache.moment(), ROOT, name("a"));
        f.cache.renamed(ROOT, name("b"), ROOT, name("c"), false, f.stale);
        learnLate(since, "a", 2);
        learnLate(since, "b", 3);
        learnLate(since, "c", 4);
        assertThat(f.lookup(ROOT, "a")).isNotEqualTo(PRESENT);
        assertThat(f.lookup(ROOT, "b")).isNotEqualTo(PRESENT);
        assertThat(f.lookup(ROOT, "c")).as("its attributes are not known").isEqualTo(UNKNOWN);
        f.list(ROOT, "c", 3);
        assertThat(f.lookup(ROOT, "c")).isEqualTo(PRESENT);
        assertThat(f.answer.node()).isEqualTo(3);
    }

    @Test
    void shouldNotRememberAttributesOfWhatMayHaveLostANameThatIsNotKnown() {
        f.learn(ROOT, "b", file(3, 1));
        final long since = f.cache.moment();
        f.cache.removed(f.cache.moment(), ROOT, name("other"));
        f.learn(since, ROOT, "a", linked(2, 1), Validity.UNTIL_INVALIDATED, true);
        assertThat(f.answer.entryNanos()).as("the name stands for the same").isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.attributes(2)).isNull();
        f.cache.learnAttributes(since, file(3, 1), f.answer);
        assertThat(f.attributes(3)).as("it has but one name").isEqualTo("v1");
    }

    @Test
    void shouldNotRememberAttributesOfAChildThatChanged() {
        final long since = f.cache.moment();
        f.cache.invalidateChild(ROOT, name("a"), f.stale);
        learnLate(since, "a", 2);
        assertThat(f.answer.entryNanos()).as("the name stands for the same").isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.attributes(2)).isNull();
    }

    @Test
    void shouldNotRememberAttributesOfANodeThatChanged() {
        f.learn(ROOT, "a", file(2, 1));
        final long since = f.cache.moment();
        f.cache.invalidateObject(2, f.stale);
        learnLate(since, "a", 2);
        assertThat(f.attributes(2)).isNull();
        f.cache.learnAttributes(since, file(2, 1), f.answer);
        assertThat(f.attributes(2)).isNull();
        f.cache.learnContent(since, file(2, 1), new byte[1], Validity.UNTIL_INVALIDATED, f.answer);
        assertThat(f.content(2)).isNull();
    }

    @Test
    void shouldNotRememberAttributesOfAChildThatChangedBeforeItsNameWasKnown() {
        f.learn(ROOT, "a", file(2, 1));
        f.cache.invalidateName(ROOT, name("a"), false, f.stale);
        final long since = f.cache.moment();
        f.cache.invalidateChild(ROOT, name("a"), f.stale);
        f.learn(ROOT, "a", file(2, 2));
        f.cache.learnAttributes(since, file(2, 1), f.answer);
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.attributes(2)).isNull();
    }

    @Test
    void shouldNotRememberAttributesOfAChildThatChangedWhereItIsKnown() {
        f.learn(ROOT, "a", file(2, 1));
        final long since = f.cache.moment();
        f.cache.invalidateChild(ROOT, name("a"), f.stale);
        f.cache.learnAttributes(since, file(2, 1), f.answer);
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.attributes(2)).isNull();
    }

    @Test
    void shouldNotRememberWhatIsInADirectoryThatChanged() {
        f.learn(ROOT, "d", directory(9));
        final long since = f.cache.moment();
        f.cache.invalidateDirectory(ROOT, f.stale);
        learnLate(since, "a", 2);
        f.cache.learnAbsent(since, ROOT, name("b"), Validity.UNTIL_INVALIDATED, f.answer);
        assertThat(f.answer.entryNanos()).isZero();
        f.cache.learnAttributes(since, directory(ROOT), f.answer);
        assertThat(f.attributes(ROOT)).isNull();
        f.cache.learnAttributes(since, directory(9), f.answer);
        assertThat(f.attributes(9)).isNull();
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        f.learn(since, 9, "x", file(5, 1), Validity.UNTIL_INVALIDATED, true);
        assertThat(f.lookup(9, "x")).as("another directory").isEqualTo(PRESENT);
    }

    @Test
    void shouldNotRememberAttributesOfADirectoryWhoseNamesChanged() {
        final long since = f.cache.moment();
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        f.cache.learnAttributes(since, directory(ROOT), f.answer);
        assertThat(f.attributes(ROOT)).isNull();
    }

    @Test
    void shouldRememberNothingFromBeforeEverythingChanged() {
        final long since = f.cache.moment();
        f.cache.invalidateAll(f.stale);
        learnLate(since, "a", 2);
        f.listSince(since, ROOT, Validity.UNTIL_INVALIDATED, "b", 3);
        f.cache.learnAttributes(since, directory(ROOT), f.answer);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.attributes(ROOT)).isNull();
    }

    @Test
    void shouldNotTakeALateListingForComplete() {
        final long since = f.cache.moment();
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        f.listSince(since, ROOT, Validity.UNTIL_INVALIDATED, "a", 2, "b", 3);
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(PRESENT);
        assertThat(f.lookup(ROOT, "c")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldRecogniseChangesAsLongAsTheyAreRemembered() {
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        final long since = f.cache.moment();
        for (int i = 0; i < RING; i++) {
            f.cache.invalidateObject(99, f.stale);
        }
        learnLate(since, "a", 2);
        assertThat(f.lookup(ROOT, "a")).as("nothing concerned it").isEqualTo(PRESENT);
    }

    @Test
    void shouldRecogniseTheOldestChangeThatIsRemembered() {
        final long since = f.cache.moment();
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        for (int i = 1; i < RING; i++) {
            f.cache.invalidateObject(99, f.stale);
        }
        learnLate(since, "a", 2);
        learnLate(since, "b", 3);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(PRESENT);
    }

    @Test
    void shouldRememberNothingFromBeforeTheChangesThatAreRemembered() {
        final long since = f.cache.moment();
        for (int i = 0; i <= RING; i++) {
            f.cache.invalidateObject(99, f.stale);
        }
        learnLate(since, "a", 2);
        f.cache.learnAttributes(since, directory(ROOT), f.answer);
        f.listSince(since, ROOT, Validity.UNTIL_INVALIDATED, "b", 3);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.attributes(ROOT)).isNull();
        assertThat(f.listing(ROOT)).isNull();
    }
}
