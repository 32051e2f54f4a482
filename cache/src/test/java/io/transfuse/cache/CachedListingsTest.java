package io.transfuse.cache;

import static io.transfuse.cache.CacheFixture.ROOT;
import static io.transfuse.cache.CacheFixture.TIME_TO_LIVE;
import static io.transfuse.cache.CacheFixture.file;
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
        assertThat(f.attributes(3)).isNotNull();
        f.learnAbsent(ROOT, "a");
        assertThat(f.attributes(3)).isNull();
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
        f.cache.removed(ROOT, name("a"));
        assertThat(f.listing(ROOT)).containsExactly("b", "c");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(ABSENT);
        f.cache.renamed(ROOT, name("b"), ROOT, name("d"));
        assertThat(f.listing(ROOT)).containsExactlyInAnyOrder("c", "d");
        assertThat(f.lookup(ROOT, "b")).isEqualTo(ABSENT);
    }

    @Test
    void shouldNotBeCompleteWithWhatCannotBeRemembered() {
        f.list(ROOT, "a", 2);
        f.count(3);
        f.cache.made(f.cache.moment(), ROOT, name("b"), file(3, 1), Validity.NEVER, f.answer);
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.lookup(ROOT, "c")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
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
