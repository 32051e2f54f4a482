package io.transfuse.daemon.docker;

import io.transfuse.daemon.Daemon;
import io.transfuse.protocol.Ownership;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UNIX socket that speaks the Docker Engine API by passing it on to the engine, but for the binds of host paths: they
 * are mounted by this daemon and put to the place where they are mounted. Thread-safe.
 *
 * <p>It works with blocking sockets and two threads for a connection: attach and exec need connections of which one
 * direction ends before the other, which Netty's UNIX sockets on the JDK's channels cannot do.
 */
public final class DockerFront implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(DockerFront.class);
    private static final int CONNECTIONS_MAX = 512;
    private static final int STACK_BYTES = 256 * 1024;
    private static final long RETRY_MILLIS = 1_000;

    private final Options options;
    private final EngineClient engine;
    private final DockerMounts mounts;
    private final FileChannel lockFile;
    private final Set<FrontConnection> connections = ConcurrentHashMap.newKeySet();

    private final CountDownLatch ended = new CountDownLatch(1);

    /** Guards {@link #reconciliationWanted}; notified of it and of the end. */
    private final Object requests = new Object();

    private boolean reconciliationWanted;
    private DockerSocket socket;
    private volatile boolean closed;
    private volatile Wire events;

    /**
     * How the front is to be.
     *
     * @param listen the socket for Docker's clients
     * @param group the group that may use it, beside the daemon's user; null for none
     * @param engine the engine's socket
     * @param namespaces directories whose files are the host's; empty for those in which users of macOS have theirs
     * @param root an own directory for mount points, which outlives the machine's restart
     * @param ownership whom the files belong to in containers
     */
    public record Options(
            Path listen, String group, Path engine, List<Path> namespaces, Path root, Ownership ownership) {
        public Options {
            namespaces = namespaces.isEmpty() ? Namespaces.MACOS : List.copyOf(namespaces);
        }
    }

    private DockerFront(final Options options, final Daemon daemon, final Path root, final FileChannel lockFile) {
        this.options = options;
        this.engine = new EngineClient(options.engine);
        this.mounts = new DockerMounts(daemon, engine, root, options.ownership);
        this.lockFile = lockFile;
    }

    /**
     * Mounts again what containers had, and begins to listen.
     *
     * @throws IOException with a message for the user
     */
    public static DockerFront start(final Options options, final Daemon daemon) throws IOException {
        final Path root;
        final FileChannel lockFile;
        try {
            Files.createDirectories(
                    options.root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
            root = options.root.toRealPath();
            lockFile = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (final IOException e) {
            throw new IOException("cannot use " + options.root + " for the mounts of containers: " + e, e);
        }
        try {
            final FileLock lock = lockFile.tryLock();
            if (lock == null) {
                throw new IOException("another daemon has its mounts for containers in " + root);
            }
            final DockerFront front = new DockerFront(options, daemon, root, lockFile);
            front.mounts.restore();
            front.listen();
            return front;
        } catch (final IOException e) {
            lockFile.close();
            throw e;
        }
    }

    private void listen() throws IOException {
        try {
            socket = DockerSocket.listen(options.listen, options.group, this::accepted);
        } catch (final IOException e) {
            throw new IOException("cannot listen for Docker's clients at " + options.listen + ": " + e.getMessage(), e);
        }
        thread("docker-events", this::follow).start();
        thread("docker-reconcile", this::reconcileWhenAsked).start();
    }

    private static Thread thread(final String name, final Runnable work) {
        final Thread thread = new Thread(null, work, name, STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    private void accepted(final SocketChannel channel) {
        final Wire client = new Wire(channel);
        if (closed || connections.size() >= CONNECTIONS_MAX) {
            LOG.warn("A connection of a Docker client was refused: there are {}", connections.size());
            client.close();
            return;
        }
        final FrontConnection connection =
                new FrontConnection(client, options.engine, new Namespaces(options.namespaces), mounts);
        connections.add(connection);
        thread("docker-client", () -> {
                    try {
                        connection.serve();
                    } catch (final RuntimeException e) {
                        LOG.error("A connection of a Docker client failed and was closed", e);
                        connection.closeBoth();
                    } finally {
                        connections.remove(connection);
                    }
                })
                .start();
    }

    /**
     * Learns of containers that are removed: by the engine's events, and by its list for what came before or between
     * them.
     */
    private void follow() {
        boolean told = false;
        while (!closed) {
            try (Wire wire = engine.connect()) {
                events = wire;
                engine.followRemovals(wire, this::begin, this::removed);
                told = false;
            } catch (final IOException e) {
                if (!told && !closed) {
                    LOG.info("The Docker engine at {} cannot be followed yet: {}", options.engine, e.getMessage());
                    told = true;
                }
            } catch (final RuntimeException e) {
                LOG.error("Following the Docker engine failed and begins anew", e);
            }
            pause();
        }
    }

    private void begin() {
        LOG.info("Following the Docker engine at {}", options.engine);
        reconcile();
    }

    private void removed(final String id) {
        if (!mounts.removed(id)) {
            reconcile();
        }
    }

    private void reconcile() {
        synchronized (requests) {
            reconciliationWanted = true;
            requests.notifyAll();
        }
    }

    /** Compares mounts and containers when it is asked to, and again until nothing is left to be done. */
    private void reconcileWhenAsked() {
        while (awaitRequest()) {
            try {
                if (!mounts.reconcile()) {
                    pause();
                    reconcile();
                }
            } catch (final IOException e) {
                // The events have ended, too; when they begin anew, this is asked for again.
                LOG.debug("The engine does not tell its containers: {}", e.getMessage());
            } catch (final RuntimeException e) {
                LOG.error("Comparing mounts and containers failed", e);
            }
        }
    }

    private boolean awaitRequest() {
        synchronized (requests) {
            while (!closed && !reconciliationWanted) {
                try {
                    requests.wait();
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            reconciliationWanted = false;
            return !closed;
        }
    }

    /** Waits before something is tried again, or for the end. */
    private void pause() {
        try {
            if (ended.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("The front of the Docker engine ends");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all connections. The mounts stay until the daemon ends, and their mount points beyond. */
    @Override
    public void close() throws IOException {
        closed = true;
        ended.countDown();
        socket.close();
        connections.forEach(FrontConnection::closeBoth);
        final Wire following = events;
        if (following != null) {
            following.close();
        }
        synchronized (requests) {
            requests.notifyAll();
        }
        lockFile.close();
    }
}
