package io.transfuse.tests;

import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Event;
import io.transfuse.protocol.Features;
import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Invalidate;
import io.transfuse.protocol.Invalidated;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Ownership;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Version;
import io.transfuse.protocol.Welcome;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A hand-made guest that writes down what it is told, one line for each event, and acknowledges it. */
final class EventClient implements AutoCloseable {
    private final RawClient client;
    private final Map<Long, String> labels = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private final Object acknowledging = new Object();
    private final Thread reader = new Thread(this::read, "event-client");
    private SocketChannel push;
    private boolean holding;
    private long lastSequence;

    EventClient(final Path socket) {
        this.client = new RawClient(socket);
        labels.put(1L, "root");
    }

    /** Mounts with these features. */
    EventClient mount(final Path path, final long features) throws Exception {
        push = client.connect();
        final Welcome welcome = client.hello(
                push,
                new Hello.Mount(
                        Version.CURRENT,
                        features,
                        Limits.FRAME_MAX,
                        path.toString(),
                        (features & Features.INVALIDATIONS) != 0 ? ConsistencyMode.CACHED : ConsistencyMode.CONSISTENT,
                        false,
                        ownership(path),
                        0));
        client.joinLane(features, welcome.token());
        reader.setDaemon(true);
        reader.start();
        return this;
    }

    /** A server that does not run as root, whose trees are not root's either, passes no owners through. */
    private static Ownership ownership(final Path path) throws IOException {
        final int owner = (Integer) Files.getAttribute(path, "unix:uid");
        return owner == 0 ? Ownership.PASSTHROUGH : new Ownership(Ownership.Policy.FIXED, owner, owner);
    }

    EventClient mount(final Path path) throws Exception {
        return mount(path, Features.EVENTS);
    }

    RawClient client() {
        return client;
    }

    /** Looks a name up, and calls its node by that name from now on. */
    long look(final long parent, final String name) throws IOException {
        if (client.lookup(parent, name) != 0) {
            throw new IOException("no " + name);
        }
        synchronized (told) {
            labels.put(client.node(), name);
        }
        return client.node();
    }

    /** Acknowledges nothing from now on. */
    void hold() {
        synchronized (acknowledging) {
            holding = true;
        }
    }

    /** Acknowledges everything, and what comes. */
    void release() throws IOException {
        synchronized (acknowledging) {
            holding = false;
            acknowledge();
        }
    }

    private void acknowledge() throws IOException {
        final ByteBuffer frame = RawClient.buffer(64);
        Invalidated.encode(frame, lastSequence);
        RequestFrame.setCaller(frame, 0, 0, 0);
        RawClient.send(push, frame, RequestFrame.length(frame));
    }

    private void read() {
        final ByteBuffer frame = RawClient.buffer(Limits.HANDSHAKE_FRAME_MAX);
        try {
            while (true) {
                frame.clear();
                readTo(frame, ReplyFrame.SIZE);
                readTo(frame, ReplyFrame.length(frame));
                synchronized (told) {
                    note(frame);
                }
                synchronized (acknowledging) {
                    lastSequence = ReplyFrame.sequence(frame);
                    if (!holding) {
                        acknowledge();
                    }
                }
            }
        } catch (final IOException e) {
            // Closed, by the case or by the server: then it misses what it waits for.
        } catch (final ProtocolException e) {
            synchronized (told) {
                told.add(e.toString());
            }
        }
    }

    private void readTo(final ByteBuffer frame, final int end) throws IOException {
        frame.limit(end);
        while (frame.hasRemaining()) {
            if (push.read(frame) < 0) {
                throw new EOFException("the server hung up");
            }
        }
    }

    private void note(final ByteBuffer frame) throws ProtocolException {
        int at = ReplyFrame.SIZE;
        while (at < ReplyFrame.length(frame)) {
            if (ReplyFrame.opcode(frame) == Invalidate.CODE) {
                final int end = Invalidate.entryEnd(frame, at);
                told.add(("stale " + Invalidate.kind(frame, at).name().toLowerCase(Locale.ROOT) + " "
                                + label(Invalidate.node(frame, at)) + " " + text(Invalidate.name(frame, at)))
                        .strip());
                at = end;
            } else {
                final int end = Event.entryEnd(frame, at);
                told.add(line(frame, at));
                at = end;
            }
        }
    }

    /** As {@code RENAME root/a -> d/b of node c, mode 100644, 1 link, replacing e with 0 links}. */
    private String line(final ByteBuffer frame, final int at) throws ProtocolException {
        final StringBuilder line = new StringBuilder(Event.kind(frame, at).name());
        if (Event.directory(frame, at) != 0) {
            line.append(' ')
                    .append(label(Event.directory(frame, at)))
                    .append('/')
                    .append(text(Event.name(frame, at)));
        }
        if (Event.newDirectory(frame, at) != 0) {
            line.append(" -> ")
                    .append(label(Event.newDirectory(frame, at)))
                    .append('/')
                    .append(text(Event.newName(frame, at)));
        }
        line.append(" of ").append(label(Event.node(frame, at)));
        line.append(", mode ").append(Integer.toOctalString(Event.mode(frame, at)));
        line.append(", links ").append(Event.links(frame, at));
        if (Event.replaced(frame, at) != 0) {
            line.append(", replaced ")
                    .append(label(Event.replaced(frame, at)))
                    .append(", links ")
                    .append(Event.replacedLinks(frame, at));
        }
        return line.toString();
    }

    private String label(final long node) {
        return node == 0 ? "-" : labels.getOrDefault(node, "?");
    }

    private static String text(final byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    /** What was told so far, in order. */
    List<String> told() {
        synchronized (told) {
            return List.copyOf(told);
        }
    }

    /** Events without what is behind the place, such as {@code MODIFY root/a}; no word of what is stale. */
    List<String> events() {
        return told().stream()
                .filter(line -> !line.startsWith("stale"))
                .map(line ->
                        line.replaceFirst("(^[A-Z_]+ [^/]*/.*?) of .*", "$1").replaceFirst(", mode.*", ""))
                .collect(Collectors.toList());
    }

    /** Forgets what was told so far. */
    void forget() {
        synchronized (told) {
            told.clear();
        }
    }

    /** Waits until an event was told that begins so. */
    void await(final String event) {
        Awaitility.await(event).until(() -> told().stream().anyMatch(line -> line.startsWith(event)));
    }

    @Override
    public void close() throws IOException {
        client.close();
        push.close();
    }
}
