package io.transfuse.daemon.session;

import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.LogRecord;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.transport.Connection;
import io.transfuse.transport.NativeBuffer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The host server's log, written to over a connection of its own by a thread of its own: whoever logs never waits for
 * the host. Lines are kept until the host can be reached, as many as there is place for; the others are counted, and
 * the host is told how many there were. Logs nothing itself, which would come back to it. Thread-safe.
 */
public final class HostLog implements Closeable {
    private static final int WAITING_MAX = 1000;
    private static final long RETRY_MILLIS = 5_000;
    private static final long CLOSE_MILLIS = 1_000;
    private static final String END = "";

    private final HostEndpoint host;
    private final String guest;
    private final ArrayBlockingQueue<Line> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong lost = new AtomicLong();
    private final Thread writer;
    private volatile Connection connection;
    private volatile boolean closed;

    private record Line(int level, String text) {}

    /** Connects when there is something to write. */
    public HostLog(final HostEndpoint host, final String guest) {
        this.host = host;
        this.guest = guest;
        this.writer = new Thread(this::run, "host-log");
        writer.setDaemon(true);
        writer.start();
    }

    /** Whether a guest may be called so. */
    public static boolean isName(final String name) {
        final int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes > 0 && bytes <= Hello.GUEST_MAX && name.chars().noneMatch(Character::isISOControl);
    }

    /**
     * Puts a line into the queue.
     *
     * @param level one of {@link LogRecord}'s
     */
    public void write(final int level, final String text) {
        if (!waiting.offer(new Line(level, text))) {
            lost.incrementAndGet();
        }
    }

    private void run() {
        final NativeBuffer memory = NativeBuffer.allocate(Limits.HANDSHAKE_FRAME_MAX);
        Line line = null;
        try {
            while (true) {
                if (line == null) {
                    line = waiting.take();
                }
                if (line.text().equals(END) && closed) {
                    return;
                }
                try {
                    if (connection == null) {
                        connection = host.openLog(memory, guest);
                    }
                    final long missing = lost.getAndSet(0);
                    if (missing > 0) {
                        send(memory, new Line(LogRecord.WARNING, missing + " lines of the log were lost"));
                    }
                    send(memory, line);
                    line = null;
                } catch (final IOException e) {
                    disconnect();
                    if (closed) {
                        return;
                    }
                    TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    private void send(final NativeBuffer memory, final Line line) throws IOException {
        RequestFrame.setCaller(memory.bytes(), 0, 0, 0);
        connection.writeFully(memory, 0, LogRecord.encode(memory.bytes(), line.level(), line.text()));
    }

    private void disconnect() {
        final Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    /** Writes what waits, if the host takes it at once, and ends. */
    @Override
    public void close() {
        closed = true;
        if (!waiting.offer(new Line(LogRecord.DEBUG, END))) {
            writer.interrupt();
        }
        try {
            writer.join(CLOSE_MILLIS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        final Connection open = connection;
        if (writer.isAlive() && open != null) {
            open.shutdown();
        }
        writer.interrupt();
    }
}
