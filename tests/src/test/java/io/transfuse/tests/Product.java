package io.transfuse.tests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command {@code transfuse} in a process of its own: a JVM must not touch its own mount. */
final class Product implements AutoCloseable {
    private static final long MOST_SECONDS = 60;

    private final Process process;
    private final ProcessOutput output;
    private boolean endsWithItsInput;

    private Product(final Process process) {
        this.process = process;
        this.output = new ProcessOutput(process);
    }

    /** The command line that runs the product with the classes under test. */
    static List<String> command(final String... arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-Xmx256m");
        if (java.lang.Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("io.transfuse.cli.Transfuse");
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * The command line that runs the product as the user 65534, who may not read the class path of the tests: it is copied
     * to {@code base}.
     */
    static List<String> commandAsNobody(final Path base, final List<String> prefix, final String... arguments)
            throws IOException {
        final Path library = Files.createDirectories(base.resolve("lib"));
        final List<String> entries = new ArrayList<>();
        for (final String entry : System.getProperty("java.class.path").split(":", -1)) {
            final Path copy =
                    library.resolve(entries.size() + "-" + Path.of(entry).getFileName());
            if (!entry.isEmpty() && Files.exists(Path.of(entry))) {
                Commands.shell(base, "cp -r '" + entry + "' '" + copy + "' && chmod -R a+rX '" + copy + "'");
                entries.add(copy.toString());
            }
        }
        Libc.c().chmod(Libc.path(library), 0755);
        final List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        command.addAll(prefix);
        final List<String> own = command(arguments);
        own.set(own.indexOf("-cp") + 1, String.join(":", entries));
        command.addAll(own);
        return command;
    }

    static Product start(final String... arguments) throws IOException {
        return start(command(arguments));
    }

    static Product start(final List<String> command) throws IOException {
        return new Product(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Sends the process a signal by its name, such as {@code STOP}. */
    void signal(final String name) {
        Commands.shell(Path.of("/"), "kill -" + name + " " + process.pid());
    }

    /** Runs the product to its end. */
    static Commands.Result run(final String... arguments) {
        return Commands.run(Path.of("/tmp"), command(arguments));
    }

    /** Mounts for as long as this object is open. */
    static Product mount(final String... volumes) throws IOException {
        return mount(List.of(), volumes);
    }

    /** As {@link #mount(String...)}, with these options for the JVM. */
    static Product mount(final List<String> options, final String... volumes) throws IOException {
        final List<String> arguments = new ArrayList<>(List.of("run"));
        for (final String volume : volumes) {
            arguments.add("-v");
            arguments.add(volume);
        }
        // cat ends when this process closes its input, or ends.
        arguments.addAll(List.of("--", "sh", "-c", "echo ready; exec cat"));
        final List<String> command = command(arguments.toArray(String[]::new));
        command.addAll(1, options);
        final Product product = start(command);
        product.endsWithItsInput = true;
        try {
            product.await("ready");
        } catch (final RuntimeException | Error e) {
            product.close();
            throw e;
        }
        return product;
    }

    /** Waits until a line of the output contains {@code text}. */
    void await(final String text) {
        output.await(text + " in the output of the product", line -> line.contains(text));
    }

    String output() {
        return String.join("\n", output.lines());
    }

    Process process() {
        return process;
    }

    /** Waits for its end; the exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the product does not end: " + output());
        }
        output.awaitEnd();
        return process.exitValue();
    }

    /** Ends it in good order; by force if it does not. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!endsWithItsInput || !process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
            }
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("the product did not end: " + output());
            }
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the kernel's list of mounts has one at {@code path}. */
    static boolean isMounted(final Path path) {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1).stream()
                    .anyMatch(line -> line.split(" ", 6)[4].equals(path.toString()));
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
