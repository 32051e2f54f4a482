package io.transfuse.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes the kernel's queues of file events short for who opens them meanwhile; the limits of before come back when it is
 * closed, or the JVM ends. See fanotify(7), inotify(7).
 */
final class QueueLimits implements AutoCloseable {
    private static final Path[] LIMITS = {
        Path.of("/proc/sys/fs/inotify/max_queued_events"), Path.of("/proc/sys/fs/fanotify/max_queued_events")
    };

    private final Map<Path, String> before = new LinkedHashMap<>();
    private final Thread restorer = new Thread(this::restore, "restore the limits");

    /** Sets the limits. */
    static QueueLimits set(final int events) throws IOException {
        final QueueLimits limits = new QueueLimits();
        Runtime.getRuntime().addShutdownHook(limits.restorer);
        try {
            for (final Path limit : LIMITS) {
                if (Files.exists(limit)) {
                    limits.before.put(limit, read(limit));
                    Files.writeString(limit, events + "\n");
                }
            }
            return limits;
        } catch (final IOException e) {
            limits.close();
            throw e;
        }
    }

    /** Whether they can be set here: containers may not. */
    static boolean canBeSet() {
        for (final Path limit : LIMITS) {
            if (Files.exists(limit) && !Files.isWritable(limit)) {
                return false;
            }
        }
        return true;
    }

    /** Files of /proc/sys give what they hold to one read only, hence the buffer. */
    private static String read(final Path limit) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(limit)) {
            return reader.readLine();
        }
    }

    private synchronized void restore() {
        before.forEach((limit, value) -> {
            try {
                Files.writeString(limit, value + "\n");
            } catch (final IOException e) {
                System.err.println("torture: " + limit + " could not be set back to " + value + ": " + e);
            }
        });
        before.clear();
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restorer);
        } catch (final IllegalStateException e) {
            // The JVM is about to end, and the hook with it.
        }
    }
}
