package io.transfuse.host.session;

import io.transfuse.protocol.Authenticate;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Features;
import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Nonce;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.RefusedException;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Secret;
import io.transfuse.protocol.Welcome;
import io.transfuse.transport.Connection;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Reads what opens a connection and answers it. The guest has ten seconds for all of it, however slowly it sends. */
final class Handshake {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Connection connection;
    private final NativeBuffer memory = NativeBuffer.allocate(Limits.HANDSHAKE_FRAME_MAX);
    private final long begin = System.nanoTime();
    private byte[] greeting;

    /** What goes behind the welcome; null without a secret. */
    private byte[] proof;

    Handshake(final Connection connection) {
        this.connection = connection;
    }

    /** Waits for the greeting. */
    Hello read() throws IOException, ProtocolException {
        final int length = receive(Opcode.HELLO);
        greeting = new byte[length];
        memory.bytes().get(0, greeting);
        return Hello.decode(memory.bytes());
    }

    /** Waits for a frame of this kind; its length. */
    private int receive(final Opcode opcode) throws IOException, ProtocolException {
        readFully(0, RequestFrame.SIZE);
        final int length = RequestFrame.length(memory.bytes());
        if (RequestFrame.opcode(memory.bytes()) != opcode.code()
                || length < RequestFrame.SIZE
                || length > Limits.HANDSHAKE_FRAME_MAX) {
            throw new ProtocolException("the peer does not speak this protocol");
        }
        readFully(RequestFrame.SIZE, length);
        return length;
    }

    private void readFully(final int from, final int to) throws IOException, ProtocolException {
        int filled = from;
        while (filled < to) {
            connection.setReadTimeout((int) Math.max(1, millisLeft()));
            filled += read(filled, to - filled);
            if (millisLeft() <= 0) {
                throw tooSlow();
            }
        }
    }

    private long millisLeft() {
        return TIMEOUT_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private static ProtocolException tooSlow() {
        return new ProtocolException("the handshake took longer than " + TIMEOUT_MILLIS + " ms");
    }

    private int read(final int at, final int most) throws IOException, ProtocolException {
        final int count;
        try {
            count = connection.read(memory, at, most);
        } catch (final IOException e) {
            throw millisLeft() <= 0 ? tooSlow() : new ProtocolException("within the handshake: " + e.getMessage());
        }
        if (count < 0 && at > 0) {
            throw new ProtocolException("the peer closed the connection within the handshake");
        }
        if (count < 0) {
            throw new IOException("the peer closed the connection without a word");
        }
        return count;
    }

    /**
     * Lets only a guest go on that knows the secret.
     *
     * @param secret null if there is none
     * @throws RefusedException if it does not know it
     */
    void authenticate(final Hello hello, final Secret secret) throws IOException, ProtocolException, RefusedException {
        if (secret == null) {
            return;
        }
        if ((hello.features() & Features.AUTHENTICATION) == 0) {
            throw new RefusedException(
                    Errno.EACCES, "the host server asks for a secret: start the daemon with --secret-file");
        }
        final Nonce challenge = Nonce.random();
        connection.writeFully(memory, 0, Authenticate.encodeChallenge(memory.bytes(), challenge));
        receive(Opcode.AUTHENTICATE);
        if (!Secret.areEqual(Authenticate.proof(memory.bytes()), secret.guestProof(challenge, greeting))) {
            throw new RefusedException(
                    Errno.EACCES, "the daemon's secret is not the host server's: give both the same --secret-file");
        }
        proof = secret.hostProof(challenge, greeting);
        for (int i = 0; i < memory.capacity(); i++) {
            memory.bytes().put(i, (byte) 0);
        }
    }

    /** The memory in which the root's attributes are to be put before {@link #welcome}. */
    NativeBuffer memory() {
        return memory;
    }

    void welcome(final Welcome welcome) throws IOException {
        connection.setReadTimeout(0);
        int length = Welcome.encode(memory.bytes(), welcome);
        if (proof != null) {
            length = Welcome.addProof(memory.bytes(), proof);
        }
        connection.writeFully(memory, 0, length);
    }

    void refuse(final int errno, final String message) throws IOException {
        connection.writeFully(memory, 0, Welcome.encodeRefusal(memory.bytes(), errno, message));
    }
}
