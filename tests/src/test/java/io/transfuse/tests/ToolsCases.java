package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that watch files react in a mount to what is edited on the host, and are told what they are told locally. */
@Timeout(180)
abstract class ToolsCases {
    private static final List<String> NODE = List.of("node");

    /** As editors save: in place, by rename, by removal, with a backup, by truncation. */
    private static final List<String> WAYS_OF_SAVING = List.of(
            "echo '%s' > %s",
            "echo '%s' > .tmp; mv .tmp %s",
            "rm %2$s; echo '%1$s' > %2$s",
            "mv %2$s backup~; echo '%1$s' > %2$s; rm backup~",
            "truncate -s 0 %2$s; echo '%1$s' >> %2$s");

    abstract Mounted mounted();

    private static List<String> node(final String program, final String... arguments) {
        final List<String> command = new ArrayList<>(NODE);
        command.add(program);
        command.addAll(List.of(arguments));
        return command;
    }

    @FunctionalInterface
    private interface Watching {
        List<String> told(Path base, Path seen) throws IOException;
    }

    /** Those who watch the mount while the host changes it are told what those are told who watch a plain directory. */
    private void assertSame(final Watching watching) throws IOException {
        final Map<String, List<String>> wanted =
                byDirectory(watching.told(mounted().plain(), mounted().plain()));
        final Map<String, List<String>> told =
                byDirectory(watching.told(mounted().host(), mounted().guest()));
        assertThat(told).isEqualTo(wanted);
        assertThat(wanted).isNotEmpty();
    }

    /**
     * Lines by their first word. Between directories the order is not promised; and the same line twice in a row is taken
     * for one, because how many writes are told at once differs from run to run locally, too.
     */
    private static Map<String, List<String>> byDirectory(final List<String> lines) {
        return Inotify.byFirstWord(
                lines.stream().filter(line -> !line.contains("probe")).toList());
    }

    /** Makes files until the program tells of one: from then on it tells of everything in that directory. */
    private static void awaitWatched(final Tool tool, final Path base, final String directory, final String told) {
        final AtomicInteger probes = new AtomicInteger();
        await(directory + " is watched").pollInterval(Duration.ofMillis(100)).until(() -> {
            final String probe = "probe" + probes.incrementAndGet();
            Files.writeString(base.resolve(directory).resolve(probe), "x");
            return tool.lines().stream().anyMatch(line -> line.startsWith(told) && line.contains("probe"));
        });
    }

    private static final String TREE = "mkdir d e out d/sub d/gone d/gone/deep; echo 1 > d/f; echo 1 > d/sub/f;"
            + " for f in g h v w; do echo 1 > d/$f; done; ln -s f d/l; echo 1 > e/x; echo 1 > d/gone/f; echo 1 > d/gone/deep/f";

    @Test
    void shouldTellInotifywaitTheSame() throws IOException {
        Needs.program("inotifywait", "inotify-tools");
        assertSame(ToolsCases::toldToInotifywait);
    }

    private static List<String> toldToInotifywait(final Path base, final Path seen) throws IOException {
        Inotify.lay(base, seen, TREE);
        // Of mere opens and reads no host tells.
        final String events = "modify,attrib,close_write,moved_to,moved_from,create,delete,move_self,delete_self";
        try (Tool inotifywait = Tool.start(
                seen,
                Map.of("LC_ALL", "C"),
                List.of("inotifywait", "-m", "-r", "-e", events, "--format", "%w %e %f", "d", "e"))) {
            inotifywait.await("Watches established.");
            final int before = inotifywait.lines().size();
            awaitWatched(inotifywait, base, "d", "d/ ");
            awaitWatched(inotifywait, base, "e", "e/ ");
            Commands.shell(
                    base,
                    "echo 2 > d/f; sh -c 'echo 3 >> d/f'; chmod 600 d/f; echo 2 > d/new; mv d/new e/moved; mv d/v e/x;"
                            + " mkdir d/dir; ln e/x d/link; ln -s x d/symlink; mkfifo d/fifo; touch -d @1 d/sub/f;"
                            + " rm d/l; mv d/fifo out; mv out/fifo d/back; rm -r d/gone; echo 2 > d/sub/f");
            inotifywait.await("d/ CREATE,ISDIR dir");
            awaitWatched(inotifywait, base, "d/dir", "d/dir/ ");
            Commands.shell(base, "echo 1 > d/dir/a; echo 2 > d/dir/.b; mv d/dir/.b d/dir/a; rm d/dir/a; mkdir d/dir/s");
            for (final String directory : List.of("d", "e", "d/sub", "d/dir")) {
                Files.createDirectory(base.resolve(directory).resolve("end"));
                inotifywait.await(directory + "/ CREATE,ISDIR end");
            }
            final List<String> lines = inotifywait.lines();
            return lines.subList(before, lines.size());
        }
    }

    /** A change, and the line by which a program tells of it. */
    private record Step(String change, String told) {}

    /** What is told of one change after the other. */
    private static List<String> told(final Tool tool, final Path base, final List<Step> steps) {
        final List<String> told = new ArrayList<>();
        int before = tool.lines().size();
        for (final Step step : steps) {
            Commands.shell(base, step.change());
            final int from = before;
            await(step.change()).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> assertThat(
                            tool.lines().stream().skip(from))
                    .contains(step.told()));
            before = tool.lines().size();
            told.addAll(tool.lines().subList(from, before));
        }
        return told;
    }

    @Test
    void shouldTellChokidarTheSame() throws IOException {
        NodePackages.install();
        assertSame(ToolsCases::toldToChokidar);
    }

    /** What chokidar makes of what it is told depends on the time between, locally too: one change after the other. */
    private static List<String> toldToChokidar(final Path base, final Path seen) throws IOException {
        Inotify.lay(base, seen, TREE);
        try (Tool chokidar = Tool.start(
                seen,
                NodePackages.environment(),
                node(NodePackages.PROGRAMS.resolve("chokidar-events.js").toString(), "d", "e"))) {
            chokidar.await("ready");
            awaitWatched(chokidar, base, "d", "add d/");
            awaitWatched(chokidar, base, "e", "add e/");
            final List<String> told = told(
                    chokidar,
                    base,
                    List.of(
                            new Step("echo 2 > d/f", "change d/f"),
                            new Step("echo 33 > out/tmp; mv out/tmp d/g", "change d/g"),
                            new Step("echo 2 > out/n; mv out/n d/n", "add d/n"),
                            new Step("echo 3 >> d/h", "change d/h"),
                            new Step("mkdir d/dir", "addDir d/dir"),
                            new Step("echo 1 > out/f; mv out/f d/dir/f", "add d/dir/f"),
                            new Step("rm d/v", "unlink d/v"),
                            new Step("mv d/w out/w", "unlink d/w"),
                            new Step("mv out/w e/w", "add e/w"),
                            new Step("chmod 600 e/x", "change e/x"),
                            new Step("rm d/gone/deep/f", "unlink d/gone/deep/f"),
                            new Step("rmdir d/gone/deep", "unlinkDir d/gone/deep"),
                            new Step("rm d/gone/f", "unlink d/gone/f"),
                            new Step("echo 99 > d/sub/f", "change d/sub/f"),
                            new Step("mkdir d/end", "addDir d/end")));
            // A removal is told a moment late, in case the same name comes again.
            return told.stream().distinct().sorted().toList();
        }
    }

    @Test
    void shouldTellFsWatchTheSame() throws IOException {
        NodePackages.install();
        assertSame(ToolsCases::toldToFsWatch);
    }

    private static List<String> toldToFsWatch(final Path base, final Path seen) throws IOException {
        Inotify.lay(base, seen, TREE);
        try (Tool watch = Tool.start(
                seen,
                Map.of(),
                node(NodePackages.PROGRAMS.resolve("fs-watch-events.js").toString(), "d", "e", "d/f"))) {
            watch.await("ready");
            awaitWatched(watch, base, "d", "d ");
            awaitWatched(watch, base, "e", "e ");
            return told(
                    watch,
                    base,
                    List.of(
                            new Step("echo 2 > d/f; mkdir d/1", "d rename 1"),
                            new Step("echo 2 > d/n; mkdir d/2", "d rename 2"),
                            new Step("chmod 600 d/f; mkdir d/3", "d rename 3"),
                            new Step("mv d/n e/n; mkdir e/4", "e rename 4"),
                            new Step("mkdir d/5", "d rename 5"),
                            new Step("rm d/v; mv d/sub e/sub; mkdir d/6", "d rename 6"),
                            new Step("mkdir e/7", "e rename 7"),
                            new Step("rm d/f; echo 3 > d/f; mkdir d/8", "d rename 8")));
        }
    }

    /** The host saves a text in each of the ways, and each time the program says so. */
    private void assertReactsToSaving(final Tool tool, final String file, final String text, final String reaction) {
        int number = 2;
        for (final String way : WAYS_OF_SAVING) {
            Commands.shell(mounted().host(), String.format(way, String.format(text, number), file));
            tool.await(String.format(reaction, number));
            number++;
        }
    }

    private void lay(final String script) throws IOException {
        Inotify.lay(mounted().host(), mounted().guest(), script);
    }

    @Test
    void shouldRestartByNodemon() throws IOException {
        NodePackages.install();
        Files.writeString(
                mounted().host().resolve("app.js"),
                "console.log('running', JSON.parse(require('fs').readFileSync('value.json')).value);"
                        + " setInterval(() => {}, 1000);");
        lay("echo '{\"value\": 1}' > value.json");
        try (Tool nodemon = Tool.start(
                mounted().guest(),
                NodePackages.environment(),
                node(NodePackages.file("nodemon/bin/nodemon.js").toString(), "--delay", "0.05", "app.js"))) {
            nodemon.await("running 1");
            assertReactsToSaving(nodemon, "value.json", "{\"value\": %d}", "running %d");
        }
    }

    @Test
    void shouldBundleAgainByWebpack() throws IOException {
        NodePackages.install();
        final Path output = Files.createTempDirectory("transfuse-test-");
        try {
            Files.writeString(mounted().host().resolve("main.js"), "console.log(require('./lib/message.js'));");
            lay("mkdir lib; echo 'module.exports = \"message 1\"' > lib/message.js");
            try (Tool webpack = Tool.start(
                    mounted().guest(),
                    NodePackages.environment(),
                    node(NodePackages.PROGRAMS.resolve("webpack-watch.js").toString(), output.toString()))) {
                webpack.await("built: message 1");
                assertReactsToSaving(
                        webpack, "lib/message.js", "module.exports = \"message %d\";", "built: message %d");
                Commands.shell(
                        mounted().host(),
                        "echo 'module.exports = \"another\"' > lib/another.js;"
                                + " echo 'console.log(require(\"./lib/another.js\"))' > main.js");
                webpack.await("built: another");
            }
        } finally {
            Mounted.delete(output);
        }
    }

    /** Prints what is in the file value at each event but those of opens, which it makes itself. */
    private static final String WATCHDOG = """
            import os, watchdog.events, watchdog.observers

            class Reload(watchdog.events.FileSystemEventHandler):
                def on_any_event(self, event):
                    if event.event_type in ('created', 'modified', 'moved') and os.path.exists('value'):
                        print('running', open('value').read().strip(), flush=True)

            observer = watchdog.observers.Observer()
            observer.schedule(Reload(), '.', recursive=True)
            observer.start()
            print('ready', flush=True)
            observer.join()
            """;

    @Test
    void shouldReloadByWatchdog() throws IOException {
        Needs.program("watchmedo", "python3-watchdog");
        lay("echo 1 > value");
        try (Tool watchdog = Tool.start(mounted().guest(), Map.of(), List.of("/usr/bin/python3", "-c", WATCHDOG))) {
            watchdog.await("ready");
            assertReactsToSaving(watchdog, "value", "%d", "running %d");
        }
    }
}
