package io.transfuse.daemon.docker;

import java.io.IOException;
import java.util.ArrayDeque;

/**
 * A connection to the engine on behalf of one client, and the requests on it whose responses are awaited. It may end
 * before the client's: an engine may hang up after any complete exchange. One thread sends, another passes the
 * responses on.
 */
final class EngineConnection {
    private final Wire wire;

    /** What was asked, the oldest first. */
    private final ArrayDeque<Exchange> sent = new ArrayDeque<>();

    /** How many responses are awaited, the one that is being passed on included. */
    private int awaited;

    private boolean ended;

    EngineConnection(final Wire wire) {
        this.wire = wire;
    }

    Wire wire() {
        return wire;
    }

    /**
     * A request is about to be sent.
     *
     * @return false if the connection has ended, so that it takes another one
     */
    synchronized boolean begin(final Exchange exchange) {
        if (ended) {
            return false;
        }
        awaited++;
        sent.add(exchange);
        return true;
    }

    /** Whose response comes next; null if nothing was asked. */
    synchronized Exchange next() {
        return sent.poll();
    }

    /** A response was passed on, or never will be. */
    synchronized void responseDone() {
        awaited--;
        notifyAll();
    }

    /** Waits until everything that was asked is answered, or never will be. */
    synchronized void awaitResponses() throws InterruptedException {
        while (awaited > 0) {
            wait();
        }
    }

    /**
     * Nothing more comes from the engine, and nothing is sent from now on.
     *
     * @return whether everything was answered
     */
    synchronized boolean end() {
        ended = true;
        return awaited == 0;
    }

    /** Passes a request, or a piece of it, on. */
    void write(final byte[] bytes) throws IOException {
        wire.write(bytes);
    }
}
