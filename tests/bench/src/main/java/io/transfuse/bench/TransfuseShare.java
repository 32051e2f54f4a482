package io.transfuse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;

/** Transfuse's host server and daemon, which stay, and mounts, which come and go. */
final class TransfuseShare implements Share {
    private static final long COMMAND_TIMEOUT_SECONDS = 60;

    private final String transfuse;
    private final Path host;
    private final Path control;
    private final Path mount;
    private final String mode;
    private final Leash daemon;

    /**
     * Starts the host server and the daemon.
     *
     * @param home where the sockets and logs are and {@code mount}, which is made
     * @param mode the mode of the mounts, and their options after commas
     * @param started takes each process as it is started, the latest first
     */
    TransfuseShare(final Tools tools, final Path host, final Path home, final String mode, final Deque<Leash> started)
            throws BenchException, IOException, InterruptedException {
        transfuse = tools.transfuse().toString();
        this.host = host;
        this.mode = mode;
        control = home.resolve("control.sock");
        mount = Files.createDirectory(home.resolve("mount"));
        final Path socket = home.resolve("host.sock");
        final Leash server = Leash.start(
                tools.leash(),
                home.resolve("server.log"),
                List.of(transfuse, "serve", "--listen", "unix:" + socket, "--export", host.toString()));
        started.push(server);
        server.await("socket", () -> Files.exists(socket));
        daemon = Leash.start(
                tools.leash(),
                home.resolve("daemon.log"),
                List.of(transfuse, "daemon", "--connect", "unix:" + socket, "--control", control.toString()));
        started.push(daemon);
        daemon.await("control socket", () -> Files.exists(control));
    }

    @Override
    public Path mount() throws BenchException, IOException, InterruptedException {
        Commands.run(
                COMMAND_TIMEOUT_SECONDS,
                List.of(transfuse, "mount", "--control", control.toString(), "-v", host + ":" + mount + ":" + mode));
        daemon.await("mount", () -> Share.isMounted(mount));
        return mount;
    }

    @Override
    public void unmount() throws BenchException, IOException, InterruptedException {
        Commands.run(
                COMMAND_TIMEOUT_SECONDS,
                List.of(transfuse, "umount", "--control", control.toString(), mount.toString()));
        daemon.await("unmounting", () -> !Share.isMounted(mount));
    }
}
