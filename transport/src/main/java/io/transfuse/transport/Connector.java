package io.transfuse.transport;

import java.io.Closeable;
import java.io.IOException;

/** Makes connections to a host server. Thread-safe. */
public interface Connector extends Closeable {
    /** One that connects to {@code address}, which is first tried by {@link #connect}. */
    static Connector to(final Address address) {
        if (address instanceof Address.Device) {
            return new MultiplexConnector((Address.Device) address);
        }
        return new SocketConnector(address);
    }

    /** Where it connects to. */
    Address address();

    /**
     * One more connection.
     *
     * @throws IOException with a message that names the address and the cause
     */
    Connection connect() throws IOException;

    /** Ends what the connections share, and so the connections, where they share something. */
    @Override
    void close();
}
