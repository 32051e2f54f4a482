package io.transfuse.daemon.operation;

import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.session.HostSession;
import io.transfuse.protocol.Errno;
import io.transfuse.transport.NativeBuffer;
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
    private final HostSession session;
    private final Map<Long, Pending> pending = new HashMap<>();
    private final Set<Long> lockedNodes = ConcurrentHashMap.newKeySet();

    private static final class Pending {
        final FuseDevice device;
        final long node;
        final boolean posix;
        boolean waiting;
        boolean interrupted;

        Pending(final FuseDevice device, final long node, final boolean posix) {
            this.device = device;
            this.node = node;
            this.posix = posix;
        }
    }

    public PendingLocks(final HostSession session) {
        this.session = session;
    }

    /** A request was read that may come to wait; from now on it can be interrupted. */
    synchronized void register(final long unique, final FuseDevice device, final long node, final boolean posix) {
        pending.put(unique, new Pending(device, node, posix));
    }

    /** The request was answered by its lane. */
    synchronized void unregister(final long unique) {
        pending.remove(unique);
    }

    /**
     * Hands a registered request to the push connection, which answers it some time.
     *
     * @return 0, or -EINTR when it has been interrupted in the meantime and is to be answered by the lane
     */
    int await(final long unique, final HostSession.FrameEncoder encoder) throws IOException {
        synchronized (this) {
            final Pending request = pending.get(unique);
            if (request.interrupted) {
                pending.remove(unique);
                return -Errno.EINTR;
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
            reply(request.device, unique, errno);
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
        failed.forEach((unique, request) -> reply(request.device, unique, Errno.EIO));
    }

    private static void reply(final FuseDevice device, final long unique, final int errno) {
        final NativeBuffer memory = NativeBuffer.allocate(OutHeader.SIZE);
        OutHeader.put(memory.bytes(), 0, OutHeader.SIZE, errno, unique);
        device.write(memory, 0, OutHeader.SIZE);
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
