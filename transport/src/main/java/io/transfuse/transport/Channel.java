package io.transfuse.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * One of several connections on a stream. What the peer sends waits here, bounded by the credit that the peer was given,
 * so that a channel that is not read stops its own sender only.
 */
final class Channel implements Connection {
    private static final int FIRST_CAPACITY = 4096;
    private static final int GRANT_FROM = MultiplexFrame.WINDOW / 2;

    private final Multiplex multiplex;
    private final int id;
    private final Peer peer;
    private final NativeBuffer sending = NativeBuffer.allocate(MultiplexFrame.FRAME_MAX);

    /** What has come and was not read: {@code size} bytes from {@code head} on, around the end. */
    private byte[] received = new byte[FIRST_CAPACITY];

    private int head;
    private int size;

    /** Bytes that were read and not yet given back as credit. */
    private int consumed;

    private int credit = MultiplexFrame.WINDOW;
    private int timeoutMillis;

    /** This side has ended the channel. */
    private boolean ended;

    /** The peer has ended the channel, or the session is over. */
    private boolean peerEnded;

    /** The session is over: nothing more may be sent. */
    private volatile boolean lost;

    /** CLOSE is on its way; guarded by the lock of {@link Multiplex}'s channels. */
    boolean closeSent;

    /** CLOSE has come; guarded by the lock of {@link Multiplex}'s channels. */
    boolean closeReceived;

    Channel(final Multiplex multiplex, final int id, final Peer peer) {
        this.multiplex = multiplex;
        this.id = id;
        this.peer = peer;
    }

    int id() {
        return id;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public int read(final NativeBuffer buffer, final int at, final int most) throws IOException {
        final int count;
        int grant = 0;
        synchronized (this) {
            awaitBytes();
            if (ended || size == 0) {
                return -1;
            }
            count = Math.min(most, size);
            take(buffer.bytes(), at, count);
            consumed += count;
            if (consumed >= GRANT_FROM) {
                grant = consumed;
                consumed = 0;
            }
        }
        if (grant > 0) {
            multiplex.sendCredit(this, grant);
        }
        return count;
    }

    private void awaitBytes() throws IOException {
        final long begin = System.nanoTime();
        try {
            while (size == 0 && !ended && !peerEnded) {
                final long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                if (timeoutMillis > 0 && passed >= timeoutMillis) {
                    throw new IOException("cannot read from the peer: nothing came within " + timeoutMillis + " ms");
                }
                wait(timeoutMillis > 0 ? timeoutMillis - passed : 0);
            }
        } catch (final InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException interrupted(final InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("the thread was interrupted", e);
    }

    private void take(final ByteBuffer to, final int at, final int count) {
        final int first = Math.min(count, received.length - head);
        to.put(at, received, head, first);
        to.put(at + first, received, 0, count - first);
        head = (head + count) % received.length;
        size -= count;
    }

    @Override
    public synchronized void setReadTimeout(final int millis) {
        timeoutMillis = millis;
    }

    @Override
    public void writeFully(final NativeBuffer buffer, final int at, final int length) throws IOException {
        int done = 0;
        while (done < length) {
            final int count = takeCredit(Math.min(length - done, MultiplexFrame.PAYLOAD_MAX));
            sending.bytes().put(MultiplexFrame.SIZE, buffer.bytes(), at + done, count);
            multiplex.sendData(this, sending, MultiplexFrame.seal(sending.bytes(), MultiplexFrame.DATA, id, count));
            done += count;
        }
    }

    private synchronized int takeCredit(final int most) throws IOException {
        try {
            while (credit == 0 && !ended && !peerEnded) {
                wait();
            }
        } catch (final InterruptedException e) {
            throw interrupted(e);
        }
        checkOpen();
        final int count = Math.min(most, credit);
        credit -= count;
        return count;
    }

    /** Fails if nothing more may be sent. */
    synchronized void checkOpen() throws IOException {
        if (ended || peerEnded) {
            throw new IOException("cannot write to the peer: the channel is closed");
        }
    }

    /** The session is over. */
    boolean isLost() {
        return lost;
    }

    @Override
    public void shutdown() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            notifyAll();
        }
        multiplex.sendClose(this);
    }

    @Override
    public void close() {
        shutdown();
    }

    /** Bytes have come. */
    synchronized void receive(final ByteBuffer from, final int at, final int count) throws MalformedStreamException {
        if (ended) {
            return;
        }
        if (count > MultiplexFrame.WINDOW - size - consumed) {
            throw new MalformedStreamException("more came on a channel than was granted");
        }
        reserve(size + count);
        final int tail = (head + size) % received.length;
        final int first = Math.min(count, received.length - tail);
        from.get(at, received, tail, first);
        from.get(at + first, received, 0, count - first);
        size += count;
        notifyAll();
    }

    private void reserve(final int wanted) {
        if (wanted > received.length) {
            final byte[] larger = new byte[Integer.highestOneBit(wanted - 1) * 2];
            final int first = Math.min(size, received.length - head);
            System.arraycopy(received, head, larger, 0, first);
            System.arraycopy(received, 0, larger, first, size - first);
            received = larger;
            head = 0;
        }
    }

    /** The peer has read so many bytes. */
    synchronized void grant(final int count) throws MalformedStreamException {
        if (count <= 0 || count > MultiplexFrame.WINDOW - credit) {
            throw new MalformedStreamException("a channel was granted more than was sent");
        }
        credit += count;
        notifyAll();
    }

    /** The peer has ended the channel; what came before can be read. */
    synchronized void endByPeer() {
        peerEnded = true;
        notifyAll();
    }

    /** The session is over; what came before can be read. */
    void lose() {
        lost = true;
        endByPeer();
    }
}
