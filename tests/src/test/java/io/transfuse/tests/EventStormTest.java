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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Storms of host changes while programs in the guest watch, and the injector dies: nothing hangs, and answers are right. */
class EventStormTest {
    private static final int DIRECTORIES = 8;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final Pattern RESTARTS = Pattern.compile("\"injectorRestarts\":(\\d+)");

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

    private void mount(final String options) throws IOException {
        server = Product.start("serve", "--listen", "unix:" + base + "/server", "--export", host.toString());
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
        final AtomicLong last = new AtomicLong();
        return List.of(
                new Loop("stat in the guest", () -> {
                    assertThat(Files.size(calm.resolve("stable"))).isEqualTo(6);
                    assertThat(Files.exists(calm.resolve("missing"))).isFalse();
                }),
                new Loop("read in the guest", () -> {
                    final long before = consistent ? finished.get() : last.get();
                    final long number = Long.parseLong(Files.readString(calm.resolve("number")));
                    assertThat(number).isGreaterThanOrEqualTo(before);
                    last.set(number);
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

    /** The process that makes events, if there is one. */
    private ProcessHandle injector() {
        return daemon.process()
                .descendants()
                .filter(handle -> Stream.of(handle.info().arguments().orElse(new String[0]))
                        .anyMatch(argument -> argument.endsWith(".Injector")))
                .findFirst()
                .orElse(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {":consistent,events=on", ":cached"})
    void shouldGoOnWhenTheInjectorIsKilledAgainAndAgain(final String options) throws Exception {
        mount(options);
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
        // A slow machine may add some that did not answer in time.
        assertThat(status(RESTARTS)).isGreaterThanOrEqualTo(killed.size());
        Files.writeString(host.resolve("d0/last"), "last");
        follower.await(guest.resolve("d0/last"));
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
}
