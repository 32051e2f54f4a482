package io.transfuse.host.session;

import io.transfuse.host.operation.Exchange;
import io.transfuse.host.operation.Operations;
import io.transfuse.host.operation.SessionState;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.transport.Connection;
import java.io.IOException;

/** Serves a lane: reads a request, executes it and answers, all in one thread and one request at a time. */
final class RequestLane {
    private RequestLane() {}

    /** Serves the connection in the calling thread until the guest ends it. */
    static void run(final Connection connection, final SessionState session) throws IOException, ProtocolException {
        session.posix().becomeLane();
        final Exchange exchange = new Exchange(session);
        final FrameReader reader = new FrameReader(connection, exchange.requestMemory(), Limits.FRAME_MAX);
        while (reader.next()) {
            final int length = Operations.execute(exchange);
            if (length > 0) {
                connection.writeFully(exchange.replyMemory(), 0, length);
            }
            reader.consume();
        }
    }
}
