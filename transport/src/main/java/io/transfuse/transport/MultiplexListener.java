package io.transfuse.transport;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Accepts the channels of multiplexed streams. The streams are those that connect at a UNIX socket, or one character
 * device, which is opened again when its peer has gone.
 */
final class MultiplexListener implements Listener {
    private static final int STREAMS_MAX = 64;
    private static final long PAUSE_MILLIS = 500;
    private static final long END_MILLIS = 5_000;

    private final Address.Device address;
    private final Events events;

    /** Where streams come from; null for a device. */
    private final SocketListener socket;

    private final LinkedBlockingQueue<Optional<Connection>> accepted = new LinkedBlockingQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition over = lock.newCondition();
    private final Set<Connection> streams = new HashSet<>();
    private final Set<Thread> threads = new HashSet<>();
    private boolean shutDown;

    private MultiplexListener(final Address.Device address, final SocketListener socket, final Events events) {
        this.address = address;
        this.socket = socket;
        this.events = events;
    }

    /** As {@link Listener#listen}, at a device or at the socket where its other end appears. */
    static MultiplexListener listen(final Address.Device address, final Admission admission, final Events events)
            throws IOException {
        final boolean isDevice = DeviceFile.at(address.path()) == DeviceFile.CHARACTER_DEVICE;
        final SocketListener socket =
                isDevice ? null : SocketListener.listen(new Address.Unix(address.path()), admission, events);
        final MultiplexListener listener = new MultiplexListener(address, socket, events);
        if (isDevice) {
            // A device that cannot be opened is told at once.
            final Connection stream = DeviceConnection.open(address.path());
            listener.start("multiplex-device", () -> listener.serveDevice(stream));
        } else {
            listener.start("multiplex-accept", listener::acceptStreams);
        }
        return listener;
    }

    private void start(final String name, final Runnable work) {
        final Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } finally {
                        withLock(() -> threads.remove(Thread.currentThread()));
                    }
                },
                name);
        thread.setDaemon(true);
        withLock(() -> threads.add(thread));
        thread.start();
    }

    private void withLock(final Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    private void acceptStreams() {
        boolean open = true;
        while (open) {
            try {
                final Connection stream = socket.accept();
                open = stream != null;
                if (open) {
                    begin(stream);
                }
            } catch (final IOException e) {
                events.failed(e.getMessage());
                open = pause();
            }
        }
    }

    private void begin(final Connection stream) {
        if (!add(stream)) {
            events.failed("a stream of " + stream.peer() + " at " + address + " was refused: there are " + STREAMS_MAX);
            stream.close();
            return;
        }
        start("multiplex", () -> serve(stream));
    }

    private boolean add(final Connection stream) {
        lock.lock();
        try {
            return !shutDown && streams.size() < STREAMS_MAX && streams.add(stream);
        } finally {
            lock.unlock();
        }
    }

    private void serve(final Connection stream) {
        final HostMultiplex multiplex = new HostMultiplex(
                stream,
                Thread.currentThread().getName(),
                channel -> accepted.add(Optional.of(channel)),
                reason -> events.failed("the stream of " + stream.peer() + " at " + address + " is broken: " + reason));
        try {
            multiplex.run();
        } catch (final IOException e) {
            events.failed("the stream of " + stream.peer() + " at " + address + " has ended: " + e.getMessage());
        } finally {
            withLock(() -> streams.remove(stream));
        }
    }

    private void serveDevice(final Connection first) {
        Connection stream = first;
        while (stream == null || add(stream)) {
            if (stream != null) {
                serve(stream);
            }
            if (!pause()) {
                return;
            }
            stream = reopen();
        }
        stream.close();
    }

    private Connection reopen() {
        try {
            return DeviceConnection.open(address.path());
        } catch (final IOException e) {
            events.failed(e.getMessage());
            return null;
        }
    }

    /** Waits a little; false after {@link #shutdown}. */
    private boolean pause() {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
            while (!shutDown && left > 0) {
                left = over.awaitNanos(left);
            }
            return !shutDown;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Connection accept() throws IOException {
        try {
            final Connection connection = accepted.take().orElse(null);
            if (connection == null) {
                accepted.add(Optional.empty());
            }
            return connection;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public void shutdown() {
        final List<Connection> open;
        lock.lock();
        try {
            if (shutDown) {
                return;
            }
            shutDown = true;
            open = List.copyOf(streams);
            over.signalAll();
        } finally {
            lock.unlock();
        }
        accepted.add(Optional.empty());
        if (socket != null) {
            socket.shutdown();
        }
        open.forEach(Connection::shutdown);
    }

    @Override
    public void close() throws IOException {
        shutdown();
        final List<Thread> running;
        lock.lock();
        try {
            running = List.copyOf(threads);
        } finally {
            lock.unlock();
        }
        try {
            for (final Thread thread : running) {
                thread.join(END_MILLIS);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (socket != null) {
            socket.close();
        }
    }
}
