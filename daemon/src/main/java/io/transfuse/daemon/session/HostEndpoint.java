package io.transfuse.daemon.session;

import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.RefusedException;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.Version;
import io.transfuse.protocol.Welcome;
import io.transfuse.transport.Address;
import io.transfuse.transport.Connection;
import io.transfuse.transport.Connector;
import io.transfuse.transport.NativeBuffer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The host server as all sessions of a daemon reach it. Thread-safe. */
public final class HostEndpoint implements Closeable {
    private static final int HANDSHAKE_MILLIS = 20_000;

    private final Connector connector;

    /** Does not connect yet. */
    public HostEndpoint(final Address address) {
        this.connector = Connector.to(address);
    }

    public Address address() {
        return connector.address();
    }

    /**
     * One more connection.
     *
     * @throws IOException with a message for the user
     */
    Connection connect() throws IOException {
        try {
            return connector.connect();
        } catch (final IOException e) {
            throw new IOException(e.getMessage() + ": is 'transfuse serve' running there?", e);
        }
    }

    /**
     * Opens the conversation on a new connection.
     *
     * @param memory of {@link Limits#HANDSHAKE_FRAME_MAX} bytes; holds the answer's frame on return
     * @throws IOException with a message for the user if the host refuses or is no host server
     */
    Welcome greet(final Connection connection, final NativeBuffer memory, final Hello hello) throws IOException {
        final ByteBuffer frame = memory.bytes();
        connection.setReadTimeout(HANDSHAKE_MILLIS);
        connection.writeFully(memory, 0, Hello.encode(frame, hello));
        connection.readFully(memory, 0, ReplyFrame.SIZE);
        final int length = ReplyFrame.length(frame);
        if (length < ReplyFrame.SIZE || length > Limits.HANDSHAKE_FRAME_MAX) {
            throw new IOException("what listens at " + address() + " is no host server");
        }
        connection.readFully(memory, ReplyFrame.SIZE, length - ReplyFrame.SIZE);
        connection.setReadTimeout(0);
        try {
            final Welcome welcome = Welcome.decode(frame);
            if (!Version.CURRENT.understands(welcome.version())) {
                throw new IOException("the host server speaks protocol version " + welcome.version() + ", this daemon "
                        + Version.CURRENT + ": install the same release on both sides");
            }
            return welcome;
        } catch (final RefusedException e) {
            throw new IOException(e.getMessage(), e);
        } catch (final ProtocolException e) {
            throw new IOException("what listens at " + address() + " is no host server: " + e.getMessage(), e);
        }
    }

    /** Ends what the connections share; after the sessions. */
    @Override
    public void close() {
        connector.close();
    }
}
