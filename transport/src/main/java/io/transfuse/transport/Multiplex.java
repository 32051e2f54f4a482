package io.transfuse.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Several channels on one stream: what both ends have in common. One thread reads, and never waits for anything else,
 * so that two ends cannot wait for each other; another sends what is not data. Data are sent by those who write them,
 * in turns.
 */
abstract class Multiplex {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CONTROL_FRAME_MAX = 64;
    private static final long END_MILLIS = 1_000;

    private final Connection stream;
    private final Peer peer;
    private final MultiplexReader reader;
    private final Map<Integer, Channel> channels = new HashMap<>();

    /** Held while something is written; fair, so that a large transfer lets the others through after each frame. */
    private final ReentrantLock writing = new ReentrantLock(true);

    private final LinkedBlockingQueue<Control> controls = new LinkedBlockingQueue<>();
    private final Thread controlThread;
    private volatile boolean closed;

    /** Nothing may be written any more; guarded by {@link #writing}. */
    private boolean streamClosed;

    private sealed interface Control permits Credit, Close, Bytes, Stop {}

    private record Credit(Channel channel, int count) implements Control {}

    private record Close(Channel channel) implements Control {}

    /** Something that was made ready. */
    private record Bytes(NativeBuffer buffer, int length) implements Control {}

    private record Stop() implements Control {}

    Multiplex(final Connection stream, final Peer peer, final String name) {
        this.stream = stream;
        this.peer = peer;
        this.reader = new MultiplexReader(stream);
        this.controlThread = new Thread(this::sendControls, name + "-control");
        controlThread.setDaemon(true);
    }

    MultiplexReader reader() {
        return reader;
    }

    Peer peer() {
        return peer;
    }

    static byte[] nonce() {
        final byte[] nonce = new byte[MultiplexFrame.NONCE_SIZE];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    /**
     * Begins to send. First come as many zeros as complete any frame, with something left that is none: so a peer in the
     * middle of an earlier session finds out, whatever it had received of it.
     */
    final void startSending() {
        controls.add(new Bytes(
                NativeBuffer.allocate(MultiplexFrame.FRAME_MAX + MultiplexFrame.SIZE),
                MultiplexFrame.FRAME_MAX + MultiplexFrame.SIZE));
        controlThread.start();
    }

    /** Queues a frame without a channel. */
    final void send(final int type, final byte[]... payload) {
        final NativeBuffer frame = NativeBuffer.allocate(CONTROL_FRAME_MAX);
        controls.add(new Bytes(frame, encode(frame, type, payload)));
    }

    private static int encode(final NativeBuffer frame, final int type, final byte[]... payload) {
        int length = 0;
        for (final byte[] part : payload) {
            frame.bytes().put(MultiplexFrame.SIZE + length, part);
            length += part.length;
        }
        return MultiplexFrame.seal(frame.bytes(), type, 0, length);
    }

    /** Queues a credit. */
    final void sendCredit(final Channel channel, final int count) {
        controls.add(new Credit(channel, count));
    }

    /** Queues the end of a channel. */
    final void sendClose(final Channel channel) {
        controls.add(new Close(channel));
    }

    private void sendControls() {
        final NativeBuffer frame = NativeBuffer.allocate(CONTROL_FRAME_MAX);
        try {
            for (Control control = controls.take(); !(control instanceof Stop); control = controls.take()) {
                send(control, frame);
            }
        } catch (final IOException e) {
            // The thread that reads finds the stream's end and tells.
            stream.shutdown();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            stream.shutdown();
        }
    }

    private void send(final Control control, final NativeBuffer frame) throws IOException {
        writing.lock();
        try {
            checkStream();
            if (control instanceof Bytes) {
                final Bytes made = (Bytes) control;
                stream.writeFully(made.buffer(), 0, made.length());
            } else if (control instanceof Credit) {
                final Credit credit = (Credit) control;
                if (mayStillSend(credit.channel())) {
                    frame.bytes().putInt(MultiplexFrame.SIZE, credit.count());
                    stream.writeFully(
                            frame,
                            0,
                            MultiplexFrame.seal(
                                    frame.bytes(),
                                    MultiplexFrame.CREDIT,
                                    credit.channel().id(),
                                    Integer.BYTES));
                }
            } else {
                final Channel channel = ((Close) control).channel();
                if (mayStillSend(channel)) {
                    closing(channel);
                    stream.writeFully(
                            frame, 0, MultiplexFrame.seal(frame.bytes(), MultiplexFrame.CLOSE, channel.id(), 0));
                }
            }
        } finally {
            writing.unlock();
        }
    }

    private void checkStream() throws IOException {
        if (streamClosed) {
            throw new IOException("cannot write to the peer: the stream is closed");
        }
    }

    private boolean mayStillSend(final Channel channel) {
        synchronized (channels) {
            return !channel.isLost() && !channel.closeSent;
        }
    }

    private void closing(final Channel channel) {
        synchronized (channels) {
            channel.closeSent = true;
            removeIfOver(channel);
        }
    }

    private void removeIfOver(final Channel channel) {
        if (channel.closeSent && channel.closeReceived) {
            channels.remove(channel.id());
        }
    }

    /** Sends data of a channel, in the calling thread. */
    final void sendData(final Channel channel, final NativeBuffer frame, final int length) throws IOException {
        writing.lock();
        try {
            checkStream();
            channel.checkOpen();
            stream.writeFully(frame, 0, length);
        } finally {
            writing.unlock();
        }
    }

    /** Runs {@code action}, which may write to the stream, while nothing else is written. */
    final <T> T exclusively(final Sending<T> action) throws IOException {
        writing.lock();
        try {
            checkStream();
            return action.run(stream);
        } finally {
            writing.unlock();
        }
    }

    /** Something that writes to the stream. */
    interface Sending<T> {
        T run(Connection stream) throws IOException;
    }

    /** Takes a channel in; false if there are as many as may be. */
    final boolean add(final Channel channel) {
        synchronized (channels) {
            return channels.size() < MultiplexFrame.CHANNELS_MAX && channels.putIfAbsent(channel.id(), channel) == null;
        }
    }

    /**
     * Takes a frame that belongs to a channel.
     *
     * @throws MalformedStreamException if the peer may not send such a frame now
     */
    final void dispatch() throws MalformedStreamException {
        final Channel channel;
        synchronized (channels) {
            channel = channels.get(reader.channel());
            if (channel == null || channel.closeReceived) {
                throw new MalformedStreamException("a frame of a channel that is not open");
            }
            if (reader.type() == MultiplexFrame.CLOSE) {
                channel.closeReceived = true;
                removeIfOver(channel);
            }
        }
        switch (reader.type()) {
            case MultiplexFrame.DATA:
                channel.receive(reader.bytes(), reader.payload(), reader.length());
                break;
            case MultiplexFrame.CREDIT:
                channel.grant(reader.bytes().getInt(reader.payload()));
                break;
            case MultiplexFrame.CLOSE:
                channel.endByPeer();
                break;
            default:
                throw new MalformedStreamException("a frame of type " + reader.type() + " within a session");
        }
    }

    /** Ends all channels: the session is over. When it returns nothing more of it is sent. */
    final void endSession() {
        final List<Channel> all;
        synchronized (channels) {
            all = List.copyOf(channels.values());
        }
        all.forEach(Channel::lose);
        // Whoever was about to send has sent when the lock is had, or sees that it is over.
        writing.lock();
        try {
            synchronized (channels) {
                channels.clear();
            }
        } finally {
            writing.unlock();
        }
    }

    /** Whether part of the present frame's payload is what {@code wanted} says. */
    final boolean payloadHas(final int offset, final byte[] wanted) {
        return reader.bytes().slice(reader.payload() + offset, wanted.length).equals(ByteBuffer.wrap(wanted));
    }

    /** The first number of the present frame's payload: the version, where it has one. */
    final int version() {
        return reader.bytes().getInt(reader.payload());
    }

    static byte[] versionBytes() {
        return new byte[] {MultiplexFrame.VERSION, 0, 0, 0};
    }

    /** Tells the peer, as far as it listens, and ends the stream; the thread that reads then ends. */
    final void shutdown() {
        if (!closed) {
            closed = true;
            send(MultiplexFrame.END);
            stopSending();
            stream.shutdown();
        }
    }

    private void stopSending() {
        controls.add(new Stop());
        try {
            controlThread.join(END_MILLIS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For the thread that reads, at the end of the stream: ends all channels and gives the stream back. */
    final void release() {
        closed = true;
        stream.shutdown();
        endSession();
        stopSending();
        writing.lock();
        try {
            streamClosed = true;
            stream.close();
        } finally {
            writing.unlock();
        }
    }
}
