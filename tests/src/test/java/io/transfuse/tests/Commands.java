package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs run to their end. */
final class Commands {
    private static final long MOST_SECONDS = 300;

    private Commands() {}

    /**
     * How a program ended.
     *
     * @param exitCode its exit code
     * @param output standard output and error
     */
    record Result(int exitCode, String output) {}

    static Result run(final Path directory, final String... command) {
        return run(directory, List.of(command));
    }

    static Result run(final Path directory, final List<String> command) {
        return run(directory, command, MOST_SECONDS);
    }

    /** As {@link #run(Path, List)}, for programs that may take longer. */
    static Result run(final Path directory, final List<String> command, final long mostSeconds) {
        try {
            final Path output = Files.createTempFile("transfuse-test-", ".out");
            try {
                final Process process = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .start();
                if (!process.waitFor(mostSeconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("does not end: " + command + "\n" + read(output));
                }
                return new Result(process.exitValue(), read(output));
            } finally {
                Files.delete(output);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String read(final Path output) throws IOException {
        return Files.readString(output, StandardCharsets.ISO_8859_1);
    }

    /**
     * Compiles a C program among the tests' resources, statically, so that it runs in any root of a Linux system.
     *
     * @param name of the program; its source is {@code NAME.c}
     * @param directory where source and program are put
     */
    static Path compile(final String name, final Path directory) throws IOException {
        try (InputStream source = Commands.class.getResourceAsStream(name + ".c")) {
            Files.copy(source, directory.resolve(name + ".c"), StandardCopyOption.REPLACE_EXISTING);
        }
        shell(directory, "gcc -static -O2 -Wall -Wextra -Werror -o " + name + " " + name + ".c");
        return directory.resolve(name);
    }

    /** Runs a shell script that must succeed; its output. */
    static String shell(final Path directory, final String script) {
        final Result result = run(directory, "sh", "-euc", script);
        assertThat(result.exitCode()).as(script + "\n" + result.output()).isZero();
        return result.output();
    }
}
