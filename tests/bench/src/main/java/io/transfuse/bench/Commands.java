package io.transfuse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Runs commands to their end. */
final class Commands {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    private Commands() {}

    /**
     * What a command did.
     *
     * @param printed on both outputs
     * @param nanoseconds from its start to its end
     */
    record Finished(String printed, long nanoseconds) {}

    /** What the command printed on both outputs. It is an error if it fails or takes longer than that. */
    static String run(final long timeoutSeconds, final List<String> command)
            throws BenchException, IOException, InterruptedException {
        return time(timeoutSeconds, command).printed();
    }

    /** The same with the time that it took. */
    static Finished time(final long timeoutSeconds, final List<String> command)
            throws BenchException, IOException, InterruptedException {
        // Output goes to a file, so that a command that hangs cannot make the reading of its output hang.
        final Path output = Files.createTempFile("transfuse-bench-", ".out");
        try {
            final long start = System.nanoTime();
            final Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            RUNNING.add(process);
            final long end;
            try {
                if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
                    throw new BenchException(
                            String.join(" ", command) + " did not end within " + timeoutSeconds + " s");
                }
                end = System.nanoTime();
            } finally {
                process.destroyForcibly();
                RUNNING.remove(process);
            }
            final String printed =
                    Files.readString(output, StandardCharsets.ISO_8859_1).trim();
            if (process.exitValue() != 0) {
                throw new BenchException(
                        String.join(" ", command) + " ended with " + process.exitValue() + ": " + printed);
            }
            return new Finished(printed, end - start);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** The same in one line, for a fact that is nice to have. */
    static String ask(final String... command) throws InterruptedException {
        try {
            return run(20, List.of(command)).replace("\n", ", ");
        } catch (final IOException | BenchException e) {
            return "unknown";
        }
    }

    /** Ends what runs, so that nothing uses a mount that is about to go. */
    static void killAll() {
        RUNNING.forEach(Process::destroyForcibly);
    }
}
