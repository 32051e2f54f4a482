package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.transport.NativeBuffer;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * FM#3713, FM#6692: the host replaces what stands at a name, as editors and git do, and without a pause. A local file system
 * finds the old or the new object then, whatever the call; it never answers that the name led nowhere.
 */
@Timeout(120)
abstract class ReplacementCases {
    private static final int TURNS = 1_500;
    private static final int CALLERS = 2;
    private static final int EXCHANGE = 2;
    private static final int STATX_BASIC = 0x7ff;

    /** What is under test. */
    abstract Mounted mounted();

    private Path guest() {
        return mounted().guest();
    }

    private Path host() {
        return mounted().host();
    }

    /** The host goes on with its change while several callers make theirs; what they got, and how often. */
    private static Map<String, Integer> whileTheHost(final Callable<?> change, final ToLongFunction<Integer> call)
            throws Exception {
        final ExecutorService executor = Executors.newCachedThreadPool();
        try {
            final Future<?> changes = executor.submit(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    change.call();
                }
                return null;
            });
            final List<Future<Map<String, Integer>>> callers = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                callers.add(executor.submit(() -> {
                    final Map<String, Integer> results = new TreeMap<>();
                    for (int turn = 0; turn < TURNS; turn++) {
                        final long result = call.applyAsLong(turn);
                        results.merge(result < 0 ? Libc.name(result) : "success", 1, Integer::sum);
                    }
                    return results;
                }));
            }
            final Map<String, Integer> all = new TreeMap<>();
            for (final Future<Map<String, Integer>> caller : callers) {
                caller.get().forEach((result, count) -> all.merge(result, count, Integer::sum));
            }
            assertThat(changes.isDone()).as("the changes go on").isFalse();
            return all;
        } finally {
            executor.shutdownNow();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static long opened(final Path path, final int flags) {
        final long fd = Libc.open(path, flags, 0);
        Libc.close(fd);
        return fd;
    }

    private static long stat(final Path path) {
        final NativeBuffer buffer = NativeBuffer.allocate(256);
        final long result =
                Libc.result(Libc.c().statx(Libc.AT_FDCWD, Libc.path(path), 0, STATX_BASIC, buffer.address()));
        Reference.reachabilityFence(buffer);
        return result;
    }

    private static long readLink(final Path path) {
        final NativeBuffer buffer = NativeBuffer.allocate(256);
        final long result = Libc.result(Libc.c().readlink(Libc.path(path), buffer.address(), 256));
        Reference.reachabilityFence(buffer);
        return result;
    }

    private static long attribute(final Path path) {
        final NativeBuffer buffer = NativeBuffer.allocate(256);
        final long result =
                Libc.result(Libc.c().getxattr(Libc.path(path), Libc.text("user.key"), buffer.address(), 256));
        Reference.reachabilityFence(buffer);
        return result;
    }

    private static void rename(final Path from, final Path to, final int flags) {
        assertThat(Libc.result(Libc.c().renameat2(Libc.AT_FDCWD, Libc.path(from), Libc.AT_FDCWD, Libc.path(to), flags)))
                .isZero();
    }

    private Callable<?> replaceFile() {
        final int[] count = {0};
        return () -> {
            Files.writeString(host().resolve("new"), "version " + count[0]++);
            Files.setAttribute(host().resolve("new"), "user:key", "value".getBytes(StandardCharsets.US_ASCII));
            rename(host().resolve("new"), host().resolve("file"), 0);
            return null;
        };
    }

    /** Every call on the path of a file that is replaced without pause. */
    @Test
    void shouldFindAFileThatIsReplacedWithoutPause() throws Exception {
        final Callable<?> change = replaceFile();
        change.call();
        final Path file = guest().resolve("file");
        final Map<String, ToLongFunction<Integer>> calls = new LinkedHashMap<>();
        calls.put("open to read", turn -> opened(file, Libc.O_RDONLY));
        calls.put("open to write", turn -> opened(file, Libc.O_WRONLY | Libc.O_APPEND));
        calls.put("stat", turn -> stat(file));
        calls.put("chmod", turn -> Libc.result(Libc.c().chmod(Libc.path(file), 0600 + turn % 2 * 040)));
        calls.put("truncate", turn -> Libc.result(Libc.c().truncate(Libc.path(file), 3)));
        calls.put("getxattr", turn -> attribute(file));
        for (final Map.Entry<String, ToLongFunction<Integer>> call : calls.entrySet()) {
            assertThat(whileTheHost(change, call.getValue())).as(call.getKey()).containsOnlyKeys("success");
        }
    }

    /** What is read is what some version had, whole. */
    @Test
    void shouldReadAVersionThatIsReplacedWithoutPause() throws Exception {
        final Callable<?> change = replaceFile();
        change.call();
        final Path file = guest().resolve("file");
        assertThat(whileTheHost(change, turn -> {
                    final long fd = Libc.open(file, Libc.O_RDONLY, 0);
                    if (fd < 0) {
                        return fd;
                    }
                    final String read = Libc.pread((int) fd, 100, 0);
                    Libc.close(fd);
                    assertThat(read).matches("version [0-9]+");
                    return 0;
                }))
                .containsOnlyKeys("success");
    }

    @Test
    void shouldFindALinkThatIsReplacedWithoutPause() throws Exception {
        final int[] count = {0};
        final Callable<?> change = () -> {
            Files.createSymbolicLink(host().resolve("new"), Path.of("target" + count[0]++));
            rename(host().resolve("new"), host().resolve("link"), 0);
            return null;
        };
        change.call();
        assertThat(whileTheHost(change, turn -> readLink(guest().resolve("link"))))
                .containsOnlyKeys("success");
    }

    /** Both the directory and the file in it are others from one moment to the next. */
    @Test
    void shouldFindAFileInADirectoryThatIsExchangedWithoutPause() throws Exception {
        for (final String directory : List.of("one", "two")) {
            Files.createDirectories(host().resolve(directory).resolve("sub"));
            Files.writeString(host().resolve(directory).resolve("sub/file"), directory);
        }
        final Callable<?> change = () -> {
            rename(host().resolve("one"), host().resolve("two"), EXCHANGE);
            return null;
        };
        final Path file = guest().resolve("one/sub/file");
        assertThat(whileTheHost(change, turn -> turn % 2 == 0 ? opened(file, Libc.O_RDONLY) : stat(file)))
                .containsOnlyKeys("success");
    }
}
