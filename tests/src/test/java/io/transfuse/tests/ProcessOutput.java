package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** The lines that a process that runs beside a test has printed, on both outputs. */
final class ProcessOutput {
    private static final long MOST_SECONDS = 60;

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    /** Begins to read; the process was started with its errors in its output. */
    ProcessOutput(final Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
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

    /** What has been printed so far. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /**
     * Waits for a line.
     *
     * @param what describes it
     */
    void await(final String what, final Predicate<String> line) {
        Awaitility.await(what)
                .atMost(MOST_SECONDS, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .failFast(
                        "the program ended before",
                        () -> !process.isAlive()
                                && !reader.isAlive()
                                && lines.stream().noneMatch(line))
                .untilAsserted(() -> assertThat(lines).anyMatch(line));
    }

    /** Waits until everything has been read; after the end of the process. */
    void awaitEnd() throws InterruptedException {
        reader.join(TimeUnit.SECONDS.toMillis(MOST_SECONDS));
    }
}
