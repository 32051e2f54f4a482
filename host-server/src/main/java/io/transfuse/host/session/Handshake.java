package io.transfuse.host.session;

import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Welcome;
import io.transfuse.transport.Connection;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;

/** Reads the first frame of a connection and answers it. */
final class Handshake {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Connection connection;
    private final NativeBuffer memory = NativeBuffer.allocate(Limits.HANDSHAKE_FRAME_MAX);

    Handshake(final Connection connection) {
        this.connection = connection;
    }

    /** Waits for the greeting, though not for ever. */
    Hello read() throws IOException, ProtocolException {
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.readFully(memory, 0, RequestFrame.SIZE);
        final int length = RequestFrame.length(memory.bytes());
        if (RequestFrame.opcode(memory.bytes()) != Opcode.HELLO.code()
                || length < RequestFrame.SIZE
                || length > Limits.HANDSHAKE_FRAME_MAX) {
            throw new ProtocolException("the peer does not speak this protocol");
        }
        connection.readFully(memory, RequestFrame.SIZE, length - RequestFrame.SIZE);
        connection.setReadTimeout(0);
        return Hello.decode(memory.bytes());
    }

    /** The memory in which the root's attributes are to be put before {@link #welcome}. */
    NativeBuffer memory() {
        return memory;
    }

    void welcome(final Welcome welcome) throws IOException {
        connection.writeFully(memory, 0, Welcome.encode(memory.bytes(), welcome));
    }

    void refuse(final int errno, final String message) throws IOException {
        connection.writeFully(memory, 0, Welcome.encodeRefusal(memory.bytes(), errno, message));
    }
}
