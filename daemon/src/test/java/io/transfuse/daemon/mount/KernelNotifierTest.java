package io.transfuse.daemon.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.cache.HeldByKernel;
import io.transfuse.cache.Name;
import io.transfuse.daemon.operation.ChangingFiles;
import io.transfuse.protocol.Errno;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KernelNotifierTest {
    private static final int NOTIFICATIONS_MAX = 8;
    private static final int ACTIONS_MAX = 4;
    private static final Name NAME = Name.of("name".getBytes(StandardCharsets.UTF_8));

    private final FakeKernel kernel = new FakeKernel();
    private KernelNotifier notifier;

    /** Notes what it is told; can be made to wait, as the kernel does for requests in flight. */
    private static final class FakeKernel implements KernelNotifications {
        final List<String> told = new CopyOnWriteArrayList<>();
        final CountDownLatch waits = new CountDownLatch(1);
        final CountDownLatch goesOn = new CountDownLatch(1);
        volatile boolean slow;
        volatile boolean epoch = true;
        volatile int errno;

        private int tell(final String what) {
            if (slow) {
                slow = false;
                waits.countDown();
                try {
                    goesOn.await();
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            told.add(what);
            return errno;
        }

        @Override
        public int invalidateEntry(final long directory, final Name name, final boolean expire) {
            return tell((expire ? "expire " : "drop ") + directory + " " + name);
        }

        @Override
        public int invalidateInode(final long node) {
            return tell("inode " + node);
        }

        @Override
        public int invalidateAttributes(final long node) {
            return tell("attributes " + node);
        }

        @Override
        public int incrementEpoch() {
            return tell("epoch");
        }

        @Override
        public boolean hasEpoch() {
            return epoch;
        }
    }

    private void start() {
        final HeldByKernel held = new HeldByKernel(List.of(1L, 7L), List.of(new HeldByKernel.Entry(1, NAME)));
        notifier = new KernelNotifier(
                "test", kernel, new ChangingFiles(System::nanoTime), () -> held, NOTIFICATIONS_MAX, ACTIONS_MAX);
    }

    @AfterEach
    void tearDown() {
        kernel.goesOn.countDown();
        notifier.close();
    }

    private void awaitTold() throws InterruptedException {
        final CountDownLatch done = new CountDownLatch(1);
        assertThat(notifier.afterwards(done::countDown)).isTrue();
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldTellInOrderAndActAfterwards() throws InterruptedException {
        start();
        notifier.name(1, NAME);
        notifier.doubtfulName(2, NAME);
        notifier.object(3);
        notifier.attributes(4);
        notifier.listing(5);
        assertThat(notifier.everyName()).isTrue();
        final int[] before = new int[1];
        assertThat(notifier.afterwards(() -> before[0] = kernel.told.size())).isTrue();
        awaitTold();
        assertThat(kernel.told)
                .containsExactly("drop 1 name", "expire 2 name", "inode 3", "attributes 4", "inode 5", "epoch");
        assertThat(before[0]).isEqualTo(6);
    }

    @Test
    void shouldTellOfEverythingWhenTheKernelIsTooSlow() throws InterruptedException {
        start();
        kernel.slow = true;
        notifier.listing(99);
        assertThat(kernel.waits.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 1000; i++) {
            notifier.listing(100 + i % 20);
        }
        final CountDownLatch done = new CountDownLatch(1);
        assertThat(notifier.afterwards(done::countDown)).isTrue();
        kernel.goesOn.countDown();
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(kernel.told)
                .startsWith("inode 99", "epoch", "inode 1", "inode 7")
                .hasSizeLessThan(16);
    }

    @Test
    void shouldTellOfEveryKnownNameWithoutEpoch() throws InterruptedException {
        kernel.epoch = false;
        start();
        assertThat(notifier.everyName()).isFalse();
        kernel.slow = true;
        notifier.listing(99);
        assertThat(kernel.waits.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i <= NOTIFICATIONS_MAX; i++) {
            notifier.listing(100 + i);
        }
        kernel.goesOn.countDown();
        awaitTold();
        assertThat(kernel.told).containsExactly("inode 99", "expire 1 name", "inode 1", "inode 7");
    }

    @Test
    void shouldRefuseActionsThatNeverGetTheirTurn() throws InterruptedException {
        start();
        kernel.slow = true;
        notifier.listing(99);
        assertThat(kernel.waits.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < ACTIONS_MAX; i++) {
            assertThat(notifier.afterwards(() -> {})).isTrue();
        }
        assertThat(notifier.afterwards(() -> {})).isFalse();
    }

    @Test
    void shouldGoOnAfterAnActionThatFails() throws InterruptedException {
        start();
        notifier.afterwards(() -> {
            throw new IllegalStateException("on purpose");
        });
        kernel.errno = Errno.ENOENT;
        notifier.listing(3);
        awaitTold();
        assertThat(kernel.told).containsExactly("inode 3");
    }

    @Test
    void shouldEndWithItsMount() throws InterruptedException {
        start();
        kernel.errno = Errno.ENODEV;
        notifier.listing(3);
        notifier.listing(4);
        notifier.close();
        assertThat(kernel.told).hasSizeLessThanOrEqualTo(1);
    }
}
