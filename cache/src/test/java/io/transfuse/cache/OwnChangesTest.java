package io.transfuse.cache;

import static io.transfuse.cache.CacheFixture.ROOT;
import static io.transfuse.cache.CacheFixture.directory;
import static io.transfuse.cache.CacheFixture.file;
import static io.transfuse.cache.CacheFixture.linked;
import static io.transfuse.cache.CacheFixture.name;
import static io.transfuse.cache.MountCache.Outcome.ABSENT;
import static io.transfuse.cache.MountCache.Outcome.PRESENT;
import static io.transfuse.cache.MountCache.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the guest changes itself. */
class OwnChangesTest {
    private final CacheFixture f = new CacheFixture();

    @Test
    void shouldKnowWhatWasMade() {
        f.learnAbsent(ROOT, "a");
        f.cache.learnAttributes(f.cache.moment(), directory(ROOT), f.answer);
        f.made(ROOT, "a", file(2, 1));
        assertThat(f.answer.node()).isEqualTo(2);
        assertThat(f.answer.entryNanos()).isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.answer.attributeNanos()).isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
        assertThat(f.attributes(ROOT)).as("its times changed").isNull();
    }

    @Test
    void shouldKnowTheAttributesOfWhatGotAnotherName() {
        f.learn(ROOT, "a", file(2, 1));
        f.made(ROOT, "b", linked(2, 2));
        assertThat(f.attributes(2)).isEqualTo("v2");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(PRESENT);
    }

    @Test
    void shouldNotBelieveWhatWasMadeAndChangedMeanwhile() {
        final long since = f.cache.moment();
        f.cache.removed(f.cache.moment(), ROOT, name("a"));
        f.made(since, ROOT, "a", file(2, 1));
        assertThat(f.answer.entryNanos()).isZero();
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.held(2)).isEqualTo(1);
    }

    @Test
    void shouldNotBelieveAttributesOfWhatWasMadeAndChangedMeanwhile() {
        final long since = f.cache.moment();
        f.cache.changed(2);
        f.made(since, ROOT, "a", file(2, 1));
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.attributes(2)).isNull();
    }

    @Test
    void shouldNotCallAbsentWhatWasMadeInDoubt() {
        f.list(ROOT, "a", 2);
        final long since = f.cache.moment();
        f.cache.invalidateName(ROOT, name("b"), true, f.stale);
        f.list(ROOT, "a", 2);
        f.made(since, ROOT, "b", file(3, 1));
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
        assertThat(f.listing(ROOT)).isNull();
    }

    @Test
    void shouldForgetWhatWasRemoved() {
        f.learn(ROOT, "a", file(2, 1));
        f.learnContent(file(2, 1), "text");
        f.cache.removed(f.cache.moment(), ROOT, name("a"));
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.attributes(2)).isNull();
        assertThat(f.content(2)).isNull();
        assertThat(f.cache.directoryOf(2)).isZero();
    }

    @Test
    void shouldDoubtObjectsWithSeveralNamesWhenAnUnknownNameIsRemoved() {
        f.learn(ROOT, "a", linked(2, 1));
        f.learn(ROOT, "b", file(3, 1));
        f.cache.removed(f.cache.moment(), ROOT, name("other"));
        assertThat(f.attributes(2)).isNull();
        assertThat(f.attributes(3)).isEqualTo("v1");
    }

    @Test
    void shouldNotDoubtWhatHasOneNameAgain() {
        f.learn(ROOT, "a", linked(2, 1));
        f.cache.learnAttributes(f.cache.moment(), file(2, 2), f.answer);
        f.cache.removed(f.cache.moment(), ROOT, name("other"));
        assertThat(f.attributes(2)).isEqualTo("v2");
    }

    @Test
    void shouldKnowWhatWasRenamedOverAnother() {
        f.learn(ROOT, "d", directory(9));
        f.learn(ROOT, "a", file(2, 1));
        f.learn(9, "b", file(3, 1));
        f.learn(ROOT, "c", linked(3, 1));
        f.cache.renamed(ROOT, name("a"), 9, name("b"), false, f.stale);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(9, "b")).as("its change time is another").isEqualTo(UNKNOWN);
        assertThat(f.attributes(3)).as("it has lost a name").isNull();
        assertThat(f.cache.directoryOf(2)).isEqualTo(9);
        f.learn(9, "b", file(2, 2));
        assertThat(f.lookup(9, "b")).isEqualTo(PRESENT);
        assertThat(f.answer.node()).isEqualTo(2);
    }

    @Test
    void shouldAskAnewWhatStandsAtTheNameThatWasRenamedTo() {
        f.list(ROOT, "old", 2);
        // The host replaces `old`, and has not told yet.
        f.cache.renamed(ROOT, name("old"), ROOT, name("new"), false, f.stale);
        assertThat(f.stale.told).contains("doubtful 1 new", "attributes 2");
        assertThat(f.lookup(ROOT, "new")).isEqualTo(UNKNOWN);
        f.cache.invalidateName(ROOT, name("old"), true, f.stale);
        f.learn(ROOT, "new", file(3, 1));
        assertThat(f.lookup(ROOT, "new")).isEqualTo(PRESENT);
        assertThat(f.answer.node()).isEqualTo(3);
    }

    @Test
    void shouldFindWhatWasRenamedWhenItsChangeIsTold() {
        f.list(ROOT, "old", 2);
        f.cache.renamed(ROOT, name("old"), ROOT, name("new"), false, f.stale);
        f.stale.told.clear();
        f.cache.invalidateChild(ROOT, name("new"), f.stale);
        assertThat(f.stale.told).containsExactly("object 2");
    }

    @Test
    void shouldAskAnewForBothNamesOfAnExchange() {
        f.list(ROOT, "a", 2, "b", 3);
        f.cache.renamed(ROOT, name("a"), ROOT, name("b"), true, f.stale);
        assertThat(f.stale.told).contains("doubtful 1 a", "doubtful 1 b");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
        f.stale.told.clear();
        f.cache.invalidateChild(ROOT, name("b"), f.stale);
        assertThat(f.stale.told).containsExactly("object 2");
    }

    @Test
    void shouldNotKeepAListingWithTheParentOfBefore() {
        f.learn(ROOT, "d", directory(9));
        f.list(9, "a", 2);
        f.cache.renamed(ROOT, name("d"), ROOT, name("e"), false, f.stale);
        assertThat(f.listing(9)).isNull();
        assertThat(f.stale.told).contains("listing 9");
        assertThat(f.lookup(9, "a")).isEqualTo(PRESENT);
    }

    @Test
    void shouldNotCallAbsentWhatWasRemovedAndMadeAgainMeanwhile() {
        f.list(ROOT, "a", 2);
        final long since = f.cache.moment();
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        f.cache.removed(since, ROOT, name("a"));
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        f.made(ROOT, "a", file(3, 1));
        f.cache.removed(since, ROOT, name("a"));
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        f.cache.removed(f.cache.moment(), ROOT, name("a"));
        assertThat(f.lookup(ROOT, "a")).isEqualTo(ABSENT);
    }

    @Test
    void shouldTellTheKernelOfWhatAFailedChangeLeftInDoubt() {
        f.learn(ROOT, "a", file(2, 1));
        f.cache.doubtful(ROOT, name("a"));
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        assertThat(f.stale.told).contains("name 1 a", "attributes 2");
    }

    @Test
    void shouldTellEveryNameWhenAnAbsentOneWasDoubted() {
        f.learnAbsent(ROOT, "a");
        f.cache.doubtful(ROOT, name("a"));
        f.cache.invalidateDirectory(ROOT, f.stale);
        assertThat(f.stale.told).contains("every name");
    }

    @Test
    void shouldDoubtARenameOfWhatIsNotKnown() {
        f.list(ROOT, "b", 3);
        f.learn(ROOT, "d", directory(9));
        f.cache.renamed(9, name("a"), ROOT, name("b"), false, f.stale);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
        assertThat(f.listing(ROOT)).isNull();
    }

    @Test
    void shouldNotCallAbsentWhereSomethingUnknownWasRenamedTo() {
        f.learnAbsent(ROOT, "b");
        f.cache.renamed(ROOT, name("a"), ROOT, name("b"), false, f.stale);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldDoubtARenameOntoWhatIsNotKnown() {
        f.learn(ROOT, "d", directory(9));
        f.learn(ROOT, "a", file(2, 1));
        f.cache.renamed(ROOT, name("a"), 9, name("b"), false, f.stale);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(9, "b")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldDoubtARenameOfANameOntoAnotherOfTheSameObject() {
        f.list(ROOT, "a", 2, "b", 2);
        f.cache.renamed(ROOT, name("a"), ROOT, name("b"), false, f.stale);
        assertThat(f.lookup(ROOT, "a")).as("rename(2) does nothing then").isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldNotKnowWhatAFailedChangeLeft() {
        f.list(ROOT, "a", 2);
        f.cache.doubtful(ROOT, name("a"));
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "b")).as("another name").isEqualTo(ABSENT);
        assertThat(f.listing(ROOT)).isNull();
        f.learnAbsent(ROOT, "c");
        f.cache.doubtful(ROOT, name("c"));
        assertThat(f.lookup(ROOT, "c")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldForgetAndLearnWhatWasChanged() {
        f.learn(ROOT, "a", file(2, 1));
        f.learnContent(file(2, 1), "text");
        f.cache.changed(f.cache.moment(), file(2, 2), f.answer);
        assertThat(f.answer.attributeNanos()).isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.attributes(2)).isEqualTo("v2");
        assertThat(f.content(2)).isNull();
        f.cache.changed(2);
        assertThat(f.attributes(2)).isNull();
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldNotBelieveAttributesOfAChangeThatAnotherOvertook() {
        f.learn(ROOT, "a", file(2, 1));
        final long since = f.cache.moment();
        f.cache.changed(2);
        f.cache.changed(since, file(2, 2), f.answer);
        assertThat(f.answer.attributes()).isNotNull();
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.attributes(2)).isNull();
    }
}
