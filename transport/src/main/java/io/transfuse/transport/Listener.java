package io.transfuse.transport;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;

/** Accepts connections at an address. {@link #shutdown} may come from any thread. */
public interface Listener extends Closeable {
    /**
     * Begins to listen.
     *
     * @param refused is told of peers that are not admitted, whose connection is closed; in the thread that accepts
     * @throws IOException with a message that names the address and the cause; also when another server answers there
     */
    static Listener listen(final Address address, final Admission admission, final Consumer<Peer> refused)
            throws IOException {
        return SocketListener.listen(address, admission, refused);
    }

    /** Waits for the next connection; null after {@link #shutdown}. */
    Connection accept() throws IOException;

    Address address();

    /** Makes {@link #accept} return null, now and later. */
    void shutdown();

    /** Gives back what it holds; for after {@link #accept} has returned for the last time. */
    @Override
    void close() throws IOException;
}
