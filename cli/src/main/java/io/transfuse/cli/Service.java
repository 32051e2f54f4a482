package io.transfuse.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a long-running command owes to who started it: the pid file, and word to the service manager. */
final class Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final long STATUS_MILLIS = 5_000;

    /** The manager must hear from this process well within its time. */
    private static final int WATCHDOG_PART = 3;

    private final ServiceManager manager;
    private final Path pidFile;
    private final FileChannel pidChannel;

    private Service(final ServiceManager manager, final Path pidFile, final FileChannel pidChannel) {
        this.manager = manager;
        this.pidFile = pidFile;
        this.pidChannel = pidChannel;
    }

    /**
     * Takes the pid file, before anything else is done.
     *
     * @throws CommandException if another process holds it, or it cannot be made
     */
    static Service begin(final ServiceOptions options) throws CommandException {
        final Path path = options.pidFile();
        if (path == null) {
            return new Service(ServiceManager.ofEnvironment(), null, null);
        }
        try {
            final FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            final FileLock lock = channel.tryLock();
            if (lock == null) {
                final String owner =
                        Files.readString(path, StandardCharsets.US_ASCII).strip();
                channel.close();
                throw new CommandException(
                        ExitCode.FAILURE, "the process " + owner + " holds the pid file " + path + ": it runs already");
            }
            return new Service(ServiceManager.ofEnvironment(), path, channel);
        } catch (final IOException e) {
            throw new CommandException(ExitCode.FAILURE, "cannot make the pid file " + path + ": " + e, e);
        }
    }

    /**
     * Everything is up. From now on the manager is told what {@code status} says whenever it changes, and that this
     * process is alive as long as {@code status} comes back.
     */
    void ready(final Supplier<String> status) throws CommandException {
        if (pidChannel != null) {
            writePid();
        }
        if (!manager.isThere()) {
            return;
        }
        final String first = status.get();
        manager.ready(first);
        final Thread thread = new Thread(() -> report(status, first), "service-status");
        thread.setDaemon(true);
        thread.start();
    }

    private void writePid() throws CommandException {
        try {
            pidChannel.truncate(0);
            pidChannel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        } catch (final IOException e) {
            throw new CommandException(ExitCode.FAILURE, "cannot write the pid file " + pidFile + ": " + e, e);
        }
    }

    private void report(final Supplier<String> status, final String first) {
        final long watchdog = manager.watchdogMillis();
        final long pause = watchdog == 0 ? STATUS_MILLIS : Math.min(STATUS_MILLIS, watchdog / WATCHDOG_PART);
        String told = first;
        try {
            while (true) {
                final String now = status.get();
                if (watchdog > 0) {
                    manager.alive();
                }
                if (!now.equals(told)) {
                    manager.status(now);
                    told = now;
                }
                TimeUnit.MILLISECONDS.sleep(Math.max(1, pause));
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The end begins. */
    void stopping() {
        manager.stopping();
    }

    /** Everything is down. */
    void ended() {
        if (pidChannel != null) {
            try {
                Files.deleteIfExists(pidFile);
                pidChannel.close();
            } catch (final IOException e) {
                LOG.error("The pid file {} is left behind: {}", pidFile, e.toString());
            }
        }
    }
}
