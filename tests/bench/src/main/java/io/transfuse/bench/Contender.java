package io.transfuse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** A file system in the comparison: how it is started over a directory of its own. */
enum Contender {
    NATIVE("native", "the directory itself") {
        @Override
        Path start(final Tools tools, final Path home, final Deque<Leash> started) {
            return host(home);
        }
    },
    TRANSFUSE("transfuse", "transfuse serve, daemon, and a mount in mode consistent") {
        @Override
        Path start(final Tools tools, final Path home, final Deque<Leash> started)
                throws BenchException, IOException, InterruptedException {
            final String command = tools.transfuse().toString();
            final Path socket = home.resolve("host.sock");
            final Path control = home.resolve("control.sock");
            final Path mount = Files.createDirectory(home.resolve("mount"));
            final Leash server = launch(
                    tools,
                    home,
                    started,
                    "server",
                    List.of(
                            command,
                            "serve",
                            "--listen",
                            "unix:" + socket,
                            "--export",
                            host(home).toString()));
            server.await("socket", () -> Files.exists(socket));
            final Leash daemon = launch(
                    tools,
                    home,
                    started,
                    "daemon",
                    List.of(command, "daemon", "--connect", "unix:" + socket, "--control", control.toString()));
            daemon.await("control socket", () -> Files.exists(control));
            Commands.run(
                    60,
                    List.of(
                            command,
                            "mount",
                            "--control",
                            control.toString(),
                            "-v",
                            host(home) + ":" + mount + ":consistent"));
            daemon.await("mount", () -> isMounted(mount));
            return mount;
        }
    },
    PASSTHROUGH("passthrough_ll", "libfuse's example passthrough_ll -o cache=never, multi-threaded, no socket") {
        @Override
        Path start(final Tools tools, final Path home, final Deque<Leash> started)
                throws BenchException, IOException, InterruptedException {
            final Path mount = Files.createDirectory(home.resolve("mount"));
            final Leash leash = launch(
                    tools,
                    home,
                    started,
                    "passthrough_ll",
                    List.of(
                            tools.passthrough().toString(),
                            "-f",
                            "-o",
                            "source=" + host(home) + ",cache=never",
                            mount.toString()));
            leash.await("mount", () -> isMounted(mount));
            return mount;
        }
    },
    SSHFS("sshfs", "sshfs -o passive with sftp-server over a socket pair; directory, attribute and page caches off") {
        @Override
        Path start(final Tools tools, final Path home, final Deque<Leash> started)
                throws BenchException, IOException, InterruptedException {
            final Path mount = Files.createDirectory(home.resolve("mount"));
            final Leash leash = launch(
                    tools,
                    home,
                    started,
                    "sshfs",
                    List.of(
                            "sshfs",
                            "-f",
                            "-o",
                            "passive,dir_cache=no,direct_io,entry_timeout=0,negative_timeout=0,attr_timeout=0",
                            "bench:" + host(home),
                            mount.toString(),
                            "--and--",
                            "/usr/lib/openssh/sftp-server"));
            leash.await("mount", () -> isMounted(mount));
            return mount;
        }
    };

    private final String id;
    private final String description;

    Contender(final String id, final String description) {
        this.id = id;
        this.description = description;
    }

    /** The word for it on command lines and in files. */
    String id() {
        return id;
    }

    String description() {
        return description;
    }

    /** The directory, under the contender's own, that it makes available. */
    static Path host(final Path home) {
        return home.resolve("host");
    }

    /**
     * Starts it.
     *
     * @param home a directory of its own that holds {@code host}
     * @param started takes each process as it is started, the latest first
     * @return the directory to load
     */
    abstract Path start(Tools tools, Path home, Deque<Leash> started)
            throws BenchException, IOException, InterruptedException;

    private static Leash launch(
            final Tools tools,
            final Path home,
            final Deque<Leash> started,
            final String name,
            final List<String> command)
            throws IOException {
        final Leash leash = Leash.start(tools.leash(), home.resolve(name + ".log"), command);
        started.push(leash);
        return leash;
    }

    /** Whether the kernel has something mounted exactly there. The benchmark's paths need no unescaping. */
    static boolean isMounted(final Path path) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"), StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.split(" ", 3)[1].equals(path.toString()));
        }
    }
}
