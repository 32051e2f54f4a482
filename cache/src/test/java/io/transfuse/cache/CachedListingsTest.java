package io.transfuse.cache;

import static io.transfuse.cache.CacheFixture.ROOT;
import static io.transfuse.cache.CacheFixture.TIME_TO_LIVE;
import static io.transfuse.cache.CacheFixture.file;
import static io.transfuse.cache.CacheFixture.linked;
import static io.transfuse.cache.CacheFixture.name;
import static io.transfuse.cache.MountCache.Outcome.ABSENT;
import static io.transfuse.cache.MountCache.Outcome.PRESENT;
import static io.transfuse.cache.MountCache.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whole directories. */
class CachedListingsTest {
    private final CacheFixture f = new CacheFixture();

    @Test
    void shouldAnswerPresentAndAbsentNamesOfAWholeDirectory() {
        assertThat(f.cache.lacksListing(ROOT)).isTrue();
        f.list(ROOT, "b", 3, "a", 2);
        assertThat(f.listing(ROOT)).containsExactly("b", "a");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
        assertThat(f.lookup(ROOT, "c")).isEqualTo(ABSENT);
        assertThat(f.answer.entryNanos()).isEqualTo(MountCache.LONG_NANOS);
        assertThat(f.cache.isListingKept(ROOT)).isTrue();
        assertThat(f.cache.lacksListing(ROOT)).isFalse();
    }

    @Test
    void shouldTellInodeNumbersAndTypes() {
        f.list(ROOT, "a", 2);
        final Listing listing = f.cache.listing(ROOT);
        assertThat(listing.ino()).isEqualTo(1000 + ROOT);
        assertThat(listing.parentIno()).isEqualTo(999);
        assertThat(listing.ino(0)).isEqualTo(1002);
        assertThat(listing.type(0)).isEqualTo(CacheFixture.REGULAR);
        assertThat(f.cache.listing(ROOT)).as("made once").isSameAs(listing);
    }

    @Test
    void shouldNotCountUnwatchedListingsAsKept() {
        f.listSince(f.cache.moment(), ROOT, Validity.TIME_TO_LIVE, "a", 2);
        assertThat(f.listing(ROOT)).containsExactly("a");
        assertThat(f.cache.isListingKept(ROOT)).isFalse();
        assertThat(f.cache.lacksListing(ROOT)).isFalse();
        f.pass(TIME_TO_LIVE);
        assertThat(f.cache.lacksListing(ROOT)).isTrue();
    }

    @Test
    void shouldKeepWhatIsLookedUpWhileAListingIsLearnt() {
        final long since = f.cache.moment();
        final long listing = f.cache.beginListing(ROOT);
        f.listed(since, ROOT, "a", 2, Validity.UNTIL_INVALIDATED);
        f.learn(ROOT, "a", file(2, 1));
        f.cache.endListing(since, ROOT, listing, 1, 1, Validity.UNTIL_INVALIDATED);
        assertThat(f.listing(ROOT)).containsExactly("a");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
    }

    @Test
    void shouldDropWhatAListingContradicts() {
        f.learn(ROOT, "gone", file(2, 1));
        f.learnAbsent(ROOT, "absent");
        f.list(ROOT, "a", 3);
        assertThat(f.lookup(ROOT, "gone")).isEqualTo(ABSENT);
        assertThat(f.lookup(ROOT, "absent")).isEqualTo(ABSENT);
        assertThat(f.listing(ROOT)).containsExactly("a");
        assertThat(f.held(2)).as("the kernel holds it").isEqualTo(1);
        f.cache.forget(2, 1);
        assertThat(f.held(2)).isZero();
    }

    @Test
    void shouldForgetAttributesOfWhatAListingHasNoLonger() {
        f.learn(ROOT, "moved", file(2, 1));
        f.list(ROOT);
        assertThat(f.attributes(2))
                .as("its changes will not be told by a name that is known")
                .isNull();
    }

    @Test
    void shouldForgetAttributesOfWhatIsReplaced() {
        f.learn(ROOT, "a", file(2, 1));
        f.learn(ROOT, "a", file(3, 1));
        assertThat(f.attributes(2)).isNull();
        assertThat(f.lookup(ROOT, "a")).as("one of the two answers is old").isEqualTo(UNKNOWN);
        f.learn(ROOT, "a", file(3, 1));
        assertThat(f.attributes(3)).isNotNull();
        f.learnAbsent(ROOT, "a");
        assertThat(f.attributes(3)).isNull();
    }

    @Test
    void shouldForgetAttributesOfWhatLosesOneOfSeveralNames() {
        f.learn(ROOT, "a", linked(2, 1));
        f.learn(ROOT, "b", linked(2, 1));
        f.learn(ROOT, "b", file(3, 1));
        assertThat(f.attributes(2)).isNull();
        f.learn(ROOT, "a", linked(2, 2));
        f.learn(ROOT, "c", linked(2, 2));
        f.list(ROOT, "a", 2);
        f.cache.learnAttributes(f.cache.moment(), file(2, 3), f.answer);
        assertThat(f.attributes(2)).isEqualTo("v3");
    }

    @Test
    void shouldNotRememberAttributesWithoutTheNameThatTheyCameWith() {
        f.learn(ROOT, "a", linked(2, 1));
        f.learn(f.cache.moment(), 99, "b", linked(2, 2), Validity.UNTIL_INVALIDATED, true);
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.attributes(2)).isNull();
        f.learn(ROOT, "a", linked(2, 3));
        f.learn(f.cache.moment(), ROOT, "c", linked(2, 4), Validity.NEVER, true);
        assertThat(f.answer.attributeNanos()).isZero();
        assertThat(f.attributes(2)).isNull();
    }

    @Test
    void shouldNotCallADirectoryWholeOfWhichEntriesWereEvictedMeanwhile() {
        final CacheFixture small = new CacheFixture(1 << 20, 3);
        small.learn(ROOT, "d", CacheFixture.directory(9));
        final long since = small.cache.moment();
        final long listing = small.cache.beginListing(9);
        small.listed(since, 9, "a", 2, Validity.UNTIL_INVALIDATED);
        small.listed(since, 9, "b", 3, Validity.UNTIL_INVALIDATED);
        small.learnAbsent(ROOT, "x");
        small.learnAbsent(ROOT, "y");
        small.cache.endListing(since, 9, listing, 1, 1, Validity.UNTIL_INVALIDATED);
        assertThat(small.lookup(9, "a")).isEqualTo(UNKNOWN);
        assertThat(small.listing(9)).isNull();
    }

    @Test
    void shouldNotCompleteAListingThatBeganInADirectoryThatWasNotKnown() {
        final long since = f.cache.moment();
        final long listing = f.cache.beginListing(9);
        f.learn(ROOT, "d", CacheFixture.directory(9));
        f.learnAbsent(9, "a");
        f.cache.endListing(since, 9, listing, 1, 1, Validity.UNTIL_INVALIDATED);
        assertThat(f.listing(9)).isNull();
        assertThat(f.lookup(9, "b")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldNotTakeAListingForAnotherOfADirectoryThatCameBack() {
        f.learn(ROOT, "d", CacheFixture.directory(9));
        final long since = f.cache.moment();
        final long first = f.cache.beginListing(9);
        f.cache.removed(f.cache.moment(), ROOT, name("d"));
        f.cache.forget(9, 1);
        f.learn(ROOT, "e", CacheFixture.directory(9));
        final long second = f.cache.beginListing(9);
        f.cache.endListing(since, 9, first, 1, 1, Validity.UNTIL_INVALIDATED);
        assertThat(f.listing(9)).isNull();
        f.cache.endListing(since, 9, second, 1, 1, Validity.UNTIL_INVALIDATED);
        assertThat(f.listing(9)).isEmpty();
    }

    @Test
    void shouldKeepTheOrderWhenNamesAreLearntAgain() {
        f.list(ROOT, "c", 4, "a", 2, "b", 3);
        f.learn(ROOT, "a", file(2, 5));
        assertThat(f.listing(ROOT)).containsExactly("c", "a", "b");
        f.list(ROOT, "c", 4, "a", 2, "b", 3);
        assertThat(f.listing(ROOT)).containsExactly("c", "a", "b");
    }

    @Test
    void shouldFollowOwnChanges() {
        f.list(ROOT, "a", 2, "b", 3);
        f.made(ROOT, "c", file(4, 1));
        assertThat(f.listing(ROOT)).containsExactly("a", "b", "c");
        f.cache.removed(f.cache.moment(), ROOT, name("a"));
        assertThat(f.listing(ROOT)).containsExactly("b", "c");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(ABSENT);
        f.cache.renamed(ROOT, name("b"), ROOT, name("d"), false, f.stale);
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.lookup(ROOT, "b"))
                .as("rename(2) does nothing for two names of one file")
                .isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "d")).isEqualTo(UNKNOWN);
        f.learnAbsent(ROOT, "b");
        f.learn(ROOT, "d", file(3, 2));
        assertThat(f.listing(ROOT)).containsExactlyInAnyOrder("c", "d");
    }

    @Test
    void shouldNotBeCompleteWithWhatCannotBeRemembered() {
        f.list(ROOT, "a", 2);
        f.count(3);
        f.cache.made(f.cache.moment(), ROOT, name("b"), file(3, 1), Validity.NEVER, f.answer);
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "c")).as("another name").isEqualTo(ABSENT);
        assertThat(f.lookup(ROOT, "a")).as("what was known otherwise").isEqualTo(PRESENT);
    }

    @Test
    void shouldNotCompleteWithAnOlderListing() {
        final long since = f.cache.moment();
        final long first = f.cache.beginListing(ROOT);
        f.list(ROOT, "a", 2);
        f.listed(since, ROOT, "b", 3, Validity.UNTIL_INVALIDATED);
        f.cache.endListing(since, ROOT, first, 1, 1, Validity.UNTIL_INVALIDATED);
        assertThat(f.listing(ROOT)).containsExactly("a", "b");
    }

    @Test
    void shouldNotCompleteWithAListingThatAChangeOvertook() {
        final long since = f.cache.moment();
        f.made(ROOT, "a", file(2, 1));
        f.listSince(since, ROOT, Validity.UNTIL_INVALIDATED, "b", 3);
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
        assertThat(f.lookup(ROOT, "b")).as("nothing concerned this name").isEqualTo(PRESENT);
        assertThat(f.lookup(ROOT, "c")).isEqualTo(UNKNOWN);
    }
}
