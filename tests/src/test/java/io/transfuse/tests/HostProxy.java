package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.protocol.Invalidate;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Stands between daemon and host server, holds frames back and changes them. */
final class HostProxy implements Closeable {
    private static final long MOST_SECONDS = 30;
    private static final int HELLO_ROLE = 44;
    private static final byte ROLE_MOUNT = 1;

    private final Path host;
    private final ServerSocketChannel listener;
    private final Set<SocketChannel> channels = ConcurrentHashMap.newKeySet();

    /** The connection that asked for the mount. */
    private volatile SocketChannel push;

    private final List<Gate> gates = new CopyOnWriteArrayList<>();
    private final AtomicInteger pushes = new AtomicInteger();
    private final Consumer<ByteBuffer> requests;
    private final Consumer<ByteBuffer> replies;

    /** Holds back the first frame to the guest that it is for. */
    static final class Gate {
        private final Predicate<ByteBuffer> wanted;
        private final AtomicBoolean used = new AtomicBoolean();
        private final CountDownLatch caught = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        private Gate(final Predicate<ByteBuffer> wanted) {
            this.wanted = wanted;
        }

        /** Waits until the frame has come from the host. */
        void awaitCaught() throws InterruptedException {
            assertThat(caught.await(MOST_SECONDS, TimeUnit.SECONDS))
                    .as("the frame has come")
                    .isTrue();
        }

        /** Lets the frame go on to the guest. */
        void release() {
            released.countDown();
        }

        private void pass(final ByteBuffer frame) throws InterruptedException {
            if (wanted.test(frame) && used.compareAndSet(false, true)) {
                caught.countDown();
                released.await();
            }
        }
    }

    /**
     * Listens at {@code socket} for daemons of the server at {@code host}.
     *
     * @param requests may change what goes to the host
     * @param replies may change what goes to the guest
     */
    HostProxy(
            final Path socket, final Path host, final Consumer<ByteBuffer> requests, final Consumer<ByteBuffer> replies)
            throws IOException {
        this.host = host;
        this.requests = requests;
        this.replies = replies;
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        start("accept", this::accept);
    }

    private static void start(final String name, final Runnable work) {
        final Thread thread = new Thread(work, "proxy " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                final SocketChannel guest = listener.accept();
                final SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(host));
                channels.add(guest);
                channels.add(server);
                start("requests", () -> pump(guest, server, frame -> request(guest, frame)));
                start("replies", () -> pump(server, guest, this::reply));
            }
        } catch (final IOException e) {
            // Closed.
        }
    }

    private interface Filter {
        void pass(ByteBuffer frame) throws InterruptedException;
    }

    /** Whether a greeting asks for a mount; others join one, or are for a log. */
    static boolean asksForMount(final ByteBuffer hello) {
        return hello.get(HELLO_ROLE) == ROLE_MOUNT;
    }

    private void request(final SocketChannel guest, final ByteBuffer frame) {
        if (RequestFrame.opcode(frame) == Opcode.HELLO.code() && asksForMount(frame)) {
            push = guest;
        }
        requests.accept(frame);
    }

    private void reply(final ByteBuffer frame) throws InterruptedException {
        replies.accept(frame);
        for (final Gate gate : gates) {
            gate.pass(frame);
        }
    }

    private void pump(final SocketChannel from, final SocketChannel to, final Filter filter) {
        try (from;
                to) {
            while (true) {
                final ByteBuffer frame = read(from);
                filter.pass(frame);
                write(to, frame);
                if (ReplyFrame.opcode(frame) == Invalidate.CODE) {
                    pushes.incrementAndGet();
                }
            }
        } catch (final IOException e) {
            // One of them has ended: so does the other.
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(final SocketChannel to, final ByteBuffer frame) throws IOException {
        // Whole frames: others may write, too.
        synchronized (to) {
            while (frame.hasRemaining()) {
                to.write(frame);
            }
        }
    }

    /** Sends a frame to the guest as if the host had sent it unasked. */
    void push(final ByteBuffer frame) throws IOException {
        write(push, frame);
    }

    private static ByteBuffer read(final SocketChannel from) throws IOException {
        final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fill(from, length);
        final int size = length.getInt(0);
        if (size < Integer.BYTES || size > Limits.FRAME_MAX) {
            throw new IOException("a frame of " + size);
        }
        final ByteBuffer frame = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(size);
        fill(from, frame);
        return frame.flip();
    }

    private static void fill(final SocketChannel from, final ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (from.read(buffer) < 0) {
                throw new EOFException();
            }
        }
    }

    /** Holds back the next reply of this kind, whether it is of success or not. */
    Gate holdReply(final Opcode opcode) {
        return hold(frame -> ReplyFrame.opcode(frame) == opcode.code());
    }

    /** Holds back the next push of changes. */
    Gate holdPush() {
        return hold(frame -> ReplyFrame.opcode(frame) == Invalidate.CODE);
    }

    private Gate hold(final Predicate<ByteBuffer> wanted) {
        final Gate gate = new Gate(wanted);
        gates.add(gate);
        return gate;
    }

    /** How many pushes of changes have gone on to the guest. */
    int pushes() {
        return pushes.get();
    }

    @Override
    public void close() throws IOException {
        gates.forEach(Gate::release);
        listener.close();
        for (final SocketChannel channel : channels) {
            channel.close();
        }
    }
}
