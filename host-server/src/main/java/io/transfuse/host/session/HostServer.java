package io.transfuse.host.session;

import io.transfuse.host.Export;
import io.transfuse.host.posix.DescriptorBudget;
import io.transfuse.host.posix.Posix;
import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.ExportFlags;
import io.transfuse.protocol.Features;
import io.transfuse.protocol.Hello;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Ownership;
import io.transfuse.protocol.Processor;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.RefusedException;
import io.transfuse.protocol.SessionToken;
import io.transfuse.protocol.Version;
import io.transfuse.protocol.Welcome;
import io.transfuse.transport.Address;
import io.transfuse.transport.Admission;
import io.transfuse.transport.Connection;
import io.transfuse.transport.Listener;
import io.transfuse.transport.Peer;
import io.transfuse.transport.Processors;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's side: serves exports to the daemons that connect. One thread accepts, each connection has one of its own.
 * Thread-safe.
 */
public final class HostServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(HostServer.class);

    private static final int SESSIONS_MAX = 64;
    private static final int CONNECTIONS_MAX = 1024;
    private static final int HANDSHAKES_MAX = 64;
    private static final int LOGS_MAX = 64;
    private static final int DIRECTORIES_MIN = 64;
    private static final int NODES_MAX = 8_000_000;
    private static final int CLOSE_MILLIS = 5_000;
    private static final int ACCEPT_PAUSE_MILLIS = 200;

    private static final Listener.Events LOG_EVENTS = new Listener.Events() {
        @Override
        public void refused(final Peer peer) {
            LOG.warn("A connection was refused: {} is not permitted", peer);
        }

        @Override
        public void failed(final String line) {
            LOG.warn("A connection failed: {}", line);
        }
    };

    private final Posix posix = Posix.forThisPlatform();
    private final WatchTable watches = new WatchTable(posix);
    private final Overlaps overlaps = new Overlaps();
    private final List<Listener> listeners;
    private final ServerOptions options;
    private final Exports exports;
    private final DescriptorBudget budget;
    private final DescriptorBudget keptBudget;
    private final int directoryLimit;
    private final Map<SessionToken, Session> sessions = new HashMap<>();
    private final Set<Connection> connections = new HashSet<>();

    /** Those of {@link #connections} whose peer has not ended the handshake. */
    private final Set<Connection> greeting = new HashSet<>();

    private final Set<Thread> threads = new HashSet<>();
    private final List<Thread> accepters = new ArrayList<>();
    private long connectionCount;
    private int logs;
    private boolean closed;

    private HostServer(
            final List<Listener> listeners, final Exports exports, final ServerOptions options, final int descriptors) {
        this.listeners = listeners;
        this.options = options;
        this.exports = exports;
        this.budget = new DescriptorBudget(descriptors / 8 * 3);
        // Apart: guests may hold removed files for long without noticing, which must not keep others from opening
        // theirs.
        this.keptBudget = new DescriptorBudget(descriptors / 8);
        this.directoryLimit = Math.max(DIRECTORIES_MIN, descriptors / 4 / SESSIONS_MAX);
        for (final Listener listener : listeners) {
            accepters.add(new Thread(() -> accept(listener), "host-accept"));
        }
    }

    /**
     * Starts to serve.
     *
     * @throws IOException with a message for the user: an export that is missing, an address that is taken
     */
    public static HostServer start(final Address listen, final List<Export> exports) throws IOException {
        return start(List.of(listen), exports, ServerOptions.DEFAULT);
    }

    /** As {@link #start(Address, List)}, at several addresses. */
    public static HostServer start(final List<Address> listen, final List<Export> exports, final ServerOptions options)
            throws IOException {
        final Posix posix = Posix.forThisPlatform();
        final Exports resolved = new Exports(posix, exports);
        final HostServer server = new HostServer(
                listen(listen, options.admission()),
                resolved,
                options,
                Math.min(posix.descriptorLimit(), options.descriptors()));
        server.accepters.forEach(Thread::start);
        return server;
    }

    /** Listens at all addresses, or at none. */
    private static List<Listener> listen(final List<Address> addresses, final Admission admission) throws IOException {
        final List<Listener> listeners = new ArrayList<>();
        try {
            for (final Address address : addresses) {
                listeners.add(Listener.listen(address, admission, LOG_EVENTS));
            }
            return listeners;
        } catch (final IOException e) {
            for (final Listener listener : listeners) {
                listener.close();
            }
            throw e;
        }
    }

    /** The first address. */
    public Address address() {
        return listeners.get(0).address();
    }

    /** Waits until {@link #close} is called. */
    public void join() throws InterruptedException {
        for (final Thread accepter : accepters) {
            accepter.join();
        }
    }

    private void accept(final Listener listener) {
        boolean open = true;
        while (open) {
            try {
                final Connection connection = listener.accept();
                open = connection != null;
                if (open) {
                    begin(connection);
                }
            } catch (final IOException e) {
                // Out of descriptors, mostly: what is mounted goes on, and connections end some time.
                LOG.error("A connection could not be taken: {}", e.getMessage());
                open = pause();
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(ACCEPT_PAUSE_MILLIS);
            return true;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized void begin(final Connection connection) {
        if (closed || connections.size() >= CONNECTIONS_MAX) {
            LOG.warn("A connection of {} was refused: there are {}", connection.peer(), connections.size());
            connection.close();
            return;
        }
        if (greeting.size() >= HANDSHAKES_MAX) {
            LOG.warn(
                    "A connection of {} was refused: {} have not ended the handshake",
                    connection.peer(),
                    greeting.size());
            connection.close();
            return;
        }
        final Thread thread = new Thread(() -> serve(connection), "host-" + ++connectionCount);
        thread.setDaemon(true);
        connections.add(connection);
        greeting.add(connection);
        threads.add(thread);
        try {
            thread.start();
        } catch (final OutOfMemoryError e) {
            LOG.error("A connection was refused: no thread can be started ({})", e.getMessage());
            connections.remove(connection);
            greeting.remove(connection);
            threads.remove(thread);
            connection.close();
        }
    }

    private void serve(final Connection connection) {
        try {
            greet(connection);
        } catch (final ProtocolException e) {
            LOG.warn("A guest ({}) broke the protocol and was disconnected: {}", connection.peer(), e.getMessage());
        } catch (final IOException e) {
            LOG.debug("A connection ended: {}", e.getMessage());
        } catch (final RuntimeException e) {
            LOG.error("A connection failed and was closed", e);
        } finally {
            connection.shutdown();
            synchronized (this) {
                connections.remove(connection);
                greeting.remove(connection);
                threads.remove(Thread.currentThread());
            }
            connection.close();
        }
    }

    private void greet(final Connection connection) throws IOException, ProtocolException {
        final Handshake handshake = new Handshake(connection);
        final Hello hello = handshake.read();
        if (!Version.CURRENT.understands(hello.version())) {
            handshake.refuse(
                    Errno.EPROTONOSUPPORT,
                    "the daemon speaks protocol version " + hello.version() + ", the host server " + Version.CURRENT
                            + ": install the same release on both sides");
            return;
        }
        try {
            handshake.authenticate(hello, options.secret());
            synchronized (this) {
                greeting.remove(connection);
            }
            if (hello instanceof Hello.Mount) {
                mount(connection, handshake, (Hello.Mount) hello);
            } else if (hello instanceof Hello.Log) {
                log(connection, handshake, (Hello.Log) hello);
            } else {
                lane(connection, handshake, (Hello.Lane) hello);
            }
        } catch (final RefusedException e) {
            LOG.info("Refused {}: {}", connection.peer(), e.getMessage());
            handshake.refuse(e.errno(), e.getMessage());
        }
    }

    private void mount(final Connection connection, final Handshake handshake, final Hello.Mount hello)
            throws IOException, ProtocolException, RefusedException {
        if (hello.ownership().policy() == Ownership.Policy.PASSTHROUGH && !posix.isPrivileged()) {
            throw new RefusedException(
                    Errno.EPERM,
                    "the host server does not run as root and cannot pass owners through: mount with owner=recorded=UID:GID"
                            + " or owner=fixed=UID:GID");
        }
        final Exports.Root root = exports.open(hello.path());
        final boolean readOnly = hello.readOnly() || root.readOnly();
        final Session session = new Session(
                hello.path(),
                root.path(),
                hello.mode(),
                watches,
                hello.features(),
                this::hasSeveralMounts,
                hello.contentMax(),
                posix,
                root.nodes(posix, directoryLimit, NODES_MAX, keptBudget),
                budget,
                hello.ownership(),
                readOnly,
                connection);
        register(session);
        session.beginActing();
        LOG.info("{} is mounted, {}{}", hello.path(), hello.mode().word(), readOnly ? ", read-only" : "");
        try {
            session.putRootAttributes(root, handshake.memory().bytes());
            int flags = exportFlags(readOnly) | (session.isWatched() ? ExportFlags.WATCHED : 0);
            if (overlaps.enter(session)) {
                flags |= ExportFlags.SUSPENDED;
            }
            handshake.welcome(welcome(session, hello.features(), flags));
            session.runPushConnection();
        } finally {
            session.end();
            session.endActing();
            overlaps.leave(session);
            synchronized (this) {
                sessions.remove(session.token());
            }
            LOG.info("{} is unmounted", hello.path());
        }
    }

    private synchronized void register(final Session session) throws RefusedException {
        if (closed || sessions.size() >= SESSIONS_MAX) {
            session.end();
            throw new RefusedException(
                    Errno.EUSERS, "the host server serves " + sessions.size() + " mounts and takes no more");
        }
        sessions.put(session.token(), session);
    }

    private synchronized boolean hasSeveralMounts() {
        return sessions.size() > 1;
    }

    private static int exportFlags(final boolean readOnly) {
        return readOnly ? ExportFlags.READ_ONLY : 0;
    }

    private static Welcome welcome(final Session session, final long features, final int exportFlags) {
        return new Welcome(
                Version.CURRENT,
                Limits.FRAME_MAX,
                features & Features.SUPPORTED,
                Limits.TRANSFER_MAX,
                exportFlags,
                session.token(),
                session.state().nodes().root().id());
    }

    private void lane(final Connection connection, final Handshake handshake, final Hello.Lane hello)
            throws IOException, ProtocolException, RefusedException {
        final Session session;
        synchronized (this) {
            session = sessions.get(hello.token());
        }
        if (session == null) {
            throw new RefusedException(Errno.EACCES, "there is no mount with this token");
        }
        if (!session.join(connection)) {
            throw new RefusedException(Errno.EUSERS, "the mount has ended or has enough lanes");
        }
        session.beginActing();
        try {
            clear(handshake.memory().bytes());
            handshake.welcome(welcome(
                    session, hello.features(), exportFlags(session.state().readOnly())));
            bind(hello.processor());
            RequestLane.run(connection, session.state());
        } finally {
            session.leave(connection);
            session.endActing();
        }
    }

    /** A request then wakes no other processor; of another machine the number means nothing here. */
    private static void bind(final Processor guests) {
        if (guests != null
                && Processors.machine().filter(guests.machine()::equals).isPresent()) {
            Processors.bind(guests.number());
        }
    }

    private void log(final Connection connection, final Handshake handshake, final Hello.Log hello)
            throws IOException, ProtocolException, RefusedException {
        synchronized (this) {
            if (logs >= LOGS_MAX) {
                throw new RefusedException(Errno.EUSERS, "the host server takes the logs of " + LOGS_MAX + " guests");
            }
            logs++;
        }
        try {
            clear(handshake.memory().bytes());
            handshake.welcome(new Welcome(
                    Version.CURRENT,
                    Limits.FRAME_MAX,
                    hello.features() & Features.LOG,
                    Limits.TRANSFER_MAX,
                    0,
                    SessionToken.random(),
                    0));
            new GuestLog(connection, hello.guest()).run();
        } finally {
            synchronized (this) {
                logs--;
            }
        }
    }

    private static void clear(final ByteBuffer frame) {
        for (int i = 0; i < frame.capacity(); i++) {
            frame.put(i, (byte) 0);
        }
    }

    /** Ends every session, waits for the calls in progress and removes the socket. */
    @Override
    public void close() throws IOException {
        final List<Connection> open;
        final List<Thread> running;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = List.copyOf(connections);
            running = List.copyOf(threads);
        }
        listeners.forEach(Listener::shutdown);
        open.forEach(Connection::shutdown);
        try {
            for (final Thread accepter : accepters) {
                accepter.join(CLOSE_MILLIS);
            }
            for (final Thread thread : running) {
                thread.join(CLOSE_MILLIS);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watches.close();
        for (final Listener listener : listeners) {
            listener.close();
        }
    }
}
