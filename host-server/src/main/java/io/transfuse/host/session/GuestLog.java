package io.transfuse.host.session;

import io.transfuse.protocol.LogRecord;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.transport.Connection;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a guest logs into this server's log, with the guest's name. The guest may say anything, and much of it:
 * so many lines in a time are written and no more, and what writes the log shows control characters as escapes. Belongs
 * to the thread of its connection.
 */
final class GuestLog {
    private static final Logger LOG = LoggerFactory.getLogger(GuestLog.class);
    private static final int BURST = 100;
    private static final long NANOS_PER_LINE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Connection connection;
    private final String guest;
    private long budget = BURST * NANOS_PER_LINE;
    private long last = System.nanoTime();
    private long suppressed;

    /** The log of the guest of this name. */
    GuestLog(final Connection connection, final String guest) {
        this.connection = connection;
        this.guest = guest;
    }

    /** Reads until the guest ends the connection. */
    void run() throws IOException, ProtocolException {
        final NativeBuffer memory = NativeBuffer.allocate(2 * LogRecord.FRAME_MAX);
        final FrameReader reader = new FrameReader(connection, memory, LogRecord.FRAME_MAX);
        try {
            while (reader.next()) {
                receive(memory.bytes());
                reader.consume();
            }
        } finally {
            tellSuppressed();
        }
    }

    private void receive(final ByteBuffer frame) throws ProtocolException {
        final Opcode opcode = RequestFrame.check(frame);
        if (opcode != Opcode.LOG) {
            throw new ProtocolException(opcode + " on a connection for a log");
        }
        final int level = LogRecord.level(frame);
        final String text = LogRecord.text(frame);
        if (!mayWrite()) {
            suppressed++;
            return;
        }
        tellSuppressed();
        switch (level) {
            case LogRecord.ERROR:
                LOG.error("{}: {}", guest, text);
                break;
            case LogRecord.WARNING:
                LOG.warn("{}: {}", guest, text);
                break;
            case LogRecord.INFO:
                LOG.info("{}: {}", guest, text);
                break;
            default:
                LOG.debug("{}: {}", guest, text);
        }
    }

    private boolean mayWrite() {
        final long now = System.nanoTime();
        budget = Math.min(BURST * NANOS_PER_LINE, budget + now - last);
        last = now;
        if (budget < NANOS_PER_LINE) {
            return false;
        }
        budget -= NANOS_PER_LINE;
        return true;
    }

    private void tellSuppressed() {
        if (suppressed > 0) {
            LOG.warn("{}: {} more lines, which came too fast, are not written", guest, suppressed);
            suppressed = 0;
        }
    }
}
