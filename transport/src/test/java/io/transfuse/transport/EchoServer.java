package io.transfuse.transport;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sends back what it is sent, on each connection in a thread of its own; a connection on which 'S' comes first is not read any more. */
final class EchoServer implements Closeable, Listener.Events {
    private final Listener listener;
    private final Thread accepter;
    private final Map<Connection, Thread> connections = new ConcurrentHashMap<>();

    final List<Peer> refused = new CopyOnWriteArrayList<>();
    final List<String> failed = new CopyOnWriteArrayList<>();

    EchoServer(final Address address, final Admission admission) throws IOException {
        this.listener = Listener.listen(address, admission, this);
        this.accepter = new Thread(this::accept, "echo");
        accepter.start();
    }

    EchoServer(final Address address) throws IOException {
        this(address, Admission.OWN);
    }

    @Override
    public void refused(final Peer peer) {
        refused.add(peer);
    }

    @Override
    public void failed(final String line) {
        failed.add(line);
    }

    /** How many connections there are. */
    int connections() {
        return connections.size();
    }

    private void accept() {
        try {
            for (Connection next = listener.accept(); next != null; next = listener.accept()) {
                final Connection connection = next;
                final Thread thread = new Thread(() -> echo(connection), "echo connection");
                connections.put(connection, thread);
                thread.start();
            }
        } catch (final IOException e) {
            failed.add(e.getMessage());
        }
    }

    private void echo(final Connection connection) {
        final NativeBuffer buffer = NativeBuffer.allocate(50_000);
        try {
            boolean first = true;
            for (int count = connection.read(buffer, 0, buffer.capacity());
                    count >= 0;
                    count = connection.read(buffer, 0, buffer.capacity())) {
                if (first && buffer.bytes().get(0) == 'S') {
                    synchronized (connection) {
                        while (connections.containsKey(connection)) {
                            connection.wait(10);
                        }
                    }
                }
                first = false;
                connection.writeFully(buffer, 0, count);
            }
        } catch (final IOException | InterruptedException e) {
            // The peer has gone.
        } finally {
            connection.close();
            connections.remove(connection);
        }
    }

    @Override
    public void close() throws IOException {
        listener.shutdown();
        final List<Connection> open = List.copyOf(connections.keySet());
        connections.clear();
        open.forEach(Connection::shutdown);
        try {
            accepter.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
    }
}
