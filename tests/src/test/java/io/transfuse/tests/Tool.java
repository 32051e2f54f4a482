package io.transfuse.tests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program that runs beside a test, and the lines that it has printed. What it started ends with it. */
final class Tool implements AutoCloseable {
    private final Process process;
    private final ProcessOutput output;

    private Tool(final Process process) {
        this.process = process;
        this.output = new ProcessOutput(process);
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

    /** What it has printed so far, on both outputs. */
    List<String> lines() {
        return output.lines();
    }

    /** Waits until it has printed this line. */
    void await(final String line) {
        output.await(line, line::equals);
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
            output.awaitEnd();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
