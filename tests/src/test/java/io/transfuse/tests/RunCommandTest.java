package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code transfuse run}: what it gives its command, how it ends and what it leaves. */
class RunCommandTest {
    private Path base;
    private Path host;
    private Path guest;

    @BeforeEach
    void setUp() throws IOException {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        guest = base.resolve("guest");
        Files.writeString(host.resolve("file"), "content");
    }

    @AfterEach
    void tearDown() throws IOException {
        assertNothingIsLeft();
        Mounted.delete(base);
    }

    private void assertNothingIsLeft() throws IOException {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(Product.isMounted(guest)).as("mounted").isFalse();
            assertThat(processesThatName(base)).isEmpty();
            assertThat(guest).doesNotExist();
        });
    }

    private static List<String> processesThatName(final Path path) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(path.toString()))
                .collect(Collectors.toList());
    }

    private static List<Path> sockets() throws IOException {
        try (var list = Files.list(Path.of("/tmp"))) {
            return list.filter(path -> Files.exists(path.resolve("host.sock"))).collect(Collectors.toList());
        }
    }

    private Commands.Result run(final String... command) {
        return runWith(List.of(), command);
    }

    private Commands.Result runWith(final List<String> options, final String... command) {
        final List<String> arguments = new ArrayList<>(List.of("run", "-v", host + ":" + guest + ":consistent"));
        arguments.addAll(options);
        arguments.add("--");
        arguments.addAll(List.of(command));
        return Product.run(arguments.toArray(String[]::new));
    }

    @Test
    void shouldAskForIdleProcessorsThatPollUnlessTheyAreToSleep() {
        final Path device = Path.of("/dev/cpu_dma_latency");
        Assumptions.assumeTrue(Files.isWritable(device));
        final String[] openFiles = {"sh", "-c", "readlink /proc/$PPID/fd/*"};

        assertThat(run(openFiles).output()).contains(device.toString());
        assertThat(runWith(List.of("--idle-processors", "sleep"), openFiles).output())
                .contains("/dev/fuse")
                .doesNotContain(device.toString());
    }

    @Test
    void shouldShowTheMountAndReturnTheExitCode() {
        final Commands.Result result = run("sh", "-c", "cat " + guest + "/file; exit 42");
        assertThat(result.exitCode()).isEqualTo(42);
        assertThat(result.output())
                .contains(host + " is mounted at " + guest + " (consistent)")
                .contains("content");
    }

    @Test
    void shouldTellByItsExitCodeThatACommandIsMissingOrNotExecutable() {
        final Commands.Result missing = run("no-such-command");
        assertThat(missing.exitCode()).isEqualTo(127);
        assertThat(missing.output()).contains("transfuse: the command 'no-such-command' was not found");
        final Commands.Result notExecutable = run(host.resolve("file").toString());
        assertThat(notExecutable.exitCode()).isEqualTo(126);
    }

    @Test
    void shouldReturnTheCodeOfACommandEndedByASignal() {
        assertThat(run("sh", "-c", "kill -KILL $$").exitCode()).isEqualTo(128 + 9);
    }

    @Test
    void shouldForwardSignalsAndCleanUp() throws Exception {
        for (final String signal : List.of("TERM", "INT", "HUP")) {
            try (Product product = Product.start(
                    "run",
                    "-v",
                    host + ":" + guest,
                    "--",
                    "sh",
                    "-c",
                    "trap 'echo got " + signal + "; exit 9' " + signal + "; echo ready; while :; do sleep 0.1; done")) {
                product.await("ready");
                Commands.shell(base, "kill -" + signal + " " + product.process().pid());
                assertThat(product.awaitEnd()).as(product.output()).isEqualTo(9);
                assertThat(product.output()).contains("got " + signal);
            }
            assertNothingIsLeft();
        }
    }

    @Test
    void shouldLeaveNothingWhenItIsKilled() throws Exception {
        final List<Path> before = sockets();
        try (Product product =
                Product.start("run", "-v", host + ":" + guest, "--", "sh", "-c", "echo ready; exec sleep 1000")) {
            product.await("ready");
            product.process().destroyForcibly().waitFor();
        }
        assertNothingIsLeft();
        Awaitility.await().untilAsserted(() -> assertThat(sockets()).isEqualTo(before));
    }

    @Test
    void shouldCleanUpThoughAProcessStaysInTheMount() throws Exception {
        final Path flag = base.resolve("flag");
        final Commands.Result result = run(
                "sh",
                "-c",
                "cd " + guest + "; (while [ ! -e " + flag + " ]; do sleep 0.05; done) > /dev/null 2>&1 & exit 3");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(Product.isMounted(guest)).isFalse();
        Files.createFile(flag);
    }

    @Test
    void shouldMountASingleFile() {
        final Path file = base.resolve("guest");
        final Commands.Result result = Product.run(
                "run",
                "-v",
                host.resolve("file") + ":" + file,
                "--",
                "sh",
                "-ec",
                "cat " + file + "; echo; stat -c %F " + file + "; echo more >> " + file + "; mv " + host + "/file "
                        + host + "/old; echo replaced > " + host + "/file; cat " + file);
        assertThat(result.output()).contains("content").contains("regular file").contains("replaced");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void shouldRefuseChangesOfAReadOnlyMount() throws Exception {
        final Commands.Result result = Product.run(
                "run",
                "-v",
                host + ":" + guest + ":consistent,ro",
                "--",
                "sh",
                "-c",
                "cat " + guest + "/file; touch " + guest + "/new; rm " + guest + "/file; mkdir " + guest + "/d;"
                        + " echo x > " + guest + "/file");
        assertThat(result.output())
                .contains("content")
                .contains("Read-only file system")
                .contains("read-only)");
        assertThat(Files.readString(host.resolve("file"))).isEqualTo("content");
        assertThat(host.resolve("new")).doesNotExist();
    }

    @Test
    void shouldMakeSeveralMounts() throws Exception {
        final Path second = Files.createDirectory(base.resolve("second"));
        final Commands.Result result = Product.run(
                "run",
                "-v",
                host + ":" + guest,
                "-v",
                host + ":" + second + ":cached",
                "--",
                "sh",
                "-ec",
                "echo one > " + guest + "/x; cat " + second + "/x; rm " + second + "/x; ls " + guest);
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("cached, as consistent").contains("one\nfile");
        assertThat(second).isEmptyDirectory();
    }
}
