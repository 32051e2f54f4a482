package io.transfuse.transport;

import java.io.IOException;

/** Channels on one stream, which is opened by the first of them, and again after it was lost. */
final class MultiplexConnector implements Connector {
    private final Address.Device address;
    private GuestMultiplex session;

    MultiplexConnector(final Address.Device address) {
        this.address = address;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public synchronized Connection connect() throws IOException {
        if (session == null || session.isLost()) {
            close();
            session = GuestMultiplex.open(openStream(), address);
        }
        return session.openChannel();
    }

    private Connection openStream() throws IOException {
        switch (DeviceFile.at(address.path())) {
            case CHARACTER_DEVICE:
                return DeviceConnection.open(address.path());
            case SOCKET:
                return SocketConnection.connect(new Address.Unix(address.path()));
            case ABSENT:
                throw new IOException("cannot connect to " + address + ": there is no such device");
            default:
                throw new IOException("cannot connect to " + address + ": that is neither a device nor a socket");
        }
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
