package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What hurt users of such systems, with the number of their report, as far as it is not tested by name elsewhere: see also
 * {@link ReplacementCases}, {@link GrowingFileCases}, {@link ResourcesCases}, {@link LocksCases}, {@link SingleFileTest} and
 * {@link CachedTwoSidedTest}.
 */
@Timeout(180)
abstract class FieldCases {
    /** What is under test. */
    abstract Mounted mounted();

    /** Whether the guest sees at once what the host did; else within a second. */
    abstract boolean seesAtOnce();

    private Path guest() {
        return mounted().guest();
    }

    private Path host() {
        return mounted().host();
    }

    private void sees(final ThrowingCallable assertion) throws Exception {
        if (!seesAtOnce()) {
            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .pollInterval(2, TimeUnit.MILLISECONDS)
                    .untilAsserted(assertion::call);
            return;
        }
        try {
            assertion.call();
        } catch (final Exception | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** FM#7501: old or cut-off content until somebody ran {@code ls}; orbstack#1026: a stale time until the file was read. */
    @Test
    void shouldShowContentAndTimeOfAFileThatNobodyListed() throws Exception {
        final Path file = Path.of("file");
        Files.writeString(host().resolve(file), "0");
        sees(() -> assertThat(Files.readString(guest().resolve(file))).isEqualTo("0"));
        for (int i = 1; i <= 60; i++) {
            final String text = "version " + i + " ".repeat(i * 113 % 7_000) + "end";
            final FileTime time = FileTime.fromMillis(1_500_000_000_000L + i);
            Files.writeString(host().resolve(file), text);
            Files.setLastModifiedTime(host().resolve(file), time);
            if (i % 2 == 0) {
                sees(() -> assertThat(Files.readString(guest().resolve(file))).isEqualTo(text));
                assertThat(Files.size(guest().resolve(file))).isEqualTo(text.length());
            }
            sees(() ->
                    assertThat(Files.getLastModifiedTime(guest().resolve(file))).isEqualTo(time));
            sees(() -> assertThat(Files.readString(guest().resolve(file))).isEqualTo(text));
        }
    }

    /** FM#5604, FM#69, FM#4959: a directory removed and made again under the same name hung or broke the mount. */
    @Test
    void shouldServeADirectoryThatIsMadeAgain() throws Exception {
        for (int i = 0; i < 30; i++) {
            final String text = "content " + i;
            Files.createDirectories(host().resolve("dir/sub"));
            Files.writeString(host().resolve("dir/sub/file" + i), text);
            final Path file = guest().resolve("dir/sub/file" + i);
            sees(() -> assertThat(file).hasContent(text));
            Files.writeString(guest().resolve("dir/sub/own"), text);
            assertThat(host().resolve("dir/sub/own")).hasContent(text);
            Mounted.delete((i % 2 == 0 ? host() : guest()).resolve("dir"));
            sees(() -> assertThat(guest().resolve("dir")).doesNotExist());
        }
    }

    /** libkrun#769: git makes its objects read-only, and writes to them. FM#633, DF#186: read-only files are copied with their modes. */
    @Test
    void shouldMakeReadOnlyFilesThatCanBeWritten() {
        mounted().assertSame(directory -> {
            final long fd = Libc.open(directory.resolve("object"), Libc.O_CREAT | Libc.O_EXCL | Libc.O_WRONLY, 0444);
            assertThat(fd).isNotNegative();
            final long written = Libc.write((int) fd, "content".getBytes(StandardCharsets.US_ASCII));
            Libc.close(fd);
            return written
                    + Commands.shell(
                            directory,
                            "stat -c '%a %s' object; cp --preserve=mode object copy; stat -c %a copy;"
                                    + " chown 1234:1234 copy; stat -c '%a %u:%g' copy; cp -a copy second;"
                                    + " stat -c '%a %u:%g' second; cat second");
        });
    }

    /** FM#5012, DF#295, FM#5045: files became empty when both sides wrote, or when they were edited through another mount. */
    @Test
    void shouldNeverShowAnEmptyFileWhereNobodyEmptiedIt() throws Exception {
        final int rounds = 150;
        Files.writeString(host().resolve("file"), "host 0\n");
        sees(() -> assertThat(guest().resolve("file")).exists());
        final ExecutorService executor = Executors.newCachedThreadPool();
        try {
            final List<Future<Void>> parts = new ArrayList<>();
            for (final Path side : List.of(host(), guest())) {
                parts.add(executor.submit(() -> {
                    for (int i = 0; i < rounds; i++) {
                        // As editors do: a new file takes the old one's place.
                        final Path temporary = side.resolve("." + (side.equals(host()) ? "h" : "g"));
                        Files.writeString(temporary, (side.equals(host()) ? "host " : "guest ") + i + "\n");
                        assertThat(Libc.result(Libc.c()
                                        .renameat2(
                                                Libc.AT_FDCWD,
                                                Libc.path(temporary),
                                                Libc.AT_FDCWD,
                                                Libc.path(side.resolve("file")),
                                                0)))
                                .isZero();
                    }
                    return null;
                }));
            }
            for (final Path side : List.of(host(), guest())) {
                parts.add(executor.submit(() -> {
                    for (int i = 0; i < rounds * 4; i++) {
                        assertThat(Files.readString(side.resolve("file"))).matches("(host|guest) [0-9]+\n");
                    }
                    return null;
                }));
            }
            for (final Future<Void> part : parts) {
                part.get();
            }
        } finally {
            executor.shutdownNow();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        sees(() -> assertThat(TreeView.of(guest())).isEqualTo(TreeView.of(host())));
    }

    /** FM#7687: {@code RENAME_EXCHANGE} lost data. */
    @Test
    void shouldLoseNothingInAnExchange() throws Exception {
        Files.writeString(host().resolve("one"), "one");
        Files.writeString(host().resolve("two"), "two");
        for (int i = 0; i < 20; i++) {
            final Path side = i % 3 == 0 ? host() : guest();
            sees(() -> assertThat(guest().resolve("two")).exists());
            assertThat(Libc.result(Libc.c()
                            .renameat2(
                                    Libc.AT_FDCWD,
                                    Libc.path(side.resolve("one")),
                                    Libc.AT_FDCWD,
                                    Libc.path(side.resolve("two")),
                                    2)))
                    .isZero();
            final String one = i % 2 == 0 ? "two" : "one";
            assertThat(host().resolve("one")).hasContent(one);
            sees(() -> assertThat(guest().resolve("one")).hasContent(one));
            sees(() -> assertThat(TreeView.of(guest())).isEqualTo(TreeView.of(host())));
        }
    }

    /** FM#7059: hard links made in parallel by a build gave ENOENT; the host makes some, too. */
    @Test
    void shouldLinkInParallelOnBothSides() throws Exception {
        Files.writeString(host().resolve("file"), "content");
        sees(() -> assertThat(guest().resolve("file")).exists());
        final String script =
                "for i in $(seq 60); do ln file %s$i; cat %s$i > /dev/null; test $(stat -c %%h %s$i) -ge 2; done";
        final ExecutorService executor = Executors.newCachedThreadPool();
        try {
            final List<Future<?>> parts = new ArrayList<>();
            for (final String name : List.of("g", "k", "m")) {
                parts.add(executor.submit(() -> Commands.shell(guest(), String.format(script, name, name, name))));
            }
            parts.add(executor.submit(() -> Commands.shell(host(), String.format(script, "h", "h", "h"))));
            for (final Future<?> part : parts) {
                part.get();
            }
        } finally {
            executor.shutdownNow();
        }
        sees(() -> assertThat(Files.getAttribute(guest().resolve("file"), "unix:nlink"))
                .isEqualTo(241));
        sees(() -> assertThat(TreeView.of(guest())).isEqualTo(TreeView.of(host())));
    }

    /** FM#2839: streamed data stayed in memory; FM#1815: it grew from 140 MB to 8 GB. */
    @Test
    void shouldNotKeepStreamedDataInMemory() throws Exception {
        final Path status = Path.of("/proc/" + mounted().product().process().pid() + "/status");
        Commands.shell(guest(), "head -c 50000000 /dev/zero > file; cat file > /dev/null");
        final long before = resident(status);
        Commands.shell(
                guest(), "for i in 1 2 3 4 5 6; do head -c 50000000 /dev/zero > file; cat file > /dev/null; done");
        assertThat(resident(status) - before).as("kB more").isLessThan(100_000);
    }

    private static long resident(final Path status) throws Exception {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
