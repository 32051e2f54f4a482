package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A real Docker engine behind the front, with Debian's docker and docker-compose as clients. Host and guest are one machine
 * here: that a container has a file through the product shows its type of file system.
 */
class DockerTest {
    private static final Path PLUGIN = Path.of("/run/docker/plugins/transfuse.sock");

    private static final long MOST_SECONDS = 90;

    private static Path base;
    private static final List<Path> MADE = new ArrayList<>();
    private static DockerEngine engine;
    private static Product server;
    private static Product daemon;

    @BeforeAll
    static void setUp() throws Exception {
        final String missing = DockerEngine.missing();
        assertThat(missing == null || System.getenv("CI") == null)
                .as("in CI nothing is skipped: " + missing)
                .isTrue();
        assumeTrue(missing == null, () -> "skipped: all of the Docker engine, because " + missing);
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        make(Path.of("/Users/yallop/project"));
        make(Path.of("/host/another-path"));
        engine = DockerEngine.start(base.resolve("docker"));
        engine.importImage(
                "alpine",
                Map.of(
                        "command",
                        "grep -c fuse.transfuse /proc/mounts; cat /project/file; [ ! -d /mount ] || cat /mount/another-point/file",
                        "reload",
                        "inotify /project | while read -r event; do case \"$event\" in (watching) echo \"$event\";;"
                                + " (*'CLOSE_WRITE app' | *'MOVED_TO app') echo \"reload $(cat /project/app)\";;"
                                + " esac; done"),
                List.of(Commands.compile("inotify", base)));
        server = Product.start(
                "serve", "--listen", "unix:" + base + "/server", "--export", "/Users/yallop", "--export", "/host");
        server.await("Serving");
        startDaemon();
    }

    /** A directory of the host, with a file; what of it was not there is taken away again. */
    private static void make(final Path directory) throws IOException {
        Path top = directory;
        while (!Files.exists(top.getParent())) {
            top = top.getParent();
        }
        assertThat(Files.exists(directory)).as(directory + " is not the test's").isFalse();
        MADE.add(top);
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("file"), "content of " + directory.getFileName() + "\n");
    }

    private static void startDaemon() throws IOException {
        daemon = Product.start(
                "daemon",
                "--connect",
                "unix:" + base + "/server",
                "--control",
                base + "/control",
                "--docker-listen",
                "unix:" + base + "/front",
                "--docker-engine",
                "unix:" + engine.socket(),
                "--docker-namespace",
                "/Users",
                "--docker-namespace",
                "/host",
                "--docker-root",
                base + "/mounts",
                "--docker-plugin",
                "unix:" + PLUGIN);
        daemon.await("Mounting");
        daemon.await("Following the Docker engine");
    }

    private static ConditionFactory await(final String what) {
        return Awaitility.await(what).atMost(MOST_SECONDS, TimeUnit.SECONDS);
    }

    @AfterAll
    static void tearDown() throws IOException {
        try {
            if (engine != null) {
                engine.close();
            }
            if (daemon != null) {
                daemon.close();
            }
            if (server != null) {
                server.close();
            }
        } finally {
            for (final Path top : MADE) {
                Commands.shell(Path.of("/"), "rm -rf --one-file-system '" + top + "'");
            }
            if (base != null) {
                Commands.shell(Path.of("/"), "rm -rf --one-file-system '" + base + "'");
            }
        }
    }

    @AfterEach
    void shouldHaveReleasedEverything() {
        final Commands.Result left = docker("ps", "-aq");
        for (final String id : left.output().split("\n")) {
            if (!id.isEmpty()) {
                docker("rm", "-f", id);
            }
        }
        await("the mounts of containers are given up").until(() -> status().contains("\"mounts\":[]"));
        assertThat(daemon.output()).doesNotContain("ERROR").doesNotContain("Exception");
    }

    private static String status() {
        try {
            return new Control(base.resolve("control")).get("/v1/status").body();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> client(final String... arguments) {
        return DockerEngine.command(base.resolve("front"), arguments);
    }

    private static Commands.Result docker(final String... arguments) {
        return Commands.run(base, client(arguments));
    }

    private static String succeeds(final String... arguments) {
        final Commands.Result result = docker(arguments);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    /** The announcement's two commands. */
    @Test
    void shouldRunTheCommandsOfTheAnnouncement() {
        final String first = "run -v /Users/yallop/project:/project:cached alpine command";
        assertThat(succeeds(first.split(" "))).isEqualTo("1\ncontent of project\n");
        final String second = "run -v /Users/yallop/project:/project:cached"
                + " -v /host/another-path:/mount/another-point:consistent alpine command";
        assertThat(succeeds(second.split(" "))).isEqualTo("2\ncontent of project\ncontent of another-path\n");
    }

    @Test
    void shouldShowInTheStatusAndInInspectWhatTheUserAskedFor() {
        final String id = succeeds(
                        "run",
                        "-d",
                        "-v",
                        "/Users/yallop/project:/project:cached,ro",
                        "--mount",
                        "type=bind,source=/host/another-path/file,target=/file,consistency=delegated",
                        "-v",
                        "/etc/hostname:/hostname:ro",
                        "alpine",
                        "sleep",
                        "600")
                .strip();
        assertThat(status())
                .contains("\"hostPath\":\"/Users/yallop/project\"")
                .contains("\"mode\":\"cached\"")
                .contains("\"hostPath\":\"/host/another-path/file\"")
                .contains("\"mode\":\"delegated\"")
                .contains("\"askers\":[\"docker/" + id + "\"]")
                .doesNotContain("hostname");
        final String inspected = succeeds("inspect", id);
        assertThat(inspected)
                .contains("\"/Users/yallop/project:/project:cached,ro\"")
                .contains("\"Source\": \"/Users/yallop/project\"")
                .contains("\"Source\": \"/host/another-path/file\"")
                .contains("\"Source\": \"/etc/hostname\"")
                .doesNotContain(base.toString() + "/mounts");
        assertThat(succeeds("ps", "--no-trunc", "--format", "{{.Mounts}}"))
                .contains("/Users/yallop/project")
                .doesNotContain(base.toString() + "/mounts");
        // The engine itself has the places.
        assertThat(Commands.run(base, DockerEngine.command(engine.socket(), "inspect", id))
                        .output())
                .contains(base + "/mounts/cached/Users/yallop/project/@:/project:cached,ro")
                .contains(base + "/mounts/delegated/host/another-path/file/@");
        assertThat(docker("exec", id, "sh", "-c", "echo x > /project/new").exitCode())
                .isNotZero();
        assertThat(succeeds("exec", id, "cat", "/file")).isEqualTo("content of another-path\n");
    }

    @Test
    void shouldPassExecLogsAndAttachWithTheirStreams() throws Exception {
        final String id = succeeds(
                        "create",
                        "-i",
                        "-v",
                        "/Users/yallop/project:/project:cached",
                        "alpine",
                        "sh",
                        "-c",
                        "while read line; do echo \"got $line\" | tee -a /project/log; done; echo end")
                .strip();
        succeeds("start", id);
        final Path logFile = base.resolve("logs");
        final Process logs = new ProcessBuilder(client("logs", "-f", id))
                .redirectErrorStream(true)
                .redirectOutput(logFile.toFile())
                .start();
        try {
            final Path attached = base.resolve("attached");
            final Process attach = new ProcessBuilder(client("attach", id))
                    .redirectErrorStream(true)
                    .redirectOutput(attached.toFile())
                    .start();
            try (OutputStream in = attach.getOutputStream()) {
                in.write("one\n".getBytes(StandardCharsets.US_ASCII));
                in.flush();
                await("the first line").until(() -> Files.readString(logFile).contains("got one"));
                assertThat(succeeds("exec", id, "cat", "/project/log")).isEqualTo("got one\n");
                in.write("two\n".getBytes(StandardCharsets.US_ASCII));
            }
            // The end of the client's direction reaches the container, whose last words reach the client.
            assertThat(attach.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(logs.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(attached)).isEqualTo("got one\ngot two\nend\n");
            assertThat(Files.readString(logFile)).isEqualTo("got one\ngot two\nend\n");
            assertThat(Files.readString(Path.of("/Users/yallop/project/log"))).isEqualTo("got one\ngot two\n");
        } finally {
            logs.destroy();
            Files.deleteIfExists(Path.of("/Users/yallop/project/log"));
        }
        assertThat(Commands.run(
                                base,
                                "sh",
                                "-c",
                                "head -c 20000000 /dev/zero | "
                                        + String.join(" ", client("run", "--rm", "-i", "alpine", "wc", "-c")))
                        .output())
                .isEqualTo("20000000\n");
        assertThat(succeeds("run", "--rm", "alpine", "head", "-c", "3000000", "/dev/zero"))
                .hasSize(3000000);
    }

    /** A loop that looks at a file, as tools that reload do, sees what the host writes. */
    @Test
    void shouldLetAHotReloadLoopReactToAnEditOfTheHost() throws Exception {
        final Path source = Path.of("/Users/yallop/project/app");
        Files.writeString(source, "version 1\n");
        final String id = succeeds(
                        "run",
                        "-d",
                        "-v",
                        "/Users/yallop/project:/project:cached",
                        "alpine",
                        "sh",
                        "-c",
                        "last=; while :; do now=$(cat /project/app); [ \"$now\" = \"$last\" ] || echo \"reload $now\";"
                                + " last=$now; sleep 0.1; done")
                .strip();
        try {
            await("the first version").until(() -> succeeds("logs", id).contains("reload version 1\n"));
            Files.writeString(source, "version 2\n");
            await("the second version").until(() -> succeeds("logs", id).contains("reload version 2\n"));
            // As editors save: another file takes the name.
            Files.writeString(source.resolveSibling("app.new"), "version 3\n");
            Files.move(source.resolveSibling("app.new"), source, StandardCopyOption.ATOMIC_MOVE);
            await("the third version").until(() -> succeeds("logs", id).contains("reload version 3\n"));
        } finally {
            Files.delete(source);
        }
    }

    /** The same by inotify: each event comes when what it tells of is there to be read. */
    @Test
    void shouldTellAWatchingContainerOfAnEditOfTheHost() throws Exception {
        final Path source = Path.of("/Users/yallop/project/app");
        Files.writeString(source, "version 1\n");
        final String id = succeeds("run", "-d", "-v", "/Users/yallop/project:/project:cached", "alpine", "reload")
                .strip();
        try {
            await("the watch").until(() -> succeeds("logs", id).contains("watching\n"));
            Files.writeString(source, "version 2\n");
            await("the second version").until(() -> succeeds("logs", id).contains("reload version 2\n"));
            // As editors save: another file takes the name.
            Files.writeString(source.resolveSibling("app.new"), "version 3\n");
            Files.move(source.resolveSibling("app.new"), source, StandardCopyOption.ATOMIC_MOVE);
            await("the third version").until(() -> succeeds("logs", id).contains("reload version 3\n"));
            assertThat(succeeds("logs", id)).isEqualTo("watching\nreload version 2\nreload version 3\n");
        } finally {
            Files.delete(source);
        }
    }

    @Test
    void shouldRefuseAHostPathThatDoesNotExistInDockersWords() {
        for (final String[] arguments : new String[][] {
            {"run", "-v", "/Users/yallop/none:/x:cached", "alpine", "true"},
            {"run", "--mount", "type=bind,source=/Users/yallop/none,target=/x", "alpine", "true"}
        }) {
            final Commands.Result refused = docker(arguments);
            assertThat(refused.output())
                    .contains(
                            "Error response from daemon: invalid mount config for type \"bind\": bind source path does"
                                    + " not exist: /Users/yallop/none.");
            assertThat(refused.exitCode()).isEqualTo(125);
        }
        final Commands.Result denied = docker("run", "-v", "/Users/other:/x", "alpine", "true");
        assertThat(denied.output()).contains("Mounts denied: the path /Users/other is not shared from the host");
        assertThat(succeeds("ps", "-aq")).isEmpty();
        // The mount that was made for the first bind of a container that is then refused goes away.
        docker("run", "-v", "/host/another-path:/a", "-v", "/Users/yallop/none:/b", "alpine", "true");
        docker("run", "-v", "/host/another-path:/a", "no-such-image", "true");
    }

    @Test
    void shouldReleaseTheMountWithTheLastContainer() {
        final String[] run = {"run", "-d", "-v", "/Users/yallop/project:/project:cached", "alpine", "sleep", "600"};
        final String first = succeeds(run).strip();
        final String second = succeeds(run).strip();
        final String third = succeeds("run", "-d", "--volumes-from", first, "alpine", "sleep", "600")
                .strip();
        assertThat(status()).containsOnlyOnce("\"hostPath\"");
        succeeds("rm", "-f", first);
        succeeds("rm", "-f", second);
        await("two have given it up").until(() -> status().contains("\"askers\":[\"docker/" + third + "\"]"));
        assertThat(succeeds("exec", third, "cat", "/project/file")).isEqualTo("content of project\n");
        succeeds("kill", third);
        succeeds("start", third);
        assertThat(succeeds("exec", third, "cat", "/project/file")).isEqualTo("content of project\n");
        succeeds("kill", third);
        succeeds("container", "prune", "-f");
        await("the last has given it up").until(() -> status().contains("\"mounts\":[]"));
        assertThat(base.resolve("mounts/cached")).doesNotExist();
        assertThat(succeeds("run", "--rm", "-v", "/Users/yallop/project:/project:cached", "alpine", "ls", "/project"))
                .contains("file");
    }

    /** The daemon, and with it the front, is gone for a while: a container goes meanwhile, another stays. */
    @Test
    void shouldFindOutWhatHappenedWhileItWasDown() throws Exception {
        final String gone = succeeds("run", "-d", "-v", "/host/another-path:/a:cached", "alpine", "sleep", "600")
                .strip();
        final String stays = succeeds(
                        "run", "-d", "-v", "/Users/yallop/project:/project:cached", "alpine", "sleep", "600")
                .strip();
        daemon.process().destroyForcibly().waitFor();
        Commands.run(base, DockerEngine.command(engine.socket(), "rm", "-f", gone));
        startDaemon();
        await("the one mount is the other container's")
                .until(() -> status().contains("\"askers\":[\"docker/" + stays + "\"]")
                        && !status().contains("another-path"));
        succeeds("restart", "-t", "0", stays);
        assertThat(succeeds("exec", stays, "cat", "/project/file")).isEqualTo("content of project\n");

        // The engine is gone for a while, and its containers start with it.
        succeeds("update", "--restart", "always", stays);
        engine.stop();
        assertThat(docker("ps").output()).contains("Cannot connect to the Docker daemon at unix://" + engine.socket());
        engine.start();
        await("the container runs again")
                .until(() ->
                        docker("exec", stays, "cat", "/project/file").output().equals("content of project\n"));
    }

    @Test
    void shouldBeADriverOfVolumes() {
        succeeds(
                "volume",
                "create",
                "-d",
                "transfuse",
                "-o",
                "source=/Users/yallop/project",
                "-o",
                "mode=cached",
                "code");
        assertThat(status()).contains("\"mounts\":[]");
        final String[] run = {"run", "-d", "-v", "code:/project", "alpine", "sleep", "600"};
        final String first = succeeds(run).strip();
        final String second = succeeds(run).strip();
        assertThat(succeeds("exec", first, "sh", "-c", "cat /project/file; grep -c fuse.transfuse /proc/mounts"))
                .isEqualTo("content of project\n1\n");
        assertThat(status()).contains("\"mode\":\"cached\"").containsOnlyOnce("\"hostPath\"");
        assertThat(docker("volume", "rm", "code").output()).contains("volume is in use");
        succeeds("rm", "-f", first);
        assertThat(succeeds("exec", second, "cat", "/project/file")).isEqualTo("content of project\n");
        succeeds("rm", "-f", second);
        await("both have given it up").until(() -> status().contains("\"mounts\":[]"));
        assertThat(succeeds("volume", "inspect", "code"))
                .contains("\"source\": \"/Users/yallop/project\"")
                .contains("\"Driver\": \"transfuse\"");

        assertThat(docker("volume", "create", "-d", "transfuse", "-o", "source=/x", "-o", "mode=fast", "no")
                        .output())
                .contains("unknown mode 'fast'");
        assertThat(docker("volume", "create", "-d", "transfuse", "no").output()).contains("source=PATH is missing");
        succeeds("volume", "create", "-d", "transfuse", "-o", "source=/Users/yallop/none", "none");
        assertThat(docker("run", "--rm", "-v", "none:/x", "alpine", "true").output())
                .contains("the source path does not exist: /Users/yallop/none");
        succeeds("volume", "rm", "code", "none");
        assertThat(succeeds("volume", "ls", "-q")).isEmpty();
    }

    @Test
    void shouldRunAComposeFileWithSuchVolumes() throws Exception {
        final Path compose = DockerEngine.find("docker-compose");
        assertThat(compose != null || System.getenv("CI") == null)
                .as("in CI nothing is skipped: there is no docker-compose")
                .isTrue();
        assumeTrue(compose != null, "skipped: the compose file, because there is no docker-compose");
        final Path project = Files.createDirectories(base.resolve("compose"));
        Files.writeString(
                project.resolve("docker-compose.yml"),
                String.join(
                        "\n",
                        "version: '3.4'",
                        "services:",
                        "  web:",
                        "    image: alpine",
                        "    network_mode: none",
                        "    command: sh -c 'cat /project/file; grep -c fuse.transfuse /proc/mounts; sleep 600'",
                        "    volumes:",
                        "      - /Users/yallop/project:/project:cached",
                        "      - type: bind",
                        "        source: /host/another-path",
                        "        target: /other",
                        "        consistency: consistent",
                        ""));
        final String up = compose + " -H unix://" + base + "/front --no-ansi ";
        Commands.shell(project, up + "up -d");
        await("the service's words")
                .until(() -> Commands.shell(project, up + "logs").contains("content of project"));
        assertThat(status())
                .contains("\"hostPath\":\"/host/another-path\"")
                .contains("\"mode\":\"consistent\"")
                .contains("\"mode\":\"cached\"");
        // Nothing has changed, so nothing is made anew.
        assertThat(Commands.shell(project, up + "up -d")).contains("up-to-date");
        assertThat(Commands.shell(project, up + "exec -T web cat /other/file")).contains("content of another-path");
        Commands.shell(project, up + "down -t 0");
    }

    /** A build sends a context and gets a stream. */
    @Test
    void shouldPassABuildOn() throws Exception {
        final Path context = Files.createDirectories(base.resolve("context"));
        Files.write(context.resolve("big"), new byte[8 << 20]);
        Files.writeString(context.resolve("Dockerfile"), "FROM alpine\nCOPY big /big\nLABEL a=b\n");
        assertThat(Commands.shell(
                        context, "DOCKER_BUILDKIT=0 " + String.join(" ", client("build", "-t", "built", "."))))
                .contains("Successfully tagged built");
        assertThat(succeeds("run", "--rm", "built", "wc", "-c", "/big")).startsWith("8388608");
    }
}
