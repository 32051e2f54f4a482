package io.transfuse.tests;

import io.transfuse.transport.NativeBuffer;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Records what inotify(7) tells, as lines: the watch, the masks, the name, and the cookie as {@code #1} for the first that
 * came, {@code #2} for the next.
 */
final class Inotify implements Closeable {
    private static final int IN_NONBLOCK = 04000;
    private static final int IN_CLOEXEC = 02000000;

    /** All but mere opens, reads, and closes of what was not written to, of which no host tells. */
    private static final int IN_CHANGES = 0xfff & ~(0x1 | 0x10 | 0x20);

    private static final int IN_DONT_FOLLOW = 0x02000000;
    private static final int POLL_MILLIS = 20;
    private static final int HEADER = 16;
    private static final int OVERFLOW = 0x4000;

    private static final Map<Integer, String> MASKS = masks();

    private final int descriptor;
    private final Map<Integer, String> watches = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> cookies = new HashMap<>();
    private final List<String> events = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    private static Map<Integer, String> masks() {
        final Map<Integer, String> masks = new java.util.LinkedHashMap<>();
        masks.put(1, "ACCESS");
        masks.put(2, "MODIFY");
        masks.put(4, "ATTRIB");
        masks.put(8, "CLOSE_WRITE");
        masks.put(0x10, "CLOSE_NOWRITE");
        masks.put(0x20, "OPEN");
        masks.put(0x40, "MOVED_FROM");
        masks.put(0x80, "MOVED_TO");
        masks.put(0x100, "CREATE");
        masks.put(0x200, "DELETE");
        masks.put(0x400, "DELETE_SELF");
        masks.put(0x800, "MOVE_SELF");
        masks.put(0x2000, "UNMOUNT");
        masks.put(OVERFLOW, "Q_OVERFLOW");
        masks.put(0x8000, "IGNORED");
        masks.put(0x40000000, "ISDIR");
        return masks;
    }

    Inotify() {
        descriptor = (int) Libc.result(Libc.c().inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
        if (descriptor < 0) {
            throw new AssertionError("inotify_init1: " + Libc.name(descriptor));
        }
        thread = new Thread(this::read, "inotify");
        thread.setDaemon(true);
        thread.start();
    }

    /** Watches for changes. */
    Inotify watch(final String label, final Path path) {
        final long watch =
                Libc.result(Libc.c().inotify_add_watch(descriptor, Libc.path(path), IN_CHANGES | IN_DONT_FOLLOW));
        if (watch < 0) {
            throw new AssertionError("inotify_add_watch " + path + ": " + Libc.name(watch));
        }
        watches.put((int) watch, label);
        return this;
    }

    private void read() {
        final NativeBuffer buffer = NativeBuffer.allocate(64 * 1024);
        final NativeBuffer poll = NativeBuffer.allocate(8);
        poll.bytes().putInt(0, descriptor);
        poll.bytes().putShort(4, (short) 1);
        while (!closed) {
            Libc.c().poll(poll.address(), 1, POLL_MILLIS);
            final long length = Libc.c().read(descriptor, buffer.address(), buffer.capacity());
            if (length > 0) {
                decode(buffer.bytes(), (int) length);
            }
        }
        Libc.close(descriptor);
    }

    private synchronized void decode(final ByteBuffer bytes, final int length) {
        int at = 0;
        while (at < length) {
            final int nameLength = bytes.getInt(at + 12);
            final byte[] name = new byte[nameLength];
            bytes.get(at + HEADER, name);
            events.add(line(bytes.getInt(at), bytes.getInt(at + 4), bytes.getInt(at + 8), name));
            at += HEADER + nameLength;
        }
    }

    private String line(final int watch, final int mask, final int cookie, final byte[] padded) {
        final StringBuilder line = new StringBuilder(watches.getOrDefault(watch, "-"));
        line.append(' ');
        boolean first = true;
        for (final Map.Entry<Integer, String> bit : MASKS.entrySet()) {
            if ((mask & bit.getKey()) != 0) {
                line.append(first ? "" : "|").append(bit.getValue());
                first = false;
            }
        }
        final String name = new String(padded, StandardCharsets.UTF_8).replace("\0", "");
        if (!name.isEmpty()) {
            line.append(' ').append(name);
        }
        if (cookie != 0) {
            line.append(" #").append(cookies.computeIfAbsent(cookie, key -> cookies.size() + 1));
        }
        return line.toString();
    }

    /**
     * Makes something on the host, and waits until the guest has been told of all of it, so that what a test sees afterwards
     * is of its own changes.
     *
     * @param base a directory as the host sees it, in which {@code script} runs
     * @param seen the same as the guest sees it
     */
    static void lay(final Path base, final Path seen, final String script) {
        try (Inotify inotify = new Inotify().watch("root", seen)) {
            final AtomicInteger probes = new AtomicInteger();
            Awaitility.await("the host is told of").until(() -> {
                Files.createFile(base.resolve(".probe" + probes.incrementAndGet()));
                return Files.isDirectory(seen) && !inotify.events().isEmpty();
            });
            Commands.shell(base, "rm .probe*\n" + script + "\ntouch .laid");
            inotify.await("root CLOSE_WRITE .laid");
            Commands.shell(base, "rm .laid");
            inotify.await("root DELETE .laid");
        }
    }

    /** What has come so far. */
    synchronized List<String> events() {
        return new ArrayList<>(events);
    }

    /**
     * What has come so far, watch by watch. The same twice in a row is told once: how many writes one event stands for differs
     * from run to run on a local file system, too.
     */
    Map<String, List<String>> byWatch() {
        return byFirstWord(events());
    }

    /** What follows the first word of each line, by that word; the same twice in a row is there once. */
    static Map<String, List<String>> byFirstWord(final List<String> all) {
        final Map<String, List<String>> result = new java.util.TreeMap<>();
        for (final String event : all) {
            final int space = event.indexOf(' ');
            final List<String> lines = result.computeIfAbsent(event.substring(0, space), key -> new ArrayList<>());
            final String line = event.substring(space + 1);
            if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(line)) {
                lines.add(line);
            }
        }
        return result;
    }

    synchronized void clear() {
        events.clear();
        cookies.clear();
    }

    /** Waits for a line; what has come until then, that line included. */
    List<String> await(final String line) {
        Awaitility.await("the event " + line + " among " + this)
                .atMost(20, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> events().contains(line));
        return events();
    }

    @Override
    public String toString() {
        return events().toString();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
