package io.transfuse.tests;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A program that knows what directories hold by inotify(7) alone, as watching tools do: it takes down the names that it is
 * told come and go, and lists the directories anew only when its own queue overflowed. The events are read by a process of
 * its own, {@code inotify.c}, which no garbage collection delays. Belongs to one thread.
 */
final class Follower implements Closeable {
    private final Process process;
    private final RandomAccessFile output;
    private final List<Path> directories;
    private final Set<String> names = new TreeSet<>();
    private final StringBuilder partial = new StringBuilder();
    private final byte[] buffer = new byte[1 << 20];
    private long count;

    private Follower(final Process process, final RandomAccessFile output, final List<Path> directories) {
        this.process = process;
        this.output = output;
        this.directories = directories;
    }

    /**
     * Begins to watch.
     *
     * @param base a directory for the program and its output
     * @param directories without what they hold at present
     */
    static Follower start(final Path base, final List<Path> directories) throws IOException {
        final Path program = Commands.compile("inotify", base);
        final Path file = base.resolve("events");
        final List<String> command = new ArrayList<>(List.of(program.toString()));
        directories.forEach(directory -> command.add(directory.toString()));
        final Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(file.toFile())
                .start();
        final Follower follower = new Follower(process, new RandomAccessFile(file.toFile(), "r"), directories);
        Awaitility.await("the watch")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> Files.size(file) >= "watching\n".length());
        return follower;
    }

    /** Takes in what was told so far; how many events that is since the beginning. */
    long events() throws IOException {
        for (int length = output.read(buffer); length > 0; length = output.read(buffer)) {
            partial.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
            int begin = 0;
            for (int end = partial.indexOf("\n"); end >= 0; end = partial.indexOf("\n", begin)) {
                told(partial.substring(begin, end));
                begin = end + 1;
            }
            partial.delete(0, begin);
        }
        return count;
    }

    private void told(final String line) throws IOException {
        final String[] parts = line.split(" ", 3);
        if (parts.length == 1) {
            return;
        }
        count++;
        final String masks = parts[1];
        if (masks.equals("Q_OVERFLOW")) {
            names.clear();
            for (final Path directory : directories) {
                for (final String name : directory.toFile().list()) {
                    names.add(directory + "/" + name);
                }
            }
        } else if (parts.length == 3) {
            final String path = parts[0] + "/" + parts[2];
            if (masks.startsWith("CREATE") || masks.startsWith("MOVED_TO")) {
                names.add(path);
            } else if (masks.startsWith("DELETE") || masks.startsWith("MOVED_FROM")) {
                names.remove(path);
            }
        }
    }

    /** The paths of what it has been told is there. */
    Set<String> names() throws IOException {
        events();
        return names;
    }

    /** Waits until it has been told of {@code path}, which is new to it. */
    void await(final Path path) {
        Awaitility.await("an event of " + path)
                .atMost(240, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(() -> names().contains(path.toString()));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        output.close();
    }
}
