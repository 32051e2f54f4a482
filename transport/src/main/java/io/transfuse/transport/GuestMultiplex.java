package io.transfuse.transport;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The guest's end of a multiplexed stream: begins the session and opens channels. Thread-safe. */
final class GuestMultiplex extends Multiplex {
    private static final long HANDSHAKE_MILLIS = 10_000;
    private static final int HOST_NONCE = Integer.BYTES + MultiplexFrame.NONCE_SIZE;
    private static final long END_MILLIS = 5_000;

    private final Address address;
    private final byte[] nonce = nonce();
    private final Thread readerThread;
    private int lastId;
    private byte[] hostNonce;
    private String lost;

    private GuestMultiplex(final Connection stream, final Address address) {
        super(stream, new Peer.Server(address), "multiplex");
        this.address = address;
        this.readerThread = new Thread(this::read, "multiplex");
        readerThread.setDaemon(true);
    }

    /**
     * Begins a session.
     *
     * @param stream is closed with the session, also when it cannot begin
     * @throws IOException with a message that names the address and the cause
     */
    static GuestMultiplex open(final Connection stream, final Address address) throws IOException {
        final GuestMultiplex multiplex = new GuestMultiplex(stream, address);
        multiplex.readerThread.start();
        multiplex.startSending();
        multiplex.send(MultiplexFrame.SYNC, versionBytes(), multiplex.nonce);
        try {
            multiplex.start();
            return multiplex;
        } catch (final IOException e) {
            multiplex.close();
            throw e;
        }
    }

    private void start() throws IOException {
        final byte[] answer = awaitAnswer();
        final NativeBuffer frame = NativeBuffer.allocate(MultiplexFrame.SIZE + answer.length);
        frame.bytes().put(MultiplexFrame.SIZE, answer);
        final int length = MultiplexFrame.seal(frame.bytes(), MultiplexFrame.START, 0, answer.length);
        exclusively(stream -> {
            stream.writeFully(frame, 0, length);
            return null;
        });
    }

    private synchronized byte[] awaitAnswer() throws IOException {
        final long begin = System.nanoTime();
        while (hostNonce == null && lost == null) {
            final long left = HANDSHAKE_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            if (left <= 0) {
                throw new IOException("cannot connect to " + address + ": nobody answers");
            }
            try {
                wait(left);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("cannot connect to " + address + ": the thread was interrupted", e);
            }
        }
        if (lost != null) {
            throw new IOException("cannot connect to " + address + ": " + lost);
        }
        return hostNonce;
    }

    private void read() {
        String reason = "the peer closed the connection";
        try {
            if (awaitAck()) {
                while (reader().next() && reader().type() != MultiplexFrame.END) {
                    dispatch();
                }
            }
        } catch (final MalformedStreamException e) {
            reason = "the stream is broken: " + e.getMessage();
        } catch (final IOException e) {
            reason = e.getMessage();
        }
        synchronized (this) {
            lost = reason;
            notifyAll();
        }
        release();
    }

    /** Waits for the answer to this session's beginning; false at the end of the stream. */
    private boolean awaitAck() throws IOException {
        while (reader().find(MultiplexFrame.ACK)) {
            if (payloadHas(Integer.BYTES, nonce)) {
                if (version() != MultiplexFrame.VERSION) {
                    throw new IOException("the host server multiplexes by version " + version() + ", this daemon by "
                            + MultiplexFrame.VERSION + ": install the same release on both sides");
                }
                final byte[] answer = new byte[MultiplexFrame.NONCE_SIZE];
                reader().bytes().get(reader().payload() + HOST_NONCE, answer);
                synchronized (this) {
                    hostNonce = answer;
                    notifyAll();
                }
                return true;
            }
        }
        return false;
    }

    /** One more channel. */
    Channel openChannel() throws IOException {
        final NativeBuffer frame = NativeBuffer.allocate(MultiplexFrame.SIZE);
        return exclusively(stream -> {
            if (isLost()) {
                throw new IOException("cannot connect to " + address + ": the session has ended");
            }
            final Channel channel = new Channel(this, lastId + 1, peer());
            if (!add(channel)) {
                throw new IOException("cannot connect to " + address + ": there are " + MultiplexFrame.CHANNELS_MAX
                        + " connections on the stream");
            }
            lastId++;
            stream.writeFully(frame, 0, MultiplexFrame.seal(frame.bytes(), MultiplexFrame.OPEN, channel.id(), 0));
            return channel;
        });
    }

    /** Whether the session is over; its end is told to the channels in the same instant or a little later. */
    synchronized boolean isLost() {
        return lost != null;
    }

    /** Ends the session, and waits until the stream is free again. */
    void close() {
        shutdown();
        try {
            readerThread.join(END_MILLIS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
