package io.transfuse.cache;

import static io.transfuse.cache.CacheFixture.ROOT;
import static io.transfuse.cache.CacheFixture.directory;
import static io.transfuse.cache.CacheFixture.file;
import static io.transfuse.cache.CacheFixture.name;
import static io.transfuse.cache.MountCache.Outcome.ABSENT;
import static io.transfuse.cache.MountCache.Outcome.PRESENT;
import static io.transfuse.cache.MountCache.Outcome.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the host tells, and what the kernel is told of it. */
class InvalidationsTest {
    private final CacheFixture f = new CacheFixture();

    @Test
    void shouldForgetAName() {
        f.list(ROOT, "a", 2, "b", 3);
        f.learnContent(file(2, 1), "text");
        f.cache.learnAttributes(f.cache.moment(), directory(ROOT), f.answer);
        f.lookup(ROOT, "a");
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        assertThat(f.stale.told).containsExactly("name 1 a", "listing 1", "attributes 2");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(PRESENT);
        assertThat(f.lookup(ROOT, "c")).as("another name").isEqualTo(ABSENT);
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.attributes(2)).isNull();
        assertThat(f.attributes(ROOT)).isNull();
        f.learn(ROOT, "a", file(4, 1));
        assertThat(f.listing(ROOT)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void shouldDoubtAName() {
        f.list(ROOT, "a", 2);
        f.cache.invalidateName(ROOT, name("a"), false, f.stale);
        assertThat(f.stale.told).containsExactly("doubtful 1 a", "listing 1", "attributes 2");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldForgetAnAbsentName() {
        f.list(ROOT);
        f.learnAbsent(ROOT, "a");
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        assertThat(f.stale.told).containsExactly("name 1 a", "listing 1");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldTellTheKernelOfNamesThatAreNotKnown() {
        f.cache.invalidateName(99, name("a"), true, f.stale);
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        f.cache.invalidateChild(99, name("a"), f.stale);
        f.cache.invalidateObject(99, f.stale);
        f.cache.invalidateDirectory(99, f.stale);
        assertThat(f.stale.told)
                .containsExactly(
                        "name 99 a", "listing 99", "name 1 a", "listing 1", "object 99", "listing 99", "object 99");
    }

    @Test
    void shouldForgetTheObjectAtAName() {
        f.list(ROOT, "a", 2, "b", 3);
        f.learnContent(file(2, 1), "text");
        f.cache.invalidateChild(ROOT, name("a"), f.stale);
        assertThat(f.stale.told).containsExactly("object 2");
        assertThat(f.content(2)).isNull();
        assertThat(f.attributes(2)).isNull();
        assertThat(f.attributes(3)).isNotNull();
        assertThat(f.listing(ROOT)).containsExactly("a", "b");
        f.cache.learnAttributes(f.cache.moment(), file(2, 2), f.answer);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
    }

    @Test
    void shouldForgetAnObject() {
        f.list(ROOT, "a", 2);
        f.learnContent(file(2, 1), "text");
        f.cache.invalidateObject(2, f.stale);
        assertThat(f.stale.told).containsExactly("object 2");
        assertThat(f.content(2)).isNull();
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
    }

    @Test
    void shouldDoubtAWholeDirectory() {
        f.list(ROOT, "a", 2);
        f.learnAbsent(ROOT, "n");
        f.learnContent(file(2, 1), "text");
        f.cache.invalidateDirectory(ROOT, f.stale);
        assertThat(f.stale.told).containsExactly("listing 1", "object 1", "doubtful 1 a", "object 2", "doubtful 1 n");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "n")).isEqualTo(UNKNOWN);
        assertThat(f.attributes(2)).isNull();
        assertThat(f.content(2)).isNull();
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.held(2)).as("so that changes told by name are understood").isEqualTo(1);
        f.learn(ROOT, "a", file(2, 2));
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
    }

    @Test
    void shouldTellEveryNameOfADirectoryWhoseAbsentNamesWereAnsweredWithoutAnEntry() {
        f.list(ROOT, "a", 2);
        assertThat(f.lookup(ROOT, "absent")).isEqualTo(ABSENT);
        f.cache.invalidateDirectory(ROOT, f.stale);
        assertThat(f.stale.told).contains("every name");
    }

    @Test
    void shouldTellTheKernelOfWhatLostItsNameBeforeTheChangeWasTold() {
        f.learn(ROOT, "a", file(2, 1));
        f.learn(ROOT, "a", file(3, 1));
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        assertThat(f.stale.told).contains("attributes 2", "attributes 3");
        f.stale.told.clear();
        f.cache.invalidateName(ROOT, name("a"), true, f.stale);
        assertThat(f.stale.told).containsExactly("name 1 a", "listing 1");
    }

    @Test
    void shouldUnderstandNamesThatAreDoubted() {
        f.learn(ROOT, "a", file(2, 1));
        f.cache.invalidateAll(f.stale);
        f.cache.learnAttributes(f.cache.moment(), file(2, 1), f.answer);
        assertThat(f.attributes(2)).as("whether it is there still is not known").isNull();
        f.stale.told.clear();
        f.cache.invalidateChild(ROOT, name("a"), f.stale);
        assertThat(f.stale.told).containsExactly("object 2");
    }

    @Test
    void shouldForgetEverything() {
        f.list(ROOT, "a", 2);
        f.learn(ROOT, "d", directory(9));
        f.learn(9, "b", file(3, 1));
        f.cache.invalidateAll(f.stale);
        assertThat(f.stale.told)
                .startsWith("every name")
                .contains("object 1", "object 2", "object 3", "object 9", "listing 1", "listing 9")
                .noneMatch(told -> told.startsWith("doubtful"));
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(9, "b")).isEqualTo(UNKNOWN);
        assertThat(f.attributes(3)).isNull();
        assertThat(f.listing(ROOT)).isNull();
    }

    @Test
    void shouldTellEachNameWhereNotAllCanBeToldAtOnce() {
        f.list(ROOT, "a", 2);
        f.stale.tellsEveryName = false;
        f.cache.invalidateAll(f.stale);
        assertThat(f.stale.told).contains("doubtful 1 a", "object 2");
    }

    @Test
    void shouldRememberNothingWhileSuspended() {
        f.list(ROOT, "a", 2);
        f.cache.suspend(f.stale);
        assertThat(f.cache.isSuspended()).isTrue();
        assertThat(f.stale.told).contains("every name");
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        f.learn(ROOT, "a", file(2, 1));
        assertThat(f.answer.entryNanos()).isZero();
        assertThat(f.answer.attributeNanos()).isZero();
        f.learnAbsent(ROOT, "b");
        f.list(ROOT, "a", 2);
        f.made(ROOT, "c", file(3, 1));
        f.learnContent(file(2, 1), "text");
        f.cache.learnTarget(f.cache.moment(), 2, new byte[1]);
        assertThat(f.lookup(ROOT, "a")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "b")).isEqualTo(UNKNOWN);
        assertThat(f.lookup(ROOT, "c")).isEqualTo(UNKNOWN);
        assertThat(f.listing(ROOT)).isNull();
        assertThat(f.content(2)).isNull();
        assertThat(f.cache.target(2)).isNull();
        assertThat(f.cache.lacksListing(ROOT)).isFalse();
    }

    @Test
    void shouldRememberAgainWhatIsAskedAfterResuming() {
        f.cache.beginSuspended();
        assertThat(f.cache.isSuspended()).isTrue();
        final long since = f.cache.moment();
        f.cache.resume();
        assertThat(f.cache.isSuspended()).isFalse();
        f.learn(since, ROOT, "a", file(2, 1), Validity.UNTIL_INVALIDATED, true);
        assertThat(f.lookup(ROOT, "a")).as("asked before").isEqualTo(UNKNOWN);
        f.learn(ROOT, "a", file(2, 1));
        assertThat(f.lookup(ROOT, "a")).isEqualTo(PRESENT);
        assertThat(f.cache.lacksListing(ROOT)).isTrue();
    }
}
