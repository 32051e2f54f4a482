package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * FM#7494: the host wrote more to a file, and the guest saw the new size with old data, or new data cut off. Size and data
 * change together, for every call, and what maps the size that it was told does not die by SIGBUS. The observer is {@code
 * observe.c}.
 */
@Timeout(180)
abstract class GrowingFileCases {
    private static final byte[] PATTERN = new byte[1 << 21];

    static {
        for (int i = 0; i < PATTERN.length; i++) {
            PATTERN[i] = (byte) ('a' + i / 7 % 26);
        }
    }

    /** What is under test. */
    abstract Mounted mounted();

    private static Path observer(final Path directory) throws Exception {
        try (InputStream source = GrowingFileCases.class.getResourceAsStream("observe.c")) {
            Files.copy(source, directory.resolve("observe.c"));
        }
        Commands.shell(directory, "gcc -O2 -Wall -Werror -o observe observe.c");
        return directory.resolve("observe");
    }

    private void observe(final int count, final long pauseNanos, final int step, final int turns) throws Exception {
        final Path file = mounted().host().resolve("file");
        final Path observer = observer(mounted().plain());
        Files.createFile(file);
        final int fd = Libc.mustOpen(file, Libc.O_WRONLY | Libc.O_APPEND);
        final ExecutorService executor = Executors.newCachedThreadPool();
        try {
            final List<Future<Commands.Result>> observers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                observers.add(executor.submit(() -> Commands.run(
                        mounted().guest(),
                        observer.toString(),
                        "file",
                        Integer.toString(turns),
                        count == 1 ? "alone" : "with others")));
            }
            int length = 0;
            while (observers.stream().anyMatch(observed -> !observed.isDone())) {
                final int next = Math.min(1 + length % step, PATTERN.length - length);
                if (next > 0) {
                    assertThat(Libc.write(fd, Arrays.copyOfRange(PATTERN, length, length + next)))
                            .isEqualTo(next);
                    length += next;
                } else {
                    assertThat(Libc.result(Libc.c().ftruncate(fd, length))).isZero();
                }
                LockSupport.parkNanos(pauseNanos);
            }
            for (final Future<Commands.Result> observed : observers) {
                assertThat(observed.get()).isEqualTo(new Commands.Result(0, ""));
            }
            final byte[] whole = Arrays.copyOf(PATTERN, length);
            org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(
                            Files.readAllBytes(mounted().guest().resolve("file")))
                    .isEqualTo(whole));
        } finally {
            executor.shutdownNow();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            Libc.close(fd);
        }
    }

    @Test
    void shouldShowAFileThatGrowsWithoutPause() throws Exception {
        observe(1, 1_000, 61, 600);
    }

    @Test
    void shouldShowAFileThatGrowsFromTimeToTime() throws Exception {
        observe(1, 1_500_000, 6_007, 600);
    }

    /** Slower than an invalidation needs: each change finds the guest at rest. */
    @Test
    void shouldShowAFileThatGrowsSlowly() throws Exception {
        observe(1, 25_000_000, 6_007, 1_500);
    }

    @Test
    void shouldShowAGrowingFileToSeveralAtOnce() throws Exception {
        observe(3, 1_000, 61, 300);
        Files.delete(mounted().host().resolve("file"));
        Files.delete(mounted().plain().resolve("observe.c"));
        observe(2, 5_000_000, 6_007, 300);
    }
}
