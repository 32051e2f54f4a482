package io.transfuse.host.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.Errno;
import io.transfuse.transport.NativeBuffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both watchers against the real kernel; what a case changes, another process changes. */
class WatcherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BURST = 20_000;

    /** A number that no case uses; the watch whose events show that earlier ones have been told. */
    private static final long MARKER = 999;

    private static final String MARKED = "name 999 marker";

    private final Posix posix = Posix.forThisPlatform();
    private final RecordingListener listener = new RecordingListener();
    private final List<Integer> descriptors = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    @TempDir
    private Path root;

    private Path directory;
    private Path outside;
    private Path markers;
    private Watcher watcher;

    /** The implementations. */
    enum Kind {
        FANOTIFY {
            @Override
            Watcher start(final Posix posix, final Watcher.Listener listener) {
                return FanotifyWatcher.start(posix, listener);
            }
        },
        INOTIFY {
            @Override
            Watcher start(final Posix posix, final Watcher.Listener listener) {
                return InotifyWatcher.start(posix, listener);
            }
        };

        abstract Watcher start(Posix posix, Watcher.Listener listener);
    }

    @BeforeEach
    void makeDirectories() throws IOException {
        directory = Files.createDirectory(root.resolve("watched"));
        outside = Files.createDirectory(root.resolve("outside"));
        markers = Files.createDirectory(root.resolve("markers"));
    }

    @AfterEach
    void end() {
        listener.release();
        processes.forEach(Process::destroyForcibly);
        if (watcher != null) {
            watcher.close();
        }
        descriptors.forEach(posix::close);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellItsNature(final Kind kind) {
        start(kind);
        assertThat(watcher.name()).isEqualTo(kind == Kind.FANOTIFY ? "fanotify" : "inotify");
        assertThat(watcher.tellsOwnChanges()).isEqualTo(kind == Kind.INOTIFY);
    }

    @Test
    void shouldChooseTheBest() {
        final Watcher fanotify = FanotifyWatcher.start(posix, listener);
        if (fanotify != null) {
            fanotify.close();
        }
        watcher = Watcher.start(posix, listener);
        assertThat(watcher.name()).isEqualTo(fanotify == null ? "inotify" : "fanotify");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellCreation(final Kind kind) {
        startOnDirectory(kind);
        run("touch a; mkdir b; ln -s x c; mkfifo d; touch outside; ln ../outside/l e 2>/dev/null || touch e");
        awaitMarker();
        assertThat(listener.told()).contains("name 1 a", "name 1 b", "name 1 c", "name 1 d", "name 1 e");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellDeletion(final Kind kind) {
        run("touch a; mkdir b; ln -s x c");
        startOnDirectory(kind);
        run("rm a; rmdir b; rm c");
        awaitMarker();
        assertThat(listener.told()).contains("name 1 a", "name 1 b", "name 1 c").doesNotContain("ended 1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellBothNamesOfARenameWithin(final Kind kind) {
        run("touch a; mkdir b");
        startOnDirectory(kind);
        run("mv a c; mv b d");
        awaitMarker();
        assertThat(toldOf(1)).containsExactlyInAnyOrder("name 1 a", "name 1 c", "name 1 b", "name 1 d");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellRenamesInAndOut(final Kind kind) {
        run("touch a ../outside/b");
        startOnDirectory(kind);
        run("mv a ../outside/c; mv ../outside/b d");
        awaitMarker();
        assertThat(toldOf(1)).containsExactly("name 1 a", "name 1 d");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellARenameBetweenWatchedDirectoriesToBoth(final Kind kind) {
        run("touch a");
        startOnDirectory(kind);
        assertThat(watch(2, outside, true)).isZero();
        run("mv a ../outside/b");
        awaitMarker();
        assertThat(toldOf(1)).containsExactly("name 1 a");
        assertThat(toldOf(2)).containsExactly("name 2 b");
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWatchingADirectoryThatIsMoved(final Kind kind) {
        startOnDirectory(kind);
        run("mv ../watched ../outside/moved; touch a");
        awaitMarker();
        assertThat(listener.told()).contains("name 1 a").doesNotContain("ended 1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWatchingAFileThatIsMoved(final Kind kind) {
        run("touch a");
        start(kind);
        assertThat(watch(1, directory.resolve("a"), false)).isZero();
        run("mv a ../outside/b; echo x > ../outside/b");
        awaitMarker();
        assertThat(listener.told()).contains("changed 1").doesNotContain("ended 1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellChangesOfChildren(final Kind kind) {
        run("for i in write append truncate chmod times; do echo x > $i; done");
        startOnDirectory(kind);
        run("echo y > write; echo y >> append; truncate -s 0 truncate; chmod 600 chmod; touch -d 2001-01-01 times");
        awaitMarker();
        assertThat(toldOf(1))
                .contains("child 1 write", "child 1 append", "child 1 truncate", "child 1 chmod", "child 1 times")
                .noneMatch(line -> line.startsWith("name"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellChangesOfAWatchedFile(final Kind kind) {
        run("for i in 1 2 3 4 5; do echo x > $i; done");
        start(kind);
        for (int i = 1; i <= 5; i++) {
            assertThat(watch(i, directory.resolve(Integer.toString(i)), false)).isZero();
        }
        run("echo y > 1; echo y >> 2; truncate -s 0 3; chmod 600 4; touch -d 2001-01-01 5");
        awaitMarker();
        assertThat(listener.told()).contains("changed 1", "changed 2", "changed 3", "changed 4", "changed 5");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellChangesToTheFileAndToItsDirectory(final Kind kind) {
        run("echo x > a");
        startOnDirectory(kind);
        assertThat(watch(2, directory.resolve("a"), false)).isZero();
        run("echo y > a");
        awaitMarker();
        assertThat(listener.told()).contains("child 1 a", "changed 2");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellChangesOfTheDirectoryItself(final Kind kind) {
        startOnDirectory(kind);
        run("chmod 700 .; touch -d 2001-01-01 .");
        awaitMarker();
        assertThat(toldOf(1)).isNotEmpty().containsOnly("changed 1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellAttributesOfAChildDirectoryToItsOwnWatch(final Kind kind) {
        run("mkdir d");
        startOnDirectory(kind);
        assertThat(watch(2, directory.resolve("d"), true)).isZero();
        run("chmod 700 d");
        awaitMarker();
        assertThat(toldOf(2)).containsExactly("changed 2");
        // An event of fanotify names the child directory only.
        assertThat(listener.wasTold("child 1 d")).isEqualTo(kind == Kind.INOTIFY);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellAWriteThroughANameInAnotherDirectory(final Kind kind) {
        run("echo x > a; ln a ../outside/b");
        start(kind);
        assertThat(watch(1, directory.resolve("a"), false)).isZero();
        run("echo y > ../outside/b");
        awaitMarker();
        assertThat(listener.told()).contains("changed 1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellThatANameOfAWatchedFileWentAway(final Kind kind) {
        run("echo x > a; ln a b");
        start(kind);
        assertThat(watch(1, directory.resolve("a"), false)).isZero();
        run("rm b");
        awaitMarker();
        assertThat(toldOf(1)).containsExactly("changed 1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheEndOfAFile(final Kind kind) {
        run("echo x > a");
        start(kind);
        assertThat(watchByName(1, "a", false)).isZero();
        run("rm a");
        await().atMost(PATIENCE).until(() -> listener.wasTold("ended 1"));
        assertThat(toldOf(1)).startsWith("changed 1").endsWith("ended 1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheEndOfADirectory(final Kind kind) {
        run("mkdir a");
        start(kind);
        assertThat(watchByName(1, "a", true)).isZero();
        run("rmdir a");
        await().atMost(PATIENCE).until(() -> listener.wasTold("ended 1"));
        assertThat(toldOf(1)).startsWith("changed 1").endsWith("ended 1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheEndWhenThisProcessHeldTheObjectLast(final Kind kind) {
        run("mkdir a");
        start(kind);
        final int held = reference(directory.resolve("a"));
        assertThat(watcher.watch(1, held, posix.self(), true)).isZero();
        run("rmdir a");
        awaitMarker();
        assertThat(listener.wasTold("ended 1")).isFalse();
        descriptors.remove((Integer) held);
        posix.close(held);
        await().atMost(PATIENCE).until(() -> listener.wasTold("ended 1"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldFreeTheNumberOfAnEndedWatch(final Kind kind) {
        run("echo x > a; echo x > b");
        start(kind);
        assertThat(watchByName(1, "a", false)).isZero();
        run("rm a");
        await().atMost(PATIENCE).until(() -> listener.wasTold("ended 1"));
        assertThat(watchByName(1, "b", false)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellNoMoreAfterUnwatch(final Kind kind) {
        startOnDirectory(kind);
        watcher.unwatch(1, reference(directory), posix.self());
        run("touch a; chmod 700 .");
        awaitMarker();
        assertThat(toldOf(1)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldUnwatchByName(final Kind kind) {
        run("echo x > a");
        start(kind);
        assertThat(watchByName(1, "a", false)).isZero();
        withName("a", address -> {
            watcher.unwatch(1, reference(directory), address);
            return 0;
        });
        run("echo y > a");
        awaitMarker();
        assertThat(toldOf(1)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldUnwatchWhatCannotBeReached(final Kind kind) {
        startOnDirectory(kind);
        watcher.unwatch(1, -1, 0);
        run("touch a");
        awaitMarker();
        assertThat(toldOf(1)).isEmpty();

        assertThat(watch(2, directory, true)).isZero();
        run("touch b");
        awaitMarker();
        assertThat(listener.told()).contains("name 2 b");
        assertThat(toldOf(1)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepTheWatchOfAnotherObjectAtTheName(final Kind kind) {
        run("echo x > a; echo x > b");
        start(kind);
        assertThat(watchByName(1, "a", false)).isZero();
        assertThat(watchByName(2, "b", false)).isZero();
        run("mv a c; mv b a");
        withName("a", address -> {
            watcher.unwatch(1, reference(directory), address);
            return 0;
        });
        run("echo y > a; echo y > c");
        awaitMarker();
        assertThat(listener.told()).contains("changed 2");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseToWatchAnObjectTwice(final Kind kind) {
        run("echo x > a; ln a b");
        startOnDirectory(kind);
        assertThat(watch(2, directory, true)).isEqualTo(-Errno.EEXIST);
        assertThat(watchByName(3, "a", false)).isZero();
        assertThat(watchByName(4, "b", false)).isEqualTo(-Errno.EEXIST);
        run("touch c; echo y > b");
        awaitMarker();
        assertThat(listener.told()).contains("name 1 c", "changed 3").noneMatch(line -> line.matches(".* [24]( .*)?"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseANumberInUse(final Kind kind) {
        startOnDirectory(kind);
        assertThat(watch(1, outside, true)).isEqualTo(-Errno.EEXIST);
    }

    @ParameterizedTest
    @EnumSource
    void shouldWatchAgainAfterUnwatch(final Kind kind) {
        startOnDirectory(kind);
        for (int i = 2; i < 100; i++) {
            watcher.unwatch(i - 1, reference(directory), posix.self());
            assertThat(watch(i, directory, true)).isZero();
        }
        run("touch a");
        awaitMarker();
        assertThat(listener.told()).contains("name 99 a");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseAFileInPlaceOfADirectory(final Kind kind) {
        run("echo x > a; mkdir d; ln -s d l");
        start(kind);
        assertThat(watchByName(1, "a", true)).isEqualTo(-Errno.ENOTDIR);
        assertThat(watchByName(1, "l", true)).isEqualTo(-Errno.ENOTDIR);
        assertThat(watchByName(1, "absent", false)).isEqualTo(-Errno.ENOENT);
        assertThat(watchByName(1, "a", false)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseAFileSystemWhoseChangesAreNotTold(final Kind kind) {
        start(kind);
        assertThat(watch(1, Path.of("/proc/self"), true)).isEqualTo(-Errno.EOPNOTSUPP);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellNamesAsTheyAre(final Kind kind) {
        startOnDirectory(kind);
        run("touch \"$(printf 'a\\377\\200b')\" \"$(printf '%0255d' 0)\" x ' ' ... .b");
        awaitMarker();
        assertThat(listener.told())
                .contains("name 1 a\u00ff\u0080b", "name 1 " + "0".repeat(255), "name 1 x", "name 1  ", "name 1 ...")
                .contains("name 1 .b");
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellOwnChangesIfItSaysSo(final Kind kind) throws IOException {
        run("echo x > file");
        startOnDirectory(kind);
        assertThat(watchByName(2, "file", false)).isZero();
        Files.writeString(directory.resolve("file"), "own");
        Files.writeString(directory.resolve("made"), "own");
        Files.createDirectory(directory.resolve("d"));
        Files.move(directory.resolve("made"), directory.resolve("moved"));
        Files.delete(directory.resolve("moved"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        awaitMarker();
        if (watcher.tellsOwnChanges()) {
            assertThat(listener.told())
                    .contains("child 1 file", "changed 2", "name 1 made", "name 1 d", "name 1 moved", "changed 1");
        } else {
            assertThat(toldOf(1)).isEmpty();
            assertThat(toldOf(2)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheEndOfWhatThisProcessDeletes(final Kind kind) throws IOException {
        run("echo x > a");
        start(kind);
        assertThat(watchByName(1, "a", false)).isZero();
        Files.delete(directory.resolve("a"));
        await().atMost(PATIENCE).until(() -> listener.wasTold("ended 1"));
        assertThat(listener.wasTold("changed 1")).isEqualTo(watcher.tellsOwnChanges());
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheChangesOfOthersAmongOwn(final Kind kind) throws IOException {
        startOnDirectory(kind);
        final Process other = spawn("i=0; while [ $i -lt 500 ]; do : > f$i; i=$((i+1)); done");
        for (int i = 0; i < 500; i++) {
            Files.writeString(directory.resolve("own" + i), "own");
        }
        awaitEnd(other);
        awaitMarker();
        final List<String> expected =
                IntStream.range(0, 500).mapToObj(i -> "name 1 f" + i).collect(Collectors.toList());
        assertThat(toldOf(1)).containsAll(expected);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellABurstOrThatEventsWereLost(final Kind kind) {
        startOnDirectory(kind);
        run("i=0; while [ $i -lt " + BURST + " ]; do : > f$i; i=$((i+1)); done");
        await().atMost(PATIENCE).until(() -> listener.wasTold("lost") || listener.wasTold("name 1 f" + (BURST - 1)));
        if (!listener.wasTold("lost")) {
            assertThat(toldOf(1))
                    .containsAll(IntStream.range(0, BURST)
                            .mapToObj(i -> "name 1 f" + i)
                            .collect(Collectors.toList()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellThatEventsWereLostAndGoOn(final Kind kind) throws IOException {
        final int limit = queueLimit(kind);
        assumeTrue(limit <= 50_000, "The queue is so long that filling it takes too long");
        startOnDirectory(kind);
        listener.hold();
        final int files = limit + 5_000;
        run("i=0; while [ $i -lt " + files + " ]; do : > f$i; i=$((i+1)); done");
        listener.release();
        await().atMost(PATIENCE).until(() -> listener.wasTold("lost"));
        awaitMarker();
        assertThat(listener.wasTold("name 1 f" + (files - 1))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellIdenticalEventsOfOneReadOnce(final Kind kind) {
        run("echo x > a; echo x > b");
        startOnDirectory(kind);
        listener.hold();
        run("echo x >> b");
        await().atMost(PATIENCE).until(() -> listener.wasTold("child 1 b"));
        run("i=0; while [ $i -lt 1000 ]; do echo x >> a; i=$((i+1)); done");
        listener.release();
        awaitMarker();
        assertThat(toldOf(1)).filteredOn("child 1 a"::equals).hasSizeLessThan(10);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCloseWhileEventsFlow(final Kind kind) {
        startOnDirectory(kind);
        final Process other =
                spawn("i=0; while [ $i -lt 10000000 ]; do : > f$((i%100)); rm f$((i%100)); i=$((i+1)); done");
        await().atMost(PATIENCE).until(() -> toldOf(1).size() > 100);
        final long begin = System.nanoTime();
        watcher.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        final int told = listener.told().size();
        assertThat(other.isAlive()).isTrue();
        other.destroyForcibly();
        awaitEnd(other);
        assertThat(listener.told()).hasSize(told);
        assertThat(openQueues()).isZero();
        assertThat(watch(2, outside, true)).isEqualTo(-Errno.EBADF);
        watcher.unwatch(1, reference(directory), posix.self());
        watcher.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetTheListenerClose(final Kind kind) {
        final AtomicReference<Watcher> closing = new AtomicReference<>();
        final AtomicInteger calls = new AtomicInteger();
        watcher = kind.start(posix, new ForwardingListener() {
            @Override
            void told() {
                calls.incrementAndGet();
                closing.get().close();
            }
        });
        closing.set(watcher);
        assertThat(watch(1, directory, true)).isZero();
        run("touch a b c; chmod 700 .");
        await().atMost(PATIENCE).until(() -> openQueues() == 0);
        assertThat(calls).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheEndWhenTheListenerFails(final Kind kind) {
        watcher = kind.start(posix, new ForwardingListener() {
            @Override
            void told() {
                throw new IllegalStateException("as the case wants it");
            }

            @Override
            public void lost() {
                listener.lost();
            }

            @Override
            public void ended(final long watch) {
                listener.ended(watch);
            }
        });
        assertThat(watch(1, directory, true)).isZero();
        run("touch a");
        await().atMost(PATIENCE).until(() -> openQueues() == 0);
        assertThat(listener.told()).containsExactly("lost", "ended 1");
        assertThat(watch(2, outside, true)).isEqualTo(-Errno.EBADF);
    }

    /** All calls alike. */
    private abstract static class ForwardingListener implements Watcher.Listener {
        abstract void told();

        @Override
        public void nameChanged(final long watch, final byte[] name) {
            told();
        }

        @Override
        public void childChanged(final long watch, final byte[] name) {
            told();
        }

        @Override
        public void changed(final long watch) {
            told();
        }

        @Override
        public void directoryChanged(final long watch) {
            told();
        }

        @Override
        public void happened(final Change change) {
            told();
        }

        @Override
        public boolean isOwnThread(final int thread) {
            return false;
        }

        @Override
        public void lost() {
            told();
        }

        @Override
        public void ended(final long watch) {
            told();
        }
    }

    private void start(final Kind kind) {
        watcher = kind.start(posix, listener);
        assertThat(watcher).isNotNull();
        assertThat(watch(MARKER, markers, true)).isZero();
    }

    /** The directory has the number 1. */
    private void startOnDirectory(final Kind kind) {
        start(kind);
        assertThat(watch(1, directory, true)).isZero();
    }

    private int watch(final long number, final Path path, final boolean isDirectory) {
        return watcher.watch(number, reference(path), posix.self(), isDirectory);
    }

    private int watchByName(final long number, final String name, final boolean isDirectory) {
        final int parent = reference(directory);
        return withName(name, address -> watcher.watch(number, parent, address, isDirectory));
    }

    /** A descriptor of O_PATH, closed at the end of the case. A descriptor of a file delays the end of the object. */
    private int reference(final Path path) {
        final int descriptor =
                withName(path.toString(), address -> posix.openReference(posix.currentDirectory(), address));
        assertThat(descriptor).isNotNegative();
        descriptors.add(descriptor);
        return descriptor;
    }

    private static int withName(final String name, final LongToIntFunction action) {
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        final NativeBuffer memory = NativeBuffer.allocate(bytes.length + 1);
        memory.bytes().put(0, bytes);
        try {
            return action.applyAsInt(memory.address());
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** Runs a script in the watched directory to its end. */
    private void run(final String script) {
        assertThat(awaitEnd(spawn(script))).isZero();
    }

    private Process spawn(final String script) {
        try {
            final Process process = new ProcessBuilder("sh", "-c", script)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            processes.add(process);
            return process;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int awaitEnd(final Process process) {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until everything that happened before has been told: events come in order. */
    private void awaitMarker() {
        final int before = toldOf(MARKER).size();
        final Path marker = markers.resolve("marker");
        try {
            final Process process = new ProcessBuilder("mkdir", marker.toString()).start();
            processes.add(process);
            assertThat(awaitEnd(process)).isZero();
            await().atMost(PATIENCE).until(() -> toldOf(MARKER).size() > before);
            final Process removal = new ProcessBuilder("rmdir", marker.toString()).start();
            processes.add(removal);
            assertThat(awaitEnd(removal)).isZero();
            await().atMost(PATIENCE).until(() -> toldOf(MARKER).size() > before + 1);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(listener.told()).contains(MARKED);
    }

    /** Files of /proc/sys give what they hold to one read only, hence the buffer. */
    private static int queueLimit(final Kind kind) throws IOException {
        final String module = kind.name().toLowerCase(Locale.ROOT);
        try (BufferedReader reader = Files.newBufferedReader(Path.of("/proc/sys/fs", module, "max_queued_events"))) {
            return Integer.parseInt(reader.readLine());
        }
    }

    /** What was told of one watch. */
    private List<String> toldOf(final long watch) {
        return listener.told().stream()
                .filter(line -> line.equals("changed " + watch)
                        || line.equals("ended " + watch)
                        || line.equals("directory " + watch)
                        || line.startsWith("name " + watch + " ")
                        || line.startsWith("child " + watch + " "))
                .collect(Collectors.toList());
    }

    /** How many queues of fanotify and inotify this process holds open. */
    private static long openQueues() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(WatcherTest::isQueue).count();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isQueue(final Path descriptor) {
        try {
            final String target = Files.readSymbolicLink(descriptor).toString();
            return target.equals("anon_inode:[fanotify]")
                    || target.equals("anon_inode:inotify")
                    || target.equals("anon_inode:[inotify]");
        } catch (final IOException closedMeanwhile) {
            return false;
        }
    }
}
