package io.transfuse.daemon.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangingFilesTest {
    private static final long NODE = 7;
    private static final long DAY = 86_400_000_000_000L;

    private long now = 1_000_000_000_000L;
    private final ChangingFiles files = new ChangingFiles(() -> now);

    private long give(final long size) {
        return files.give(NODE, true, size, size, DAY, files.moment());
    }

    private List<Long> settled() {
        final List<Long> told = new ArrayList<>();
        files.settle(false, told::add);
        return told;
    }

    private void passes(final long nanos) {
        now += nanos;
    }

    @Test
    void shouldGiveWhatTheCacheSaysOfAFileAtRest() {
        assertThat(give(10)).isEqualTo(DAY);
        assertThat(files.isChanging(NODE)).isFalse();
        assertThat(files.nanosUntilSettled()).isNegative();
    }

    @Test
    void shouldTellTheFirstChangeAtOnce() {
        assertThat(files.changed(NODE)).isTrue();
        assertThat(settled()).isEmpty();
    }

    @Test
    void shouldGiveNoValidityWhileItChangesNorToASizeThatIsNew() {
        files.changed(NODE);
        assertThat(give(10)).isZero();
        assertThat(give(10)).isZero();
        assertThat(files.isChanging(NODE)).isTrue();
        passes(ChangingFiles.CHANGING_NANOS);
        assertThat(files.isChanging(NODE)).isFalse();
        assertThat(give(11)).isZero();
        assertThat(give(11)).isEqualTo(DAY);
    }

    @Test
    void shouldTellNothingToAKernelThatHasNothing() {
        files.changed(NODE);
        give(10);
        for (int i = 0; i < 10; i++) {
            assertThat(files.changed(NODE)).isFalse();
            passes(ChangingFiles.REST_NANOS);
            assertThat(settled()).isEmpty();
        }
        passes(ChangingFiles.CHANGING_NANOS);
        assertThat(files.changed(NODE)).isFalse();
    }

    @Test
    void shouldTellOfPagesWhenTheFileRests() {
        files.changed(NODE);
        give(10);
        files.givePages(NODE);
        assertThat(files.changed(NODE)).isFalse();
        assertThat(settled()).isEmpty();
        assertThat(files.nanosUntilSettled()).isEqualTo(ChangingFiles.REST_NANOS);
        passes(ChangingFiles.REST_NANOS);
        assertThat(files.nanosUntilSettled()).isZero();
        assertThat(settled()).containsExactly(NODE);
        assertThat(settled()).isEmpty();
    }

    @Test
    void shouldTellOfPagesThoughTheChangesDoNotEnd() {
        files.changed(NODE);
        give(10);
        files.givePages(NODE);
        for (long passed = 0; passed < ChangingFiles.MOST_NANOS; passed += ChangingFiles.REST_NANOS / 2) {
            assertThat(files.changed(NODE)).isFalse();
            assertThat(settled()).isEmpty();
            passes(ChangingFiles.REST_NANOS / 2);
        }
        assertThat(settled()).containsExactly(NODE);
    }

    @Test
    void shouldTakeItThatTheKernelDropsPagesOfAnotherSize() {
        files.changed(NODE);
        give(10);
        files.givePages(NODE);
        files.changed(NODE);
        give(11);
        passes(ChangingFiles.REST_NANOS);
        assertThat(settled()).isEmpty();
    }

    @Test
    void shouldTellAgainWhatWasGivenValidityBefore() {
        files.changed(NODE);
        give(10);
        passes(ChangingFiles.CHANGING_NANOS);
        assertThat(give(10)).isEqualTo(DAY);
        assertThat(files.changed(NODE)).isTrue();
    }

    /** What a lane took from the cache before the change was told must not get a validity after it. */
    @Test
    void shouldGiveNoValidityToWhatIsOlderThanAChange() {
        files.changed(NODE);
        give(10);
        passes(ChangingFiles.CHANGING_NANOS);
        final long before = files.moment();
        files.changed(NODE + 1);
        assertThat(files.give(NODE, true, 10, 10, DAY, before)).isZero();
        assertThat(files.give(NODE + 2, true, 10, 10, DAY, before)).isZero();
    }

    @Test
    void shouldTellEachChangeOfWhatIsNoFile() {
        assertThat(files.changed(NODE)).isTrue();
        assertThat(files.give(NODE, false, 0, 0, DAY, files.moment())).isEqualTo(DAY);
        assertThat(files.changed(NODE)).isTrue();
        assertThat(files.changed(NODE)).isTrue();
        assertThat(files.isChanging(NODE)).isFalse();
    }

    @Test
    void shouldHoldNoMoreFilesThanItsBound() {
        files.changed(NODE);
        give(10);
        for (int i = 1; i <= ChangingFiles.FILES_MAX; i++) {
            files.changed(NODE + i);
        }
        // Forgotten: at rest, and told at once.
        assertThat(give(10)).isEqualTo(DAY);
        assertThat(files.changed(NODE)).isTrue();
    }

    @Test
    void shouldKnowDataThatShowAnotherSize() {
        files.changed(NODE);
        give(10);
        assertThat(files.isOtherSize(NODE, 10, true)).isFalse();
        assertThat(files.isOtherSize(NODE, 5, false)).isFalse();
        assertThat(files.isOtherSize(NODE, 5, true)).isTrue();
        assertThat(files.isOtherSize(NODE, 11, false)).isTrue();
    }
}
