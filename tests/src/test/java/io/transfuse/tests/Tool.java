package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A program that runs beside a test, and the lines that it has printed. What it started ends with it. */
final class Tool implements AutoCloseable {
    private static final long MOST_SECONDS = 60;

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private Tool(final Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a program in a session of its own, without input.
     *
     * @param environment what it has beyond that of the tests
     */
    static Tool start(final Path directory, final Map<String, String> environment, final List<String> command)
            throws IOException {
        final List<String> whole = new ArrayList<>(List.of("setsid"));
        whole.addAll(command);
        final ProcessBuilder builder = new ProcessBuilder(whole)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        return new Tool(builder.start());
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (final IOException e) {
            lines.add("(reading its output failed: " + e.getMessage() + ")");
        }
    }

    /** What it has printed so far, on both outputs. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Waits until it has printed this line. */
    void await(final String line) {
        Awaitility.await(line)
                .atMost(MOST_SECONDS, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .failFast(
                        "the program ended before",
                        () -> !process.isAlive() && !reader.isAlive() && !lines.contains(line))
                .untilAsserted(() -> assertThat(lines).contains(line));
    }

    /** Kills it and all that it has started. */
    @Override
    public void close() {
        final List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        // The session's first process leads its group, too; programs may have made others for what they start.
        Commands.run(Path.of("/"), "kill", "-KILL", "--", "-" + process.pid());
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            process.destroyForcibly().waitFor();
            reader.join(TimeUnit.SECONDS.toMillis(MOST_SECONDS));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
