package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Storms of host changes while programs in the guest watch: nothing hangs, memory is bounded, nothing is missed. */
class EventStormTest {
    private static final int DIRECTORIES = 8;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final Pattern RESIDENT = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern WAITING = Pattern.compile("\"waiting\":(\\d+)");
    private static final Pattern RESTARTS = Pattern.compile("\"injectorRestarts\":(\\d+)");

    /** The heaps have 256 MiB at most; this is them, with code, threads and the memory of lanes. */
    private static final long RESIDENT_KIB_MAX = 640 << 10;

    /** Events that may be under way to the guest. */
    private static final int WAITING_MAX = 8_192;

    private final List<Loop> loops = new ArrayList<>();
    private Path base;
    private Path host;
    private Path guest;
    private Product server;
    private Product daemon;
    private Follower follower;

    @BeforeEach
    void makeDirectories() throws IOException {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        guest = Files.createDirectory(base.resolve("guest"));
        for (int i = 0; i < DIRECTORIES; i++) {
            Files.createDirectory(host.resolve("d" + i));
        }
        Files.createDirectory(host.resolve("calm"));
        Files.writeString(host.resolve("calm/stable"), "stable");
        Files.writeString(host.resolve("calm/number"), "0");
    }

    @AfterEach
    void end() throws IOException {
        try {
            loops.forEach(Loop::end);
            if (follower != null) {
                follower.close();
            }
        } finally {
            if (daemon != null) {
                daemon.close();
            }
            if (server != null) {
                server.close();
            }
            assertThat(Product.isMounted(guest)).isFalse();
            Commands.shell(Path.of("/"), "rm -rf --one-file-system '" + base + "'");
        }
    }

    private void mount(final String options, final String watcher) throws IOException {
        final List<String> serve =
                Product.command("serve", "--listen", "unix:" + base + "/server", "--export", host.toString());
        serve.add(1, "-Dio.transfuse.host.watcher=" + watcher);
        server = Product.start(serve);
        server.await("Serving");
        daemon = Product.start("daemon", "--connect", "unix:" + base + "/server", "--control", base + "/control");
        daemon.await("Mounting");
        product("mount", "-v", host + ":" + guest + options);
    }

    private void product(final String... arguments) {
        final List<String> command = Product.command(arguments);
        command.addAll(List.of("--control", base + "/control"));
        final Commands.Result result = Commands.run(base, command);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    private void follow() throws IOException {
        final List<Path> watched = new ArrayList<>();
        for (int i = 0; i < DIRECTORIES; i++) {
            watched.add(guest.resolve("d" + i));
        }
        follower = Follower.start(base, watched);
    }

    private long status(final Pattern number) throws IOException {
        final Matcher matcher = number.matcher(
                new Control(base.resolve("control")).get("/v1/status").body());
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static long peakKib(final Product product) throws IOException {
        final Matcher matcher = RESIDENT.matcher(
                Files.readString(Path.of("/proc/" + product.process().pid() + "/status")));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static ConditionFactory await(final String what) {
        return Awaitility.await(what).atMost(120, TimeUnit.SECONDS).pollInterval(5, TimeUnit.MILLISECONDS);
    }

    private interface Work {
        void turn() throws Exception;
    }

    /** Does something again and again until it fails or is told to end. */
    private final class Loop implements Runnable {
        private final Work work;
        private final Thread thread;
        private final AtomicLong turns = new AtomicLong();
        private final AtomicBoolean ending = new AtomicBoolean();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Loop(final String name, final Work work) {
            this.work = work;
            this.thread = new Thread(this, name);
            thread.setDaemon(true);
            thread.start();
            loops.add(this);
        }

        @Override
        public void run() {
            try {
                while (!ending.get()) {
                    work.turn();
                    turns.incrementAndGet();
                    // Leaves the processors to what is tested.
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (final Exception | AssertionError e) {
                failure.set(e);
            }
        }

        void check() {
            if (failure.get() != null) {
                throw new AssertionError(thread.getName() + ": " + failure.get(), failure.get());
            }
        }

        /** Waits until it has done this much more. */
        void awaitTurns(final long more) {
            final long wanted = turns.get() + more;
            await(thread.getName() + " goes on").until(() -> {
                check();
                return turns.get() >= wanted;
            });
        }

        void end() {
            ending.set(true);
            try {
                thread.join(TimeUnit.SECONDS.toMillis(60));
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(thread.isAlive()).as(thread.getName() + " ends").isFalse();
        }
    }

    /** What programs in the guest do meanwhile; its answers are always right. */
    private List<Loop> users(final AtomicLong finished, final boolean consistent) {
        final Path calm = guest.resolve("calm");
        return List.of(
                new Loop("stat in the guest", () -> {
                    assertThat(Files.size(calm.resolve("stable"))).isEqualTo(6);
                    assertThat(Files.exists(calm.resolve("missing"))).isFalse();
                }),
                new Loop("read in the guest", () -> {
                    final long before = finished.get();
                    final long number = Long.parseLong(Files.readString(calm.resolve("number")));
                    // A cached mount may answer with what was there before for a moment, but never with anything else.
                    assertThat(number).isBetween(consistent ? before : 0, finished.get() + 1);
                    assertThat(calm.resolve("stable")).hasContent("stable");
                }),
                new Loop("ls in the guest", () -> {
                    assertThat(calm.toFile().list()).contains("stable", "number");
                    try (Stream<Path> list = Files.list(guest)) {
                        assertThat(list).contains(calm, guest.resolve("d0"), guest.resolve("d7"));
                    }
                }));
    }

    /** The host changes what it holds; one file is replaced by a greater number each time. */
    private Loop storm(final AtomicLong finished) {
        return new Loop("the storm", () -> {
            final long turn = finished.get() + 1;
            final Path directory = host.resolve("d" + turn % DIRECTORIES);
            final Path file = directory.resolve("f" + turn % 20);
            Files.writeString(file, "turn " + turn);
            Files.move(file, directory.resolve("g" + turn % 30), StandardCopyOption.ATOMIC_MOVE);
            Files.createDirectory(directory.resolve("s" + turn));
            Files.delete(directory.resolve("s" + turn));
            Files.writeString(host.resolve("new-number"), Long.toString(turn));
            Files.move(host.resolve("new-number"), host.resolve("calm/number"), StandardCopyOption.ATOMIC_MOVE);
            finished.set(turn);
        });
    }

    /** The process that makes events, if there is one. Its command line is longer than ProcessHandle.Info takes. */
    private ProcessHandle injector() {
        return daemon.process()
                .descendants()
                .filter(handle -> commandLine(handle).endsWith(".Injector\0"))
                .findFirst()
                .orElse(null);
    }

    private static String commandLine(final ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"));
        } catch (final IOException e) {
            // It has just ended.
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {":consistent", ":cached"})
    void shouldGoOnWhenTheInjectorIsKilledAgainAndAgain(final String options) throws Exception {
        mount(options, "fanotify");
        follow();
        final AtomicLong finished = new AtomicLong();
        final List<Loop> users = users(finished, options.startsWith(":consistent"));
        final Loop storm = storm(finished);
        final Set<Long> killed = new TreeSet<>();
        for (int i = 0; i < 25; i++) {
            final long told = follower.events();
            // In the middle of its work, each time at another point of it.
            final long more = 1L + i * 37 % 200;
            await("events by a new injector").until(() -> {
                storm.check();
                return follower.events() >= told + more && injector() != null;
            });
            final ProcessHandle injector = injector();
            if (injector != null && killed.add(injector.pid())) {
                injector.destroyForcibly();
                await("its end").until(() -> !injector.isAlive());
            }
            users.forEach(user -> user.awaitTurns(1));
        }
        storm.end();
        assertThat(killed).hasSize(25);
        assertThat(status(RESTARTS)).isEqualTo(killed.size());
        Files.writeString(host.resolve("d0/last"), "last");
        follower.await(guest.resolve("d0/last"));
        assertThat(guest.resolve("calm/number")).hasContent(Long.toString(finished.get()));
        users.forEach(Loop::end);
        users.forEach(Loop::check);
        follower.close();
        final ProcessHandle last = injector();
        product("umount", guest.toString());
        daemon.process().destroy();
        daemon.awaitEnd();
        await("nothing is left").until(() -> last == null || !last.isAlive());
        assertThat(daemon.output())
                .contains("has ended and is started anew for the next event")
                .doesNotContain("ERROR")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource({
        "':cached', fanotify, 0, 100000",
        "':consistent', fanotify, 1000, 20000",
        "':cached', inotify, 1000, 20000"
    })
    void shouldMissNothingOfABurst(final String options, final String watcher, final int limit, final int changes)
            throws Exception {
        if (limit == 0) {
            mount(options, watcher);
            follow();
        } else {
            Assumptions.assumeTrue(QueueLimits.canBeSet(), "the queues of events cannot be made short here");
            try (QueueLimits limits = QueueLimits.set(limit)) {
                assertThat(limits).isNotNull();
                mount(options, watcher);
            }
            follow();
        }
        final List<Loop> users = users(new AtomicLong(), false);
        users.forEach(user -> user.awaitTurns(1));
        final AtomicBoolean over = new AtomicBoolean();
        final Loop burst = new Loop("the burst", () -> {
            if (!over.getAndSet(true)) {
                if (limit == 0) {
                    burst(changes);
                } else {
                    whileTheServerSleeps(() -> burst(changes));
                }
            }
        });
        await("the burst").atMost(240, TimeUnit.SECONDS).until(() -> {
            burst.check();
            assertThat(status(WAITING)).isLessThanOrEqualTo(WAITING_MAX);
            return burst.turns.get() > 0;
        });
        burst.end();
        burst.check();
        users.forEach(user -> user.awaitTurns(10));
        Files.createFile(host.resolve("d0/last"));
        follower.await(guest.resolve("d0/last"));
        await("the follower knows what is there").untilAsserted(() -> {
            final Set<String> known = follower.names();
            final Set<String> there = there();
            assertThat(known.stream().filter(name -> !there.contains(name)).limit(10))
                    .as("what is not there")
                    .isEmpty();
            assertThat(there.stream().filter(name -> !known.contains(name)).limit(10))
                    .as("what is not known")
                    .isEmpty();
        });
        users.forEach(user -> user.awaitTurns(10));
        users.forEach(Loop::end);
        users.forEach(Loop::check);

        final String log = server.output() + daemon.output();
        final long lost = log.lines()
                .filter(line ->
                        line.contains("queue of changes overflowed") || line.contains("changes wait to be told"))
                .count();
        if (limit != 0) {
            assertThat(lost).isPositive();
        }
        assertThat(peakKib(daemon)).isLessThan(RESIDENT_KIB_MAX);
        assertThat(peakKib(server)).isLessThan(RESIDENT_KIB_MAX);
        assertThat(log).doesNotContain("ERROR").doesNotContain("Exception");
    }

    /** Nobody reads the kernel's queue meanwhile, so that it overflows. */
    private void whileTheServerSleeps(final Work work) throws Exception {
        server.signal("STOP");
        try {
            work.turn();
        } finally {
            server.signal("CONT");
        }
    }

    /** So many changes, one after the other, as fast as they go: files made, renamed, and some of them removed. */
    private void burst(final int changes) throws IOException {
        int file = 0;
        for (int done = 0; done < changes; file++) {
            final Path directory = host.resolve("d" + file % DIRECTORIES);
            final Path made = directory.resolve("f" + file);
            Files.createFile(made);
            Files.move(made, directory.resolve("g" + file));
            done += 2;
            if (file % 4 != 0) {
                Files.delete(directory.resolve("g" + file));
                done++;
            }
        }
    }

    /** What the guest is to know of. */
    private Set<String> there() {
        final Set<String> there = new TreeSet<>();
        for (int i = 0; i < DIRECTORIES; i++) {
            for (final String name : host.resolve("d" + i).toFile().list()) {
                there.add(guest.resolve("d" + i).resolve(name).toString());
            }
        }
        return there;
    }
}
