package io.transfuse.daemon.session;

import io.transfuse.protocol.Authenticate;
import io.transfuse.protocol.Features;
import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Nonce;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.RefusedException;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.Secret;
import io.transfuse.protocol.Version;
import io.transfuse.protocol.Welcome;
import io.transfuse.transport.Address;
import io.transfuse.transport.Connection;
import io.transfuse.transport.Connector;
import io.transfuse.transport.NativeBuffer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host server as all sessions of a daemon reach it. Thread-safe. */
public final class HostEndpoint implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(HostEndpoint.class);
    private static final int HANDSHAKE_MILLIS = 20_000;

    private final Connector connector;
    private final Secret secret;

    /**
     * Does not connect yet.
     *
     * @param secret what the host server must know, and asks for; null for none
     */
    public HostEndpoint(final Address address, final Secret secret) {
        this.connector = Connector.to(address);
        this.secret = secret;
    }

    public Address address() {
        return connector.address();
    }

    /**
     * Has both sides make a handshake once, so that the first mount need not wait until they have loaded what that takes. A
     * host that cannot be reached yet is no error: a mount will tell.
     */
    public void prepare() {
        try (Connection connection = openLog(NativeBuffer.allocate(Limits.HANDSHAKE_FRAME_MAX), "prepare")) {
            connection.shutdown();
        } catch (final IOException e) {
            LOG.debug("The host is not prepared: {}", e.getMessage());
        }
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
     * A connection for a guest's log.
     *
     * @param memory of {@link Limits#HANDSHAKE_FRAME_MAX} bytes
     * @param guest what the guest calls itself
     */
    Connection openLog(final NativeBuffer memory, final String guest) throws IOException {
        final Connection opened = connect();
        try {
            final Welcome welcome =
                    greet(opened, memory, new Hello.Log(Version.CURRENT, Features.LOG, Limits.FRAME_MAX, guest));
            if ((welcome.features() & Features.LOG) == 0) {
                throw new IOException("the host server takes no logs");
            }
            return opened;
        } catch (final IOException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Opens the conversation on a new connection.
     *
     * @param memory of {@link Limits#HANDSHAKE_FRAME_MAX} bytes; holds the welcome's frame on return
     * @throws IOException with a message for the user if the host refuses, is no host server, or does not know the secret
     */
    Welcome greet(final Connection connection, final NativeBuffer memory, final Hello hello) throws IOException {
        final ByteBuffer frame = memory.bytes();
        connection.setReadTimeout(HANDSHAKE_MILLIS);
        int length = Hello.encode(frame, hello);
        if (secret != null) {
            length = Hello.addNonce(frame, Nonce.random());
        }
        final byte[] greeting = new byte[length];
        frame.get(0, greeting);
        try {
            send(connection, memory, length);
            Nonce challenge = null;
            if (secret != null && Authenticate.isChallenge(frame)) {
                challenge = Authenticate.challenge(frame);
                connection.writeFully(memory, 0, Authenticate.encode(frame, secret.guestProof(challenge, greeting)));
                receive(connection, memory);
            }
            final Welcome welcome = Welcome.decode(frame);
            if (!Version.CURRENT.understands(welcome.version())) {
                throw new IOException("the host server speaks protocol version " + welcome.version() + ", this daemon "
                        + Version.CURRENT + ": install the same release on both sides");
            }
            if (secret != null) {
                checkProof(Welcome.proof(frame), challenge, greeting);
            }
            connection.setReadTimeout(0);
            return welcome;
        } catch (final RefusedException e) {
            throw new IOException(e.getMessage(), e);
        } catch (final ProtocolException e) {
            throw new IOException("what listens at " + address() + " is no host server: " + e.getMessage(), e);
        }
    }

    /** Sends the greeting and waits for what answers it. */
    private void send(final Connection connection, final NativeBuffer memory, final int length)
            throws IOException, ProtocolException {
        try {
            connection.writeFully(memory, 0, length);
            receive(connection, memory);
        } catch (final IOException e) {
            throw new IOException(
                    "what listens at " + address() + " did not answer (" + e.getMessage()
                            + "): the host server's log tells whether this peer is permitted",
                    e);
        }
    }

    private static void receive(final Connection connection, final NativeBuffer memory)
            throws IOException, ProtocolException {
        connection.readFully(memory, 0, ReplyFrame.SIZE);
        final int length = ReplyFrame.length(memory.bytes());
        if (length < ReplyFrame.SIZE || length > Limits.HANDSHAKE_FRAME_MAX) {
            throw new ProtocolException("an answer of " + Integer.toUnsignedString(length) + " bytes");
        }
        connection.readFully(memory, ReplyFrame.SIZE, length - ReplyFrame.SIZE);
    }

    private void checkProof(final byte[] proof, final Nonce challenge, final byte[] greeting) throws IOException {
        if (proof == null || challenge == null || !Secret.areEqual(proof, secret.hostProof(challenge, greeting))) {
            throw new IOException("what listens at " + address()
                    + " does not know the secret: give the host server the same --secret-file");
        }
    }

    /** Ends what the connections share; after the sessions. */
    @Override
    public void close() {
        connector.close();
    }
}
