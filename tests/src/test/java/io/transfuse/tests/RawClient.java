package io.transfuse.tests;

import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Lookup;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Ownership;
import io.transfuse.protocol.RefusedException;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.SessionToken;
import io.transfuse.protocol.Version;
import io.transfuse.protocol.Welcome;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A hand-made guest: speaks the protocol without any of the daemon's manners. */
final class RawClient implements AutoCloseable {
    private final Path socket;
    private SocketChannel push;
    private SocketChannel lane;
    private long id = 1;

    /** The last frame received, at index 0. */
    final ByteBuffer reply = buffer(Limits.FRAME_MAX);

    RawClient(final Path socket) {
        this.socket = socket;
    }

    static ByteBuffer buffer(final int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    SocketChannel connect() throws IOException {
        final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }

    static void send(final SocketChannel channel, final ByteBuffer frame, final int length) throws IOException {
        final ByteBuffer bytes = frame.duplicate().position(0).limit(length);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void receive(final SocketChannel channel) throws IOException {
        reply.clear();
        readTo(channel, ReplyFrame.SIZE);
        readTo(channel, ReplyFrame.length(reply));
    }

    private void readTo(final SocketChannel channel, final int end) throws IOException {
        reply.limit(end);
        while (reply.hasRemaining()) {
            if (channel.read(reply) < 0) {
                throw new EOFException("the server hung up");
            }
        }
    }

    /** Mounts and opens a lane. */
    RawClient mount(final String path) throws Exception {
        push = connect();
        final Welcome welcome = hello(
                push,
                new Hello.Mount(
                        Version.CURRENT,
                        0,
                        Limits.FRAME_MAX,
                        path,
                        ConsistencyMode.CONSISTENT,
                        false,
                        Ownership.PASSTHROUGH,
                        0));
        lane = connect();
        hello(lane, new Hello.Lane(Version.CURRENT, 0, Limits.FRAME_MAX, welcome.token()));
        return this;
    }

    /** Opens the lane of a mount whose push connection is another's concern. */
    void joinLane(final long features, final SessionToken token) throws Exception {
        lane = connect();
        hello(lane, new Hello.Lane(Version.CURRENT, features, Limits.FRAME_MAX, token));
    }

    Welcome hello(final SocketChannel channel, final Hello hello) throws Exception {
        final ByteBuffer frame = buffer(Limits.HANDSHAKE_FRAME_MAX);
        send(channel, frame, Hello.encode(frame, hello));
        receive(channel);
        try {
            return Welcome.decode(reply);
        } catch (final RefusedException e) {
            throw new IOException("refused: " + e.getMessage(), e);
        }
    }

    SocketChannel lane() {
        return lane;
    }

    SocketChannel push() {
        return push;
    }

    /** Sends a frame that is encoded and waits for the reply; its errno. */
    int ask(final ByteBuffer frame) throws IOException {
        RequestFrame.setCaller(frame, id++, 0, 0);
        send(lane, frame, RequestFrame.length(frame));
        receive(lane);
        return ReplyFrame.errno(reply);
    }

    /** Looks a name up; the errno, with the node in {@link #reply}. */
    int lookup(final long parent, final byte[] name) throws IOException {
        final ByteBuffer frame = buffer(70_000);
        Lookup.encode(frame, parent, ByteBuffer.wrap(name), 0, name.length);
        return ask(frame);
    }

    int lookup(final long parent, final String name) throws IOException {
        return lookup(parent, name.getBytes(StandardCharsets.UTF_8));
    }

    /** The node of the last lookup. */
    long node() {
        return Lookup.replyNode(reply);
    }

    static Opcode[] opcodes() {
        return Opcode.values();
    }

    @Override
    public void close() throws IOException {
        if (lane != null) {
            lane.close();
        }
        if (push != null) {
            push.close();
        }
    }
}
