package io.transfuse.host.session;

import io.transfuse.host.lock.LockTable;
import io.transfuse.host.node.HandleTable;
import io.transfuse.host.node.NodeTable;
import io.transfuse.host.operation.GuestMemory;
import io.transfuse.host.operation.GuestWatches;
import io.transfuse.host.operation.OtherMemories;
import io.transfuse.host.operation.OwnershipPolicy;
import io.transfuse.host.operation.SessionState;
import io.transfuse.host.posix.DescriptorBudget;
import io.transfuse.host.posix.Posix;
import io.transfuse.host.posix.StatBuffer;
import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Features;
import io.transfuse.protocol.Ownership;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.SessionToken;
import io.transfuse.protocol.Welcome;
import io.transfuse.transport.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mount of a guest: what it holds and the connections that serve it. It lives as long as its push connection; what
 * the guest held is given back once the last lane has ended. Thread-safe.
 */
final class Session implements OtherMemories.Memory {
    /** Lanes of a mount; more are refused. */
    static final int LANES_MAX = 128;

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final long TOLD_MILLIS = 10_000;
    private static final long TOLD_SHORTLY_MILLIS = 100;

    private final SessionToken token = SessionToken.random();
    private final String name;
    private final SessionState state;
    private final PushConnection push;
    private final Path path;
    private final Set<Connection> lanes = new HashSet<>();
    private final boolean strengthensNothing;
    private boolean ended;

    /**
     * @param name the mount's path, for log lines
     * @param path the same with links followed
     * @param mode how much consistency the guest asks for
     * @param watches what tells of changes
     * @param features what the guest takes of it and asks of the host, of {@link Features}
     * @param otherMounts whether the server has other mounts
     * @param contentMax size of the largest file whose content the guest wants with OPEN, in bytes
     */
    Session(
            final String name,
            final Path path,
            final ConsistencyMode mode,
            final WatchTable watches,
            final long features,
            final BooleanSupplier otherMounts,
            final int contentMax,
            final Posix posix,
            final NodeTable nodes,
            final DescriptorBudget budget,
            final Ownership ownership,
            final boolean readOnly,
            final Connection connection) {
        this.name = name;
        this.path = path;
        final boolean remembers = (features & Features.INVALIDATIONS) != 0;
        this.strengthensNothing = mode == ConsistencyMode.DEFAULT && !remembers;
        final boolean wantsEvents = (features & Features.EVENTS) != 0;
        final HandleTable handles = new HandleTable(posix, budget);
        final Events events = wantsEvents ? new Events(name, posix, nodes, handles) : null;
        this.push = new PushConnection(connection, remembers, events);
        final Invalidations invalidations = push.invalidations();
        if (events != null) {
            events.begin(push::wake, since -> watches.rescan(invalidations, since));
        }
        this.state = new SessionState(
                posix,
                nodes,
                handles,
                new LockTable(posix, handles, budget, push::lockAnswered),
                new OwnershipPolicy(ownership),
                readOnly,
                (features & Features.PERMISSIONS) != 0,
                (features & Features.PROTECTED_HARDLINKS) != 0,
                remembers ? new GuestMemory(invalidations::sequence, otherMounts, contentMax) : null,
                remembers || wantsEvents ? new GuestWatches(watches, invalidations) : null,
                new OtherMemories());
    }

    /** Whether one's root lies in the other's, or is it. */
    boolean overlaps(final Session other) {
        return path.startsWith(other.path) || other.path.startsWith(path);
    }

    /** Whether the guest remembers what it is told. */
    boolean remembers() {
        return state.memory() != null;
    }

    /** Whether mounts that it overlaps may go on remembering, because they are told of what it changes (O3). */
    boolean strengthensNothing() {
        return strengthensNothing;
    }

    /** The other mount may make stale what this one's guest remembers. */
    void follow(final Session other) {
        if (remembers()) {
            other.state.others().add(this, other.strengthensNothing && overlaps(other));
        }
    }

    /** This mount is over: the other one need not care for it any more. */
    void unfollow(final Session other) {
        other.state.others().remove(this);
    }

    @Override
    public NodeTable nodes() {
        return state.nodes();
    }

    @Override
    public void doubtReplies() {
        state.memory().doubtReplies();
    }

    @Override
    public void nameChanged(final long directory, final byte[] changed) {
        push.invalidations().nameChanged(directory, changed, true);
    }

    @Override
    public void changed(final long node) {
        push.invalidations().changed(node);
    }

    @Override
    public void sync() {
        push.invalidations().sync();
    }

    @Override
    public void awaitTold() {
        try {
            if (!push.invalidations().awaitAcknowledged(TOLD_MILLIS)) {
                LOG.error("{} does not answer and is disconnected: it may remember what another mount changes", name);
                end();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void awaitToldShortly() {
        try {
            if (!push.invalidations().awaitAcknowledged(TOLD_SHORTLY_MILLIS)) {
                LOG.debug("{} has not acknowledged yet that a file has several names", name);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the guest is told of what is stale; what cannot be watched below the root, replies tell. */
    boolean isWatched() {
        return state.watches() != null && state.watches().watchRoot(state.nodes(), state.posix()) && remembers();
    }

    /** What the calling thread does is the guest's doing from now on, until {@link #endActing}. */
    void beginActing() {
        if (state.watches() != null) {
            state.watches().beginActing();
        }
    }

    /** The calling thread does nothing more for the guest. */
    void endActing() {
        if (state.watches() != null) {
            state.watches().endActing();
        }
    }

    /** Another mount overlaps this one from now on; {@link #awaitTold} waits until the guest remembers nothing. */
    void suspend() {
        push.invalidations().suspend();
    }

    /** No other mount overlaps this one any more. */
    void resume() {
        push.invalidations().resume();
    }

    /** There is another mount now, by which what has several names may be changed. */
    void doubtLinked() {
        state.nodes().forEach(node -> {
            if (!node.isDirectory() && node.watch != null) {
                push.invalidations().changed(node.id());
            }
        });
    }

    SessionToken token() {
        return token;
    }

    String name() {
        return name;
    }

    SessionState state() {
        return state;
    }

    /** Puts the attributes of the root, as the guest is to see them, where a welcome has them. */
    void putRootAttributes(final Exports.Root root, final ByteBuffer welcome) {
        final StatBuffer stat = root.stat();
        stat.putAttributes(welcome, Welcome.ROOT_ATTRIBUTES, stat.ino());
        if (root.name() == null) {
            final Posix posix = state.posix();
            state.ownership().show(posix, root.descriptor(), posix.self(), stat, welcome, Welcome.ROOT_ATTRIBUTES);
        }
    }

    /** Serves the push connection until it ends, and ends the session then. */
    void runPushConnection() throws IOException, ProtocolException {
        try {
            push.run(state.locks());
        } finally {
            end();
        }
    }

    /** Takes a lane in; false when the session has ended or has enough. */
    synchronized boolean join(final Connection lane) {
        return !ended && lanes.size() < LANES_MAX && lanes.add(lane);
    }

    /** A lane has ended, and its thread with it. */
    synchronized void leave(final Connection lane) {
        lanes.remove(lane);
        closeIfOver();
    }

    /** Ends the session: every connection finds its end. */
    synchronized void end() {
        if (!ended) {
            ended = true;
            push.shutdown();
            lanes.forEach(Connection::shutdown);
            closeIfOver();
        }
    }

    private void closeIfOver() {
        if (ended && lanes.isEmpty()) {
            if (state.watches() != null) {
                state.watches().close(state.nodes(), state.posix());
            }
            state.locks().close();
            state.handles().close();
            state.nodes().close();
        }
    }
}
