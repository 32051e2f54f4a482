package io.transfuse.transport;

import java.io.IOException;

/**
 * A socket for each connection.
 *
 * @param address of a UNIX socket or over vsock
 */
record SocketConnector(Address address) implements Connector {
    @Override
    public Connection connect() throws IOException {
        return SocketConnection.connect(address);
    }

    @Override
    public void close() {
        // Connections share nothing.
    }
}
