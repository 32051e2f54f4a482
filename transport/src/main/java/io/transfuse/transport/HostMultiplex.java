package io.transfuse.transport;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * The host's end of a multiplexed stream. One guest after another may begin a session on it: what the dead one had
 * begun to send is passed over.
 */
final class HostMultiplex extends Multiplex {
    private final Consumer<Channel> accepted;
    private final Consumer<String> broken;
    private int lastId;

    /**
     * @param accepted takes each channel that the guest opens; must not wait
     * @param broken is told why a session broke; must not wait
     */
    HostMultiplex(
            final Connection stream,
            final String name,
            final Consumer<Channel> accepted,
            final Consumer<String> broken) {
        super(stream, stream.peer(), name);
        this.accepted = accepted;
        this.broken = broken;
    }

    /** Serves the stream in the calling thread until its end, and closes it. */
    void run() throws IOException {
        startSending();
        try {
            boolean found = reader().find(MultiplexFrame.SYNC);
            while (found) {
                found = isStarted() ? serve() : reader().find(MultiplexFrame.SYNC);
            }
        } finally {
            release();
        }
    }

    /** Answers SYNC; whether the guest that sent it is there and has begun. */
    private boolean isStarted() throws IOException {
        try {
            while (true) {
                final byte[] guestNonce = new byte[MultiplexFrame.NONCE_SIZE];
                reader().bytes().get(reader().payload() + Integer.BYTES, guestNonce);
                final byte[] nonce = nonce();
                send(MultiplexFrame.ACK, versionBytes(), guestNonce, nonce);
                if (!reader().next()) {
                    return false;
                }
                if (reader().type() != MultiplexFrame.SYNC) {
                    return reader().type() == MultiplexFrame.START && payloadHas(0, nonce);
                }
            }
        } catch (final MalformedStreamException e) {
            // An old greeting, whose sender is gone.
            return false;
        }
    }

    /** Serves a session; whether there is another guest, whose SYNC is then at hand. */
    private boolean serve() throws IOException {
        lastId = 0;
        final boolean anotherBegins;
        try {
            anotherBegins = serveFrames();
        } finally {
            endSession();
        }
        return anotherBegins || reader().find(MultiplexFrame.SYNC);
    }

    /** Serves until the session is over; whether a SYNC was what ended it. */
    private boolean serveFrames() throws IOException {
        try {
            while (reader().next()) {
                switch (reader().type()) {
                    case MultiplexFrame.SYNC:
                        return true;
                    case MultiplexFrame.END:
                        return false;
                    case MultiplexFrame.OPEN:
                        open();
                        break;
                    default:
                        dispatch();
                }
            }
        } catch (final MalformedStreamException e) {
            broken.accept(e.getMessage());
        }
        return false;
    }

    private void open() throws MalformedStreamException {
        final Channel channel = new Channel(this, reader().channel(), peer());
        if (Integer.compareUnsigned(channel.id(), lastId) <= 0 || !add(channel)) {
            throw new MalformedStreamException("a channel that may not be opened");
        }
        lastId = channel.id();
        accepted.accept(channel);
    }
}
