package io.transfuse.daemon.session;

import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.transport.Connection;
import io.transfuse.transport.NativeBuffer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A lane's connection to the host server: one request at a time, answered before the next. Belongs to one thread. */
public final class HostLane {
    /** In place of a processor's number: not bound to any. */
    public static final int ANYWHERE = -1;

    private final Connection connection;
    private final int processor;
    private NativeBuffer replyMemory;
    private ByteBuffer reply;
    private long nextId = 1;

    /** Requests that have been posted and not answered. */
    private int waiting;

    HostLane(final Connection connection, final int processor) {
        this.connection = connection;
        this.processor = processor;
    }

    /**
     * Says where replies are to be read to from now on. To be said before the first exchange.
     *
     * @param memory {@link Limits#FRAME_MAX} bytes
     */
    public void replyTo(final NativeBuffer memory) {
        replyMemory = memory;
        reply = memory.bytes();
    }

    /** The processor whose requests this is for, or {@link #ANYWHERE}. */
    public int processor() {
        return processor;
    }

    /** The reply to the last request, at index 0. */
    public NativeBuffer replyMemory() {
        return replyMemory;
    }

    /**
     * Sends a request and waits for its reply.
     *
     * @param request memory with the encoded frame at index 0
     * @param successSize least length of a successful reply, in bytes
     * @return 0 with the reply in {@link #replyMemory}, or the host's errno, negated
     * @throws IOException if the connection is lost or the host broke the protocol
     */
    public int exchange(
            final NativeBuffer request, final Opcode opcode, final int uid, final int gid, final int successSize)
            throws IOException {
        return await(post(request, uid, gid), opcode, successSize);
    }

    /**
     * Sends a request whose reply {@link #await} takes. Several may be on their way: replies come in the order of
     * requests.
     *
     * @param request memory with the encoded frame at index 0; free again on return
     * @return the id of the request
     */
    public long post(final NativeBuffer request, final int uid, final int gid) throws IOException {
        final long id = nextId++;
        final ByteBuffer frame = request.bytes();
        RequestFrame.setCaller(frame, id, uid, gid);
        connection.writeFully(request, 0, RequestFrame.length(frame));
        waiting++;
        return id;
    }

    /**
     * Waits for the reply to the oldest request that has been posted and not answered.
     *
     * @return as {@link #exchange}
     */
    public int await(final long id, final Opcode opcode, final int successSize) throws IOException {
        receive();
        waiting--;
        try {
            return -ReplyFrame.check(reply, opcode, id, successSize);
        } catch (final ProtocolException e) {
            throw new IOException("the host server broke the protocol: " + e.getMessage(), e);
        }
    }

    /** Sends a request that has no reply. */
    public void send(final NativeBuffer request) throws IOException {
        final ByteBuffer frame = request.bytes();
        RequestFrame.setCaller(frame, nextId++, 0, 0);
        connection.writeFully(request, 0, RequestFrame.length(frame));
    }

    private void receive() throws IOException {
        int filled = 0;
        int length = ReplyFrame.SIZE;
        while (filled < length) {
            // No more than belongs to this reply: the next one may have come already.
            final int wanted = (waiting > 1 ? length : replyMemory.capacity()) - filled;
            final int count = connection.read(replyMemory, filled, wanted);
            if (count < 0) {
                throw new EOFException("the host server closed the connection");
            }
            filled += count;
            if (filled >= ReplyFrame.SIZE) {
                length = ReplyFrame.length(reply);
                if (length < ReplyFrame.SIZE || length > Limits.FRAME_MAX || filled > length) {
                    throw new IOException("the host server broke the protocol: a reply of " + length + " bytes");
                }
            }
        }
    }

    /** Ends the connection; any thread. */
    public void shutdown() {
        connection.shutdown();
    }

    /** Gives the connection back; after the lane's thread has ended. */
    public void close() {
        connection.close();
    }
}
