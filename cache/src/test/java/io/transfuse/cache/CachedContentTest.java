package io.transfuse.cache;

import static io.transfuse.cache.CacheFixture.REGULAR;
import static io.transfuse.cache.CacheFixture.ROOT;
import static io.transfuse.cache.CacheFixture.TIME_TO_LIVE;
import static io.transfuse.cache.CacheFixture.bytes;
import static io.transfuse.cache.CacheFixture.file;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Contents of files, targets of links, and the pages that the kernel has. */
class CachedContentTest {
    private final CacheFixture f = new CacheFixture();

    @Test
    void shouldAnswerContentWithAttributes() {
        f.learn(ROOT, "a", file(2, 1));
        assertThat(f.content(2)).isNull();
        f.learnContent(file(2, 1), "text");
        assertThat(f.content(2)).isEqualTo("text");
        assertThat(f.answer.attributes()).isEqualTo(bytes("v1"));
        assertThat(f.answer.attributeNanos()).isEqualTo(MountCache.LONG_NANOS);
    }

    @Test
    void shouldKnowItsVeryBytes() {
        f.learn(ROOT, "a", file(2, 1));
        final byte[] content = bytes("text");
        f.cache.learnContent(f.cache.moment(), file(2, 1), content, Validity.UNTIL_INVALIDATED, f.answer);
        assertThat(f.cache.isContent(2, content)).isTrue();
        assertThat(f.cache.isContent(2, bytes("text"))).isFalse();
        assertThat(f.cache.isContent(3, content)).isFalse();
        f.cache.changed(2);
        assertThat(f.cache.isContent(2, content)).isFalse();
    }

    @Test
    void shouldDropContentOnAnotherVersion() {
        f.learn(ROOT, "a", file(2, 1));
        f.learnContent(file(2, 1), "text");
        f.cache.learnAttributes(f.cache.moment(), file(2, 1), f.answer);
        assertThat(f.content(2)).isEqualTo("text");
        f.cache.learnAttributes(f.cache.moment(), file(2, 2), f.answer);
        assertThat(f.content(2)).isNull();
        assertThat(f.attributes(2)).isEqualTo("v2");
        f.learnContent(file(2, 2), "other");
        f.learn(ROOT, "a", file(2, 3));
        assertThat(f.content(2)).isNull();
    }

    @Test
    void shouldUseUnwatchedContentForTheTimeToLiveOnly() {
        f.learn(ROOT, "a", file(2, 1));
        final byte[] content = bytes("text");
        f.cache.learnContent(f.cache.moment(), file(2, 1), content, Validity.TIME_TO_LIVE, f.answer);
        f.pass(TIME_TO_LIVE - 1);
        assertThat(f.content(2)).isEqualTo("text");
        assertThat(f.cache.isContent(2, content)).isTrue();
        f.pass(1);
        assertThat(f.attributes(2)).isNotNull();
        assertThat(f.content(2)).isNull();
        assertThat(f.cache.isContent(2, content)).isFalse();
    }

    @Test
    void shouldRememberNoContentThatMustNotBe() {
        f.learn(ROOT, "a", file(2, 1));
        f.cache.learnContent(f.cache.moment(), file(2, 1), bytes("x"), Validity.NEVER, f.answer);
        assertThat(f.content(2)).isNull();
        f.cache.learnContent(
                f.cache.moment(),
                CacheFixture.facts(2, 1, REGULAR, false, Validity.NEVER),
                bytes("x"),
                Validity.UNTIL_INVALIDATED,
                f.answer);
        assertThat(f.content(2)).isNull();
    }

    @Test
    void shouldRememberNoContentLargerThanAll() {
        final CacheFixture small = new CacheFixture(1000, 10);
        small.learn(ROOT, "a", file(2, 1));
        small.learnContent(file(2, 1), "x".repeat(1001));
        assertThat(small.content(2)).isNull();
        assertThat(small.attributes(2)).isEqualTo("v1");
    }

    @Test
    void shouldTellWhatHasNoContentYet() {
        f.learn(ROOT, "a", file(2, 1));
        f.learn(ROOT, "b", file(3, 1));
        f.learn(ROOT, "d", CacheFixture.directory(4));
        f.learn(ROOT, "v", CacheFixture.facts(5, 1, REGULAR, false, Validity.NEVER));
        f.learnAbsent(ROOT, "n");
        f.learnContent(file(3, 1), "text");
        assertThat(f.cache.withoutContent(ROOT, REGULAR))
                .extracting(MountCache.WithoutContent::node)
                .containsExactly(2L);
        assertThat(f.cache.withoutContent(4, REGULAR)).isEmpty();
        assertThat(f.cache.withoutContent(99, REGULAR)).isEmpty();
        f.cache.beginSuspended();
        assertThat(f.cache.withoutContent(ROOT, REGULAR)).isEmpty();
    }

    @Test
    void shouldRememberTargets() {
        f.learn(ROOT, "link", file(2, 1));
        f.cache.learnTarget(f.cache.moment(), 2, bytes("there"));
        assertThat(CacheFixture.text(f.cache.target(2))).isEqualTo("there");
        final long since = f.cache.moment();
        f.cache.invalidateObject(2, f.stale);
        assertThat(f.cache.target(2)).isNull();
        f.cache.learnTarget(since, 2, bytes("there"));
        assertThat(f.cache.target(2)).as("asked for before the change").isNull();
        f.cache.learnTarget(f.cache.moment(), 99, bytes("there"));
        assertThat(f.cache.target(99)).isNull();
    }

    @Test
    void shouldKeepPagesOfWatchedFiles() {
        f.learn(ROOT, "a", file(2, 1));
        assertThat(f.cache.mayKeepPages(2)).isTrue();
        assertThat(f.cache.mayKeepPages(99)).isFalse();
        f.cache.learnAttributes(f.cache.moment(), file(2, 1), f.answer);
        assertThat(f.cache.mayKeepPages(2)).isTrue();
    }

    @Test
    void shouldDropPagesOfAnotherVersionOnce() {
        f.learn(ROOT, "a", file(2, 1));
        f.cache.learnAttributes(f.cache.moment(), file(2, 2), f.answer);
        assertThat(f.cache.mayKeepPages(2)).isFalse();
        assertThat(f.cache.mayKeepPages(2)).isTrue();
    }

    @Test
    void shouldDropPagesOfWhatIsNotWatched() {
        f.learn(ROOT, "a", CacheFixture.facts(2, 1, REGULAR, false, Validity.TIME_TO_LIVE));
        assertThat(f.cache.mayKeepPages(2)).isFalse();
        f.learn(ROOT, "b", CacheFixture.facts(3, 1, REGULAR, false, Validity.NEVER));
        assertThat(f.cache.mayKeepPages(3)).isFalse();
    }

    @Test
    void shouldDropPagesOfWhatIsNotWatchedAnyMore() {
        f.learn(ROOT, "a", file(2, 1));
        f.cache.learnAttributes(f.cache.moment(), CacheFixture.facts(2, 1, REGULAR, false, Validity.NEVER), f.answer);
        assertThat(f.cache.mayKeepPages(2)).isFalse();
    }

    @Test
    void shouldKeepNoPagesWhileSuspended() {
        f.learn(ROOT, "a", file(2, 1));
        f.cache.suspend(f.stale);
        assertThat(f.cache.mayKeepPages(2)).isFalse();
    }
}
