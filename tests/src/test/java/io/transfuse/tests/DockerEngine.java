package io.transfuse.tests;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A Docker engine of the test's own, with its own socket and data, that makes no networks. The machine's own engine, if it has
 * one, is not touched.
 */
final class DockerEngine implements Closeable {
    private static final long MOST_SECONDS = 120;

    private final Path directory;
    private Process process;

    private DockerEngine(final Path directory) {
        this.directory = directory;
    }

    /** Why an engine cannot run here; null if nothing is known against it. */
    static String missing() {
        for (final String program : List.of("dockerd", "docker", "busybox")) {
            if (find(program) == null) {
                return "there is no " + program + " (packages docker.io and busybox-static)";
            }
        }
        return null;
    }

    /** A program of Debian's, which may stand beside others of the same name. */
    static Path find(final String program) {
        for (final String place : List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")) {
            final Path path = Path.of(place, program);
            if (Files.isExecutable(path)) {
                return path;
            }
        }
        return null;
    }

    static DockerEngine start(final Path directory) throws IOException {
        final DockerEngine engine = new DockerEngine(Files.createDirectories(directory));
        try {
            engine.start();
            return engine;
        } catch (final RuntimeException | Error | IOException e) {
            engine.close();
            throw e;
        }
    }

    /** Starts it again with what it had. */
    void start() throws IOException {
        process = new ProcessBuilder(
                        find("dockerd").toString(),
                        "--iptables=false",
                        "--bridge=none",
                        "--data-root",
                        directory.resolve("data").toString(),
                        "--exec-root",
                        directory.resolve("exec").toString(),
                        "--pidfile",
                        directory.resolve("pid").toString(),
                        "-H",
                        "unix://" + socket())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        Awaitility.await("the engine").atMost(MOST_SECONDS, TimeUnit.SECONDS).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("dockerd ended: " + tail());
            }
            return Commands.run(directory, command(socket(), "version")).exitCode() == 0;
        });
    }

    /** Ends it; its containers end, too. */
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Path socket() {
        return directory.resolve("engine.sock");
    }

    private Path log() {
        return directory.resolve("dockerd.log");
    }

    private String tail() throws IOException {
        final List<String> lines = Files.readAllLines(log(), StandardCharsets.ISO_8859_1);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    /** Debian's client of the engine at {@code socket}. */
    static List<String> command(final Path socket, final String... arguments) {
        final List<String> command = new ArrayList<>(List.of(find("docker").toString(), "-H", "unix://" + socket));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Makes an image of busybox, with these scripts and programs in /bin. */
    void importImage(final String name, final Map<String, String> scripts, final List<Path> programs)
            throws IOException {
        final Path root = Files.createDirectories(directory.resolve("image"));
        final Path bin = Files.createDirectories(root.resolve("bin"));
        for (final String made : List.of("tmp", "proc", "sys", "dev", "etc")) {
            Files.createDirectories(root.resolve(made));
        }
        Files.copy(find("busybox"), bin.resolve("busybox"));
        for (final String applet :
                Commands.shell(directory, find("busybox") + " --list").split("\n")) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
        }
        for (final Map.Entry<String, String> script : scripts.entrySet()) {
            Files.writeString(bin.resolve(script.getKey()), "#!/bin/sh\n" + script.getValue() + "\n");
            Commands.shell(bin, "chmod +x " + script.getKey());
        }
        for (final Path program : programs) {
            Files.copy(program, bin.resolve(program.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Commands.shell(directory, "tar -C image -c . | " + String.join(" ", command(socket(), "import", "-", name)));
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            Commands.run(
                    directory,
                    List.of(
                            "sh",
                            "-c",
                            "ids=$(" + String.join(" ", command(socket(), "ps", "-aq")) + ") && [ -z \"$ids\" ] || "
                                    + String.join(" ", command(socket(), "rm", "-f")) + " $ids"));
            stop();
        }
        // What the engine has mounted and not unmounted.
        for (final String line : Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)) {
            final String place = line.split(" ", 6)[4];
            if (place.startsWith(directory + "/")) {
                Commands.run(directory, "umount", "-l", place);
            }
        }
        Commands.shell(directory.getParent(), "rm -rf --one-file-system '" + directory + "'");
    }
}
