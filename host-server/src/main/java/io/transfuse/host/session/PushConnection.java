package io.transfuse.host.session;

import io.transfuse.host.lock.LockRequest;
import io.transfuse.host.lock.LockTable;
import io.transfuse.host.operation.LockOperations;
import io.transfuse.protocol.Cancel;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Invalidated;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.LockFlags;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Setlk;
import io.transfuse.transport.Connection;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a mount that carries what is not request and reply: locks that wait, their cancels and answers, what
 * is stale and what happened. One thread reads, one writes what others have queued, so that nobody waits for a guest
 * that does not read.
 */
final class PushConnection {
    private static final Logger LOG = LoggerFactory.getLogger(PushConnection.class);
    private static final int FRAME_MAX = 512;
    private static final int PUSH_MAX = Limits.HANDSHAKE_FRAME_MAX;
    private static final long RETRY_MILLIS = 10;
    private static final long IDLE_MILLIS = 60_000;

    private final Connection connection;
    private final LinkedBlockingQueue<Work> work = new LinkedBlockingQueue<>();
    private final Invalidations invalidations;

    private sealed interface Work permits Answer, Wake, Changed, End {}

    private record Answer(long id, int errno) implements Work {}

    /** Somebody waits for a lock now. */
    private record Wake() implements Work {}

    /** Something is to be told of changes. */
    private record Changed() implements Work {}

    private record End() implements Work {}

    /**
     * @param remembers whether the guest is told what is stale
     * @param events what is to be told of that which happened; null where nothing is
     */
    PushConnection(final Connection connection, final boolean remembers, final Events events) {
        this.connection = connection;
        this.invalidations = new Invalidations(() -> work.add(new Changed()), remembers, events);
    }

    /** Something is to be told. Never waits. */
    void wake() {
        work.add(new Changed());
    }

    /** Queues the answer to a lock that waited. Their number is bounded by that of the waiters. */
    void lockAnswered(final long id, final int errno) {
        work.add(new Answer(id, errno));
    }

    Invalidations invalidations() {
        return invalidations;
    }

    void shutdown() {
        invalidations.close();
        connection.shutdown();
        work.add(new End());
    }

    /** Serves the connection in the calling thread and one of its own, until either peer ends it. */
    void run(final LockTable locks) throws IOException, ProtocolException {
        final Thread writer =
                new Thread(() -> write(locks), Thread.currentThread().getName() + "-writer");
        writer.setDaemon(true);
        writer.start();
        final NativeBuffer memory = NativeBuffer.allocate(FRAME_MAX);
        final FrameReader reader = new FrameReader(connection, memory, FRAME_MAX);
        try {
            while (reader.next()) {
                receive(memory.bytes(), locks);
                reader.consume();
            }
        } finally {
            shutdown();
        }
    }

    private void receive(final ByteBuffer frame, final LockTable locks) throws ProtocolException {
        final Opcode opcode = RequestFrame.check(frame);
        if (opcode == Opcode.CANCEL) {
            locks.cancel(Cancel.target(frame));
            return;
        }
        if (opcode == Opcode.INVALIDATED) {
            invalidations.acknowledge(Invalidated.sequence(frame));
            return;
        }
        if (opcode != Opcode.SETLK) {
            throw new ProtocolException(opcode + " on a push connection");
        }
        final LockRequest request = LockOperations.lockRequest(frame);
        if (request == null || (Setlk.flags(frame) & LockFlags.WAIT) == 0) {
            lockAnswered(RequestFrame.id(frame), Errno.EINVAL);
            return;
        }
        locks.await(RequestFrame.id(frame), request);
        work.add(new Wake());
    }

    private void write(final LockTable locks) {
        final NativeBuffer memory = NativeBuffer.allocate(PUSH_MAX);
        try {
            while (true) {
                final Work next = work.poll(locks.isWaiting() ? RETRY_MILLIS : IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (next instanceof End) {
                    return;
                }
                if (next == null) {
                    locks.retry();
                } else if (next instanceof Answer) {
                    final Answer answer = (Answer) next;
                    ReplyFrame.setSequence(memory.bytes(), 0);
                    final int length =
                            ReplyFrame.encodeErrno(memory.bytes(), Opcode.SETLK, answer.id(), answer.errno());
                    connection.writeFully(memory, 0, length);
                } else if (next instanceof Changed) {
                    tellChanges(memory);
                }
            }
        } catch (final IOException e) {
            LOG.debug("The push connection ends", e);
            connection.shutdown();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.shutdown();
        }
    }

    private void tellChanges(final NativeBuffer memory) throws IOException {
        for (int length = invalidations.poll(memory.bytes(), PUSH_MAX);
                length > 0;
                length = invalidations.poll(memory.bytes(), PUSH_MAX)) {
            connection.writeFully(memory, 0, length);
        }
    }
}
