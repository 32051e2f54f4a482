package io.transfuse.daemon.session;

import io.transfuse.daemon.MountSpec;
import io.transfuse.protocol.Attributes;
import io.transfuse.protocol.Cancel;
import io.transfuse.protocol.Event;
import io.transfuse.protocol.Features;
import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Invalidate;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Processor;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Version;
import io.transfuse.protocol.Welcome;
import io.transfuse.transport.Connection;
import io.transfuse.transport.NativeBuffer;
import io.transfuse.transport.Processors;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount's session with the host server: its push connection, read by a thread of its own, and the lanes that join.
 * Thread-safe.
 */
public final class HostSession implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(HostSession.class);
    private static final Path PROTECTED_HARDLINKS = Path.of("/proc/sys/fs/protected_hardlinks");
    private static final int JOIN_MILLIS = 5_000;

    private final HostEndpoint host;
    private final Connection push;
    private final Welcome welcome;
    private final int rootMode;
    private final NativeBuffer pushRequest = NativeBuffer.allocate(Limits.HANDSHAKE_FRAME_MAX);
    private Thread reader;
    private volatile boolean lost;
    private volatile boolean closed;

    /** Takes what the host sends unasked. The calls come from the thread that reads the push connection. */
    public interface PushHandler {
        /**
         * A lock that waited is answered.
         *
         * @param errno 0 when the lock is had
         */
        void lockAnswered(long id, int errno);

        /**
         * The host tells of changes: an {@link Invalidate}, at index 0.
         *
         * @throws ProtocolException if it is malformed
         */
        void invalidated(ByteBuffer frame) throws ProtocolException;

        /**
         * The host tells what happened: an {@link Event}, at index 0.
         *
         * @throws ProtocolException if it is malformed
         */
        void happened(ByteBuffer frame) throws ProtocolException;

        /** The connection is lost; nothing more comes. */
        void disconnected(String reason);
    }

    private HostSession(final HostEndpoint host, final Connection push, final Welcome welcome, final int rootMode) {
        this.host = host;
        this.push = push;
        this.welcome = welcome;
        this.rootMode = rootMode;
    }

    /**
     * Asks the host for a mount.
     *
     * @param events whether the host is to tell what happens
     * @throws IOException with a message for the user if the host cannot be reached, refuses or is no host server
     */
    public static HostSession open(final HostEndpoint host, final MountSpec spec, final boolean events)
            throws IOException {
        final Connection connection = host.connect();
        try {
            final NativeBuffer memory = NativeBuffer.allocate(Limits.HANDSHAKE_FRAME_MAX);
            final Welcome welcome = host.greet(
                    connection,
                    memory,
                    new Hello.Mount(
                            Version.CURRENT,
                            features(spec, events),
                            Limits.FRAME_MAX,
                            spec.hostPath(),
                            spec.mode(),
                            spec.readOnly(),
                            spec.ownership(),
                            spec.remembers() ? Limits.CONTENT_MAX : 0));
            return new HostSession(host, connection, welcome, Attributes.mode(memory.bytes(), Welcome.ROOT_ATTRIBUTES));
        } catch (final IOException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * A mount that remembers nothing need not be told of changes. Its kernel would have to ask for attributes to check
     * what callers may do, which the host has at hand.
     */
    private static long features(final MountSpec spec, final boolean wantsEvents) {
        final long always = Features.PROCESSOR | (wantsEvents ? Features.EVENTS : 0);
        if (spec.remembers()) {
            return always | Features.INVALIDATIONS | Features.CONTENTS;
        }
        return always | Features.PERMISSIONS | (protectsHardlinks() ? Features.PROTECTED_HARDLINKS : 0);
    }

    /** The kernel's rule, which it cannot apply itself where it does not check permissions. */
    private static boolean protectsHardlinks() {
        try {
            return !Files.readString(PROTECTED_HARDLINKS).startsWith("0");
        } catch (final IOException e) {
            // No /proc: the stricter of the two.
            return true;
        }
    }

    /** Whether the host tells what happens, so that programs can be told. */
    public boolean tellsEvents() {
        return (welcome.features() & Features.EVENTS) != 0;
    }

    /** Whether the host tells of changes, so that something may be remembered. */
    public boolean tellsChanges() {
        return (welcome.features() & Features.INVALIDATIONS) != 0;
    }

    /** Whether the host checks what callers may do; otherwise the kernel has to. */
    public boolean checksPermissions() {
        return (welcome.features() & Features.PERMISSIONS) != 0;
    }

    public Welcome welcome() {
        return welcome;
    }

    /** File type and permissions of the mount's root. */
    public int rootMode() {
        return rootMode;
    }

    /** Begins to read what the host sends unasked. */
    public void start(final String name, final PushHandler handler) {
        reader = new Thread(() -> read(handler), name);
        reader.setDaemon(true);
        reader.start();
    }

    /** One more lane, of a thread that runs anywhere, with memory for replies. */
    public HostLane openLane() throws IOException {
        final HostLane lane = openLane(HostLane.ANYWHERE);
        lane.replyTo(NativeBuffer.allocate(Limits.FRAME_MAX));
        return lane;
    }

    /**
     * One more lane, which has to be told where to read replies to.
     *
     * @param processor to which its thread is bound, or {@link HostLane#ANYWHERE}
     */
    public HostLane openLane(final int processor) throws IOException {
        final Connection connection = host.connect();
        try {
            host.greet(connection, NativeBuffer.allocate(Limits.HANDSHAKE_FRAME_MAX), hello(processor));
            return new HostLane(connection, processor);
        } catch (final IOException e) {
            connection.close();
            throw e;
        }
    }

    private Hello hello(final int processor) {
        final boolean says = processor != HostLane.ANYWHERE && (welcome.features() & Features.PROCESSOR) != 0;
        return new Hello.Lane(
                Version.CURRENT,
                welcome.features(),
                Limits.FRAME_MAX,
                welcome.token(),
                says
                        ? Processors.machine()
                                .map(machine -> new Processor(machine, processor))
                                .orElse(null)
                        : null);
    }

    /** Sends the frame that {@code encoder} writes on the push connection. */
    public void send(final long id, final FrameEncoder encoder) throws IOException {
        synchronized (pushRequest) {
            final int length = encoder.encode(pushRequest.bytes());
            RequestFrame.setCaller(pushRequest.bytes(), id, 0, 0);
            push.writeFully(pushRequest, 0, length);
        }
    }

    /** Ends the wait of the lock request {@code id}. */
    public void cancel(final long id) throws IOException {
        send(0, frame -> Cancel.encode(frame, id));
    }

    /** Writes a frame and returns its length. */
    public interface FrameEncoder {
        int encode(ByteBuffer frame);
    }

    private void read(final PushHandler handler) {
        final NativeBuffer memory = NativeBuffer.allocate(Limits.HANDSHAKE_FRAME_MAX);
        final ByteBuffer frame = memory.bytes();
        String reason = "the host server closed the connection";
        try {
            while (!closed) {
                push.readFully(memory, 0, ReplyFrame.SIZE);
                final int length = ReplyFrame.length(frame);
                if (length < ReplyFrame.SIZE || length > Limits.HANDSHAKE_FRAME_MAX) {
                    throw new IOException("the host server broke the protocol: a push of " + length + " bytes");
                }
                push.readFully(memory, ReplyFrame.SIZE, length - ReplyFrame.SIZE);
                final int opcode = ReplyFrame.opcode(frame);
                if (opcode == Opcode.SETLK.code()) {
                    handler.lockAnswered(ReplyFrame.id(frame), ReplyFrame.errno(frame));
                } else if (opcode == Invalidate.CODE && tellsChanges()) {
                    handler.invalidated(frame);
                } else if (opcode == Event.CODE && tellsEvents()) {
                    handler.happened(frame);
                } else {
                    throw new IOException("the host server broke the protocol: a push " + opcode);
                }
            }
        } catch (final ProtocolException e) {
            reason = "the host server broke the protocol: " + e.getMessage();
        } catch (final IOException e) {
            reason = e.getMessage();
        }
        lost = true;
        if (!closed) {
            LOG.debug("The push connection ends: {}", reason);
            handler.disconnected(reason);
        }
    }

    /** Ends the connections because one of them is of no use any more; the mount stays and answers EIO. */
    public void disconnect() {
        push.shutdown();
    }

    /** Whether the host can no longer be asked. */
    public boolean isLost() {
        return lost;
    }

    /** Ends the session; the host gives back what the mount held. */
    @Override
    public void close() {
        closed = true;
        push.shutdown();
        if (reader != null) {
            try {
                reader.join(JOIN_MILLIS);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        push.close();
    }
}
