package io.transfuse.daemon.operation;

import io.transfuse.daemon.fuse.FuseChannel;
import io.transfuse.daemon.session.HostSession;
import io.transfuse.protocol.Errno;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lock requests of a mount that wait without a lane, by the kernel's unique number; and the nodes that have had
 * POSIX locks, whose FLUSH the host must hear of. Thread-safe.
 */
public final class PendingLocks {
    /** A power of two. */
    private static final int EARLY_MAX = 256;

    /** Each may take a lane's thread. */
    private static final int WAITING_MAX = 1024;

    private final HostSession session;
    private final Map<Long, Pending> pending = new HashMap<>();

    /** Interrupts whose request nobody knew: it may be on its way into a lane. The latest of them, in turn. */
    private final long[] early = new long[EARLY_MAX];

    private int nextEarly;
    private final Set<Long> lockedNodes = ConcurrentHashMap.newKeySet();

    private static final class Pending {
        final FuseChannel channel;
        final long node;
        final boolean posix;
        boolean waiting;
        boolean interrupted;

        Pending(final FuseChannel channel, final long node, final boolean posix) {
            this.channel = channel;
            this.node = node;
            this.posix = posix;
        }
    }

    public PendingLocks(final HostSession session) {
        this.session = session;
    }

    /** A request was read that may come to wait; from now on it can be interrupted. */
    synchronized void register(final long unique, final FuseChannel channel, final long node, final boolean posix) {
        final Pending request = new Pending(channel, node, posix);
        for (final long interrupted : early) {
            request.interrupted |= interrupted == unique;
        }
        pending.put(unique, request);
    }

    /** The request was answered by its lane. */
    synchronized void unregister(final long unique) {
        pending.remove(unique);
    }

    /**
     * Hands a registered request to the push connection, which answers it some time.
     *
     * @return 0, or what the lane is to answer: -EINTR when it has been interrupted in the meantime, -ENOLCK when too many wait
     */
    int await(final long unique, final HostSession.FrameEncoder encoder) throws IOException {
        synchronized (this) {
            final Pending request = pending.get(unique);
            if (request.interrupted) {
                pending.remove(unique);
                return -Errno.EINTR;
            }
            if (pending.size() > WAITING_MAX) {
                pending.remove(unique);
                return -Errno.ENOLCK;
            }
            request.waiting = true;
        }
        session.send(unique, encoder);
        return 0;
    }

    /**
     * The caller of a request was interrupted.
     *
     * @return false when the request is not one that may wait
     */
    boolean interrupt(final long unique) throws IOException {
        synchronized (this) {
            final Pending request = pending.get(unique);
            if (request == null) {
                early[nextEarly++ & EARLY_MAX - 1] = unique;
                return false;
            }
            request.interrupted = true;
            if (!request.waiting) {
                return true;
            }
        }
        session.cancel(unique);
        return true;
    }

    /** The host has answered a request that waited. */
    public void answered(final long unique, final int errno) {
        final Pending request;
        synchronized (this) {
            request = pending.remove(unique);
        }
        if (request != null) {
            if (errno == 0 && request.posix) {
                noteLocked(request.node);
            }
            request.channel.answerLate(unique, errno);
        }
    }

    /** Answers everything that waits with EIO: the host is lost. */
    public void failAll() {
        final Map<Long, Pending> failed;
        synchronized (this) {
            failed = new HashMap<>(pending);
            failed.values().removeIf(request -> !request.waiting);
            pending.keySet().removeAll(failed.keySet());
        }
        failed.forEach((unique, request) -> request.channel.answerLate(unique, Errno.EIO));
    }

    /** A POSIX lock was had on a node. */
    void noteLocked(final long node) {
        lockedNodes.add(node);
    }

    boolean mayBeLocked(final long node) {
        return !lockedNodes.isEmpty() && lockedNodes.contains(node);
    }

    /** No file of a node is open any more. */
    void closed(final long node) {
        if (!lockedNodes.isEmpty()) {
            lockedNodes.remove(node);
        }
    }
}
