package io.transfuse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running child process that cannot outlive the benchmark; see {@code leash.c}. */
final class Leash implements AutoCloseable {
    /** Longer than the leash itself waits for two commands before it kills them. */
    private static final long PATIENCE_SECONDS = 25;

    private final Process process;
    private final String name;
    private final Path log;

    private Leash(final Process process, final String name, final Path log) {
        this.process = process;
        this.name = name;
        this.log = log;
    }

    static Leash start(final Path program, final Path log, final List<String> command) throws IOException {
        final List<String> all = new ArrayList<>();
        all.add(program.toString());
        all.addAll(command);
        final Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Leash(process, Path.of(command.get(0)).getFileName().toString(), log);
    }

    /** A state that the command brings about when it is ready. */
    interface Condition {
        boolean holds() throws IOException;
    }

    /** Waits for the state; it can only be looked at, nothing announces it. */
    void await(final String what, final Condition condition) throws BenchException, IOException, InterruptedException {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new BenchException(name + " ended before " + what + ": " + output());
            }
            if (System.nanoTime() > end) {
                throw new BenchException("no " + what + " from " + name + " within 60 s: " + output());
            }
        }
    }

    private String output() throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1).trim();
    }

    /** Lets go: the leash ends the command and then itself. */
    @Override
    public void close() throws IOException {
        boolean interrupted = false;
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (final InterruptedException e) {
            interrupted = true;
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
