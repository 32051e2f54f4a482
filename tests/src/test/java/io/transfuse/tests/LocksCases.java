package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** BSD and POSIX locks between processes of the guest, two mounts, and the host. */
abstract class LocksCases {
    /** What is under test. */
    abstract Mounted mounted();

    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int UNLOCK = 2;

    private final List<Holder> holders = new ArrayList<>();

    /** A process that sets locks when told. */
    private static final class Holder {
        final Process process;
        private final BufferedReader in;
        private final OutputStream out;

        Holder(final Path file) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.transfuse.tests.LockHolder")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            out = process.getOutputStream();
            assertThat(tell("open " + file)).isEqualTo("0");
        }

        String tell(final String command) throws IOException {
            send(command);
            return answer();
        }

        void send(final String command) throws IOException {
            out.write((command + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        String answer() throws IOException {
            final String line = in.readLine();
            if (line == null) {
                throw new IOException("the lock holder has ended");
            }
            return line.substring(line.indexOf("= ") + 2);
        }

        String posix(final int type, final long start, final long length) throws IOException {
            return tell("posix " + Libc.F_SETLK + " " + type + " " + start + " " + length);
        }

        String flock(final int operation) throws IOException {
            return tell("flock " + operation);
        }

        /** Asks for a lock and waits for it in the process, not here. */
        CompletableFuture<String> later(final String command) throws IOException {
            send(command);
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return answer();
                } catch (final IOException e) {
                    return e.getMessage();
                }
            });
        }
    }

    private Holder holder(final Path directory) throws IOException {
        final Holder holder = new Holder(directory.resolve("file"));
        holders.add(holder);
        return holder;
    }

    @AfterEach
    void endHolders() throws InterruptedException {
        for (final Holder holder : holders) {
            holder.process.destroyForcibly().waitFor();
        }
    }

    /** The process is inside the system call that waits: nothing else tells that from "about to call". */
    private static void awaitBlocked(final Holder holder) {
        awaitBlocked(holder.process);
    }

    private static void awaitBlocked(final Process process) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> {
            try (var tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
                return tasks.anyMatch(task -> {
                    try {
                        return Files.readString(task.resolve("wchan")).contains("request_wait_answer")
                                || Files.readString(task.resolve("wchan")).contains("fuse");
                    } catch (final IOException gone) {
                        return false;
                    }
                });
            }
        });
    }

    private void shouldExclude(final Holder one, final Holder other) throws IOException {
        assertThat(one.posix(WRITE, 0, 10)).isEqualTo("0");
        assertThat(other.posix(READ, 5, 1)).isEqualTo("EAGAIN");
        assertThat(other.posix(WRITE, 10, 5)).isEqualTo("0");
        assertThat(one.posix(READ, 12, 1)).isEqualTo("EAGAIN");
        assertThat(one.posix(UNLOCK, 3, 4)).isEqualTo("0");
        assertThat(other.posix(WRITE, 4, 2)).isEqualTo("0");
        assertThat(other.posix(WRITE, 2, 2)).isEqualTo("EAGAIN");
        assertThat(one.posix(UNLOCK, 0, 0)).isEqualTo("0");
        assertThat(other.posix(WRITE, 0, 0)).isEqualTo("0");
        assertThat(one.posix(READ, 1L << 40, 1)).isEqualTo("EAGAIN");
        assertThat(other.tell("close")).isEqualTo("0");
        Awaitility.await().until(() -> one.posix(WRITE, 0, 0).equals("0"));
        assertThat(one.posix(UNLOCK, 0, 0)).isEqualTo("0");
    }

    private void shouldExcludeByFlock(final Holder one, final Holder other) throws IOException {
        assertThat(one.flock(Libc.LOCK_SH | Libc.LOCK_NB)).isEqualTo("0");
        assertThat(other.flock(Libc.LOCK_SH | Libc.LOCK_NB)).isEqualTo("0");
        assertThat(one.flock(Libc.LOCK_EX | Libc.LOCK_NB)).isEqualTo("EAGAIN");
        assertThat(other.flock(Libc.LOCK_UN)).isEqualTo("0");
        assertThat(one.flock(Libc.LOCK_EX | Libc.LOCK_NB)).isEqualTo("0");
        assertThat(other.flock(Libc.LOCK_SH | Libc.LOCK_NB)).isEqualTo("EAGAIN");
        one.tell("close");
        // RELEASE is not waited for by close(2).
        Awaitility.await().until(() -> other.flock(Libc.LOCK_EX | Libc.LOCK_NB).equals("0"));
    }

    @Test
    void shouldHoldPosixLocksBetweenProcessesOfTheGuest() throws Exception {
        shouldExclude(holder(mounted().guest()), holder(mounted().guest()));
    }

    @Test
    void shouldHoldPosixLocksAgainstTheHost() throws Exception {
        shouldExclude(holder(mounted().guest()), holder(mounted().host()));
    }

    @Test
    void shouldHoldPosixLocksOfTheHostAgainstTheGuest() throws Exception {
        shouldExclude(holder(mounted().host()), holder(mounted().guest()));
    }

    @Test
    void shouldHoldFlocksBetweenProcessesOfTheGuest() throws Exception {
        shouldExcludeByFlock(holder(mounted().guest()), holder(mounted().guest()));
    }

    @Test
    void shouldHoldFlocksAgainstTheHost() throws Exception {
        shouldExcludeByFlock(holder(mounted().guest()), holder(mounted().host()));
    }

    /** FM#7004: {@code flock(LOCK_EX)} was held by two processes at once, through two mounts of one directory. */
    @Test
    void shouldHoldLocksBetweenTwoMounts() throws Exception {
        final Path second = Files.createTempDirectory("transfuse-second-").toRealPath();
        try (Product other = Product.mount(mounted().host() + ":" + second + ":consistent")) {
            other.await("is mounted");
            shouldExclude(holder(mounted().guest()), holder(second));
            shouldExcludeByFlock(holder(mounted().guest()), holder(second));
            endHolders();
        } finally {
            Files.deleteIfExists(second);
        }
    }

    @Test
    void shouldTellTheHolder() throws Exception {
        final Holder one = holder(mounted().guest());
        final Holder other = holder(mounted().guest());
        one.posix(WRITE, 0, 10);
        assertThat(other.tell("posix " + Libc.F_GETLK + " " + WRITE + " 0 0"))
                .isEqualTo(Long.toString(one.process.pid()));
        assertThat(other.tell("posix " + Libc.F_GETLK + " " + WRITE + " 10 0")).isEqualTo("0");
    }

    @Test
    void shouldWaitForAPosixLockOfAnotherProcess() throws Exception {
        final Holder one = holder(mounted().guest());
        final Holder other = holder(mounted().guest());
        one.posix(WRITE, 0, 0);
        final CompletableFuture<String> waiting = other.later("posix " + Libc.F_SETLKW + " " + WRITE + " 0 0");
        awaitBlocked(other);
        assertThat(waiting).isNotDone();
        one.posix(UNLOCK, 0, 0);
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("0");
        assertThat(one.posix(READ, 0, 0)).isEqualTo("EAGAIN");
    }

    @Test
    void shouldWaitForALockOfTheHost() throws Exception {
        final Holder one = holder(mounted().host());
        final Holder other = holder(mounted().guest());
        one.flock(Libc.LOCK_EX);
        final CompletableFuture<String> waiting = other.later("flock " + Libc.LOCK_EX);
        awaitBlocked(other);
        one.flock(Libc.LOCK_UN);
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("0");
    }

    @Test
    void shouldNotOccupyLanesWhileLocksWait() throws Exception {
        final Holder one = holder(mounted().guest());
        one.posix(WRITE, 0, 0);
        final List<CompletableFuture<String>> waiting = new ArrayList<>();
        // More than there are lanes at the most.
        for (int i = 0; i < 20; i++) {
            final Holder other = holder(mounted().guest());
            waiting.add(other.later("posix " + Libc.F_SETLKW + " " + READ + " 0 0"));
            awaitBlocked(other);
        }
        Files.writeString(mounted().guest().resolve("alive"), "yes");
        assertThat(Files.readString(mounted().guest().resolve("alive"))).isEqualTo("yes");
        one.posix(UNLOCK, 0, 0);
        for (final CompletableFuture<String> answer : waiting) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("0");
        }
    }

    /** The host takes 128 lanes of a mount. Those that waited then all read, beside each other. */
    @Test
    void shouldServeOnWhileMoreLocksWaitThanThereCanBeLanes() throws Exception {
        final Path file = mounted().guest().resolve("file");
        Files.writeString(mounted().guest().resolve("content"), "content");
        final Holder one = holder(mounted().guest());
        one.flock(Libc.LOCK_EX);
        final List<Process> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 140; i++) {
                final Process process = new ProcessBuilder("flock", "--shared", file.toString(), "cat", "content")
                        .directory(mounted().guest().toFile())
                        .start();
                waiting.add(process);
                awaitBlocked(process);
            }
            assertThat(Files.readString(mounted().guest().resolve("content"))).isEqualTo("content");
            one.flock(Libc.LOCK_UN);
            for (final Process process : waiting) {
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
                assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("content");
            }
        } finally {
            waiting.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void shouldEndAWaitWhenItsCallerIsKilled() throws Exception {
        final Holder one = holder(mounted().guest());
        final Holder other = holder(mounted().guest());
        final Holder third = holder(mounted().guest());
        one.posix(WRITE, 0, 0);
        other.send("posix " + Libc.F_SETLKW + " " + WRITE + " 0 0");
        awaitBlocked(other);
        other.process.destroyForcibly();
        assertThat(other.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        one.posix(UNLOCK, 0, 0);
        // The killed one neither gets nor keeps it.
        Awaitility.await().until(() -> third.posix(WRITE, 0, 0).equals("0"));
    }

    @Test
    void shouldRefuseDeadlocks() throws Exception {
        final Holder one = holder(mounted().guest());
        final Holder other = holder(mounted().guest());
        assertThat(one.posix(WRITE, 0, 1)).isEqualTo("0");
        assertThat(other.posix(WRITE, 1, 1)).isEqualTo("0");
        final CompletableFuture<String> waiting = other.later("posix " + Libc.F_SETLKW + " " + WRITE + " 0 1");
        awaitBlocked(other);
        assertThat(one.tell("posix " + Libc.F_SETLKW + " " + WRITE + " 1 1")).isEqualTo("EDEADLK");
        one.posix(UNLOCK, 0, 0);
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("0");
    }

    @Test
    void shouldGiveUpTheLocksOfAProcessThatEnds() throws Exception {
        final Holder one = holder(mounted().guest());
        final Holder other = holder(mounted().host());
        one.posix(WRITE, 0, 0);
        one.flock(Libc.LOCK_EX);
        one.process.destroyForcibly().waitFor();
        Awaitility.await().until(() -> other.posix(WRITE, 0, 0).equals("0"));
        Awaitility.await().until(() -> other.flock(Libc.LOCK_EX | Libc.LOCK_NB).equals("0"));
    }
}
