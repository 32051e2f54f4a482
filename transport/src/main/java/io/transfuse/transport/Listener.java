package io.transfuse.transport;

import java.io.Closeable;
import java.io.IOException;

/** Accepts connections at an address. {@link #shutdown} may come from any thread. */
public interface Listener extends Closeable {
    /**
     * Begins to listen.
     *
     * @param events is told of what goes wrong later
     * @throws IOException with a message that names the address and the cause; also when another server answers there
     */
    static Listener listen(final Address address, final Admission admission, final Events events) throws IOException {
        if (address instanceof Address.Device) {
            return MultiplexListener.listen((Address.Device) address, admission, events);
        }
        return SocketListener.listen(address, admission, events);
    }

    /** What the operator should know. The calls come from any thread and must not wait. */
    interface Events {
        /** A peer is not admitted, and its connection was closed. */
        void refused(Peer peer);

        /** Something failed that ends a stream, or that is tried again; a line for the log. */
        void failed(String line);
    }

    /** Waits for the next connection; null after {@link #shutdown}. */
    Connection accept() throws IOException;

    /** Where it listens. */
    Address address();

    /** Makes {@link #accept} return null, now and later. */
    void shutdown();

    /** Gives back what it holds; for after {@link #accept} has returned for the last time. */
    @Override
    void close() throws IOException;
}
