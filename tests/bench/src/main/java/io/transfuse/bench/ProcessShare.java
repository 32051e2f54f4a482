package io.transfuse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;

/** A file system that is one process for each mount. */
final class ProcessShare implements Share {
    private final Path leashProgram;
    private final Path log;
    private final Path mount;
    private final List<String> command;
    private final Deque<Leash> started;
    private Leash leash;

    /**
     * Starts nothing yet.
     *
     * @param home where the log is and {@code mount}, which is made
     * @param command stays in the foreground and mounts there
     * @param started takes the process while it runs
     */
    ProcessShare(final Tools tools, final Path home, final List<String> command, final Deque<Leash> started)
            throws IOException {
        leashProgram = tools.leash();
        log = home.resolve(Path.of(command.get(0)).getFileName() + ".log");
        mount = Files.createDirectories(mountIn(home));
        this.command = List.copyOf(command);
        this.started = started;
    }

    /** Where it will be mounted. */
    static Path mountIn(final Path home) {
        return home.resolve("mount");
    }

    @Override
    public Path mount() throws BenchException, IOException, InterruptedException {
        leash = Leash.start(leashProgram, log, command);
        started.push(leash);
        leash.await("mount", () -> Share.isMounted(mount));
        return mount;
    }

    @Override
    public void unmount() throws BenchException, IOException {
        started.remove(leash);
        leash.close();
        if (Share.isMounted(mount)) {
            throw new BenchException(command.get(0) + " ended and left its mount");
        }
    }
}
