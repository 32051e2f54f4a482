package io.transfuse.host.lock;

import io.transfuse.host.node.Handle;
import io.transfuse.host.node.HandleTable;
import io.transfuse.host.node.Node;
import io.transfuse.host.posix.DescriptorBudget;
import io.transfuse.host.posix.LockTest;
import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.LockType;
import io.transfuse.protocol.OpenFlags;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The locks of a session. The host's kernel holds them, so that they stand against the host's processes and other mounts
 * too: a BSD lock on the handle's open file, a POSIX lock on an open file of its own for each owner and node, because a
 * POSIX lock belongs to a process and is not shared by the handles of two. All of them end with the session.
 *
 * <p>Waiting costs no thread: what cannot be had at once is tried again when this session gives up a lock, and by
 * {@link #retry} every few milliseconds, because the host tells nobody when its processes give up theirs.
 *
 * <p>Thread-safe; no call waits.
 */
public final class LockTable {
    private static final int WAITERS_MAX = 4096;

    private final Posix posix;
    private final HandleTable handles;
    private final DescriptorBudget budget;
    private final Map<OwnerKey, Holder> holders = new HashMap<>();
    private final Map<Long, LockRequest> waiters = new LinkedHashMap<>();
    private final Answers answers;
    private boolean closed;

    /** Where waiting ends. */
    public interface Answers {
        /**
         * The request {@code id} is answered; must not wait.
         *
         * @param errno 0 when the lock is had
         */
        void answer(long id, int errno);
    }

    private record OwnerKey(long node, long owner) {}

    /** What an owner has locked of a node, and the open file that holds it. */
    private static final class Holder {
        final int descriptor;
        final Ranges ranges = new Ranges();
        long handle;
        int pid;

        Holder(final int descriptor) {
            this.descriptor = descriptor;
        }
    }

    public LockTable(
            final Posix posix, final HandleTable handles, final DescriptorBudget budget, final Answers answers) {
        this.posix = posix;
        this.handles = handles;
        this.budget = budget;
        this.answers = answers;
    }

    /**
     * Sets or gives up a lock.
     *
     * @return 0 or a negated errno: EAGAIN when it is taken, EBADF, ENOLCK at the limit of descriptors
     */
    public synchronized int set(final LockRequest request) {
        final int status = attempt(request);
        if (status == 0 && request.type() == LockType.UNLOCK) {
            retry();
        }
        return status;
    }

    /**
     * Sets a lock as soon as it can be had.
     *
     * @param id of the request, for {@link Answers#answer} and {@link #cancel}
     */
    public synchronized void await(final long id, final LockRequest request) {
        final int status = set(request);
        if (status != -Errno.EAGAIN) {
            answers.answer(id, -status);
        } else if (waiters.size() >= WAITERS_MAX) {
            answers.answer(id, Errno.ENOLCK);
        } else if (!request.flock() && wouldDeadlock(request)) {
            answers.answer(id, Errno.EDEADLK);
        } else {
            waiters.put(id, request);
        }
    }

    /** Ends a wait with EINTR; without effect when it has ended. */
    public synchronized void cancel(final long id) {
        if (waiters.remove(id) != null) {
            answers.answer(id, Errno.EINTR);
        }
    }

    public synchronized boolean isWaiting() {
        return !waiters.isEmpty();
    }

    /** Tries for everybody who waits, in the order of their coming. */
    public synchronized void retry() {
        final Iterator<Map.Entry<Long, LockRequest>> iterator =
                waiters.entrySet().iterator();
        while (iterator.hasNext()) {
            final Map.Entry<Long, LockRequest> waiter = iterator.next();
            final int status = attempt(waiter.getValue());
            if (status != -Errno.EAGAIN) {
                iterator.remove();
                answers.answer(waiter.getKey(), -status);
            }
        }
    }

    /**
     * Finds a lock that stands in the way of a POSIX lock.
     *
     * @return 0 with the lock in {@code result}, or a negated errno
     */
    public synchronized int test(final LockRequest request, final LockTest result) {
        final Handle handle = handles.acquire(request.handle());
        if (handle == null) {
            return -Errno.EBADF;
        }
        try {
            final Holder own = holders.get(new OwnerKey(handle.node().id(), request.owner()));
            final int descriptor = own == null ? handle.descriptor().number() : own.descriptor;
            final int status = posix.testRange(descriptor, request.type(), request.start(), request.end(), result);
            result.pid = status == 0 && result.type != LockType.UNLOCK
                    ? pidOfHolder(handle.node().id(), request)
                    : 0;
            return status;
        } finally {
            handle.descriptor().release();
        }
    }

    private int pidOfHolder(final long node, final LockRequest request) {
        for (final Map.Entry<OwnerKey, Holder> entry : holders.entrySet()) {
            final Holder holder = entry.getValue();
            if (isOther(entry.getKey(), node, request)
                    && holder.ranges.conflict(request.start(), request.end(), request.type()) != null) {
                return holder.pid;
            }
        }
        return 0;
    }

    private static boolean isOther(final OwnerKey key, final long node, final LockRequest request) {
        return key.node() == node && key.owner() != request.owner();
    }

    /** The owner closes the file in one of its processes: its POSIX locks on it end. */
    public synchronized void releaseRanges(final Node node, final long owner) {
        if (releaseHolder(new OwnerKey(node.id(), owner))) {
            retry();
        }
    }

    /** A handle ends: what was locked through it ends too, for a file that is closed without a flush. */
    public synchronized void released(final Handle handle) {
        if (holders.isEmpty() && waiters.isEmpty()) {
            return;
        }
        boolean found = false;
        for (final OwnerKey key : Set.copyOf(holders.keySet())) {
            if (key.node() == handle.node().id() && holders.get(key).handle == handle.id()) {
                found |= releaseHolder(key);
            }
        }
        if (found || isWaiting()) {
            retry();
        }
    }

    /** Gives up every lock and forgets who waits: the connection by which he would hear has ended. */
    public synchronized void close() {
        closed = true;
        for (final OwnerKey key : Set.copyOf(holders.keySet())) {
            releaseHolder(key);
        }
        waiters.clear();
    }

    private int attempt(final LockRequest request) {
        if (closed) {
            return -Errno.EIO;
        }
        final Handle handle = handles.acquire(request.handle());
        if (handle == null) {
            return -Errno.EBADF;
        }
        try {
            return request.flock()
                    ? posix.lockFile(handle.descriptor().number(), request.type())
                    : attemptRange(handle, request);
        } finally {
            handle.descriptor().release();
        }
    }

    private int attemptRange(final Handle handle, final LockRequest request) {
        final OwnerKey key = new OwnerKey(handle.node().id(), request.owner());
        Holder holder = holders.get(key);
        if (holder == null) {
            if (request.type() == LockType.UNLOCK) {
                return 0;
            }
            final int descriptor = openForLocks(handle);
            if (descriptor < 0) {
                return descriptor;
            }
            holder = new Holder(descriptor);
            holders.put(key, holder);
        }
        final int status = posix.lockRange(holder.descriptor, request.type(), request.start(), request.end());
        if (status == 0) {
            holder.ranges.set(request.start(), request.end(), request.type());
            holder.handle = handle.id();
            holder.pid = request.pid();
        }
        if (holder.ranges.isEmpty()) {
            releaseHolder(key);
        }
        return status;
    }

    /** One open file for both kinds of lock; where the server may not write, the guest can only ask for shared ones. */
    private int openForLocks(final Handle handle) {
        if (!budget.take()) {
            return -Errno.ENOLCK;
        }
        int descriptor = posix.reopen(handle.descriptor().number(), OpenFlags.READ_WRITE);
        if (descriptor < 0) {
            descriptor = posix.reopen(handle.descriptor().number(), handle.flags() & OpenFlags.ACCESS_MODE);
        }
        if (descriptor < 0) {
            budget.give();
        }
        return descriptor;
    }

    private boolean releaseHolder(final OwnerKey key) {
        final Holder holder = holders.remove(key);
        if (holder == null) {
            return false;
        }
        posix.close(holder.descriptor);
        budget.give();
        return true;
    }

    /** Whether somebody who stands in the way waits, over any number of others, for the one who asks. */
    private boolean wouldDeadlock(final LockRequest request) {
        return waitsFor(request, request.owner(), new HashSet<>());
    }

    private boolean waitsFor(final LockRequest request, final long wanted, final Set<Long> seen) {
        final Handle handle = handles.acquire(request.handle());
        if (handle == null) {
            return false;
        }
        final long node = handle.node().id();
        handle.descriptor().release();
        for (final Map.Entry<OwnerKey, Holder> entry : holders.entrySet()) {
            final long holder = entry.getKey().owner();
            if (!isOther(entry.getKey(), node, request)
                    || entry.getValue().ranges.conflict(request.start(), request.end(), request.type()) == null) {
                continue;
            }
            if (holder == wanted || (seen.add(holder) && ownerWaitsFor(holder, wanted, seen))) {
                return true;
            }
        }
        return false;
    }

    private boolean ownerWaitsFor(final long owner, final long wanted, final Set<Long> seen) {
        for (final LockRequest waiting : waiters.values()) {
            if (!waiting.flock() && waiting.owner() == owner && waitsFor(waiting, wanted, seen)) {
                return true;
            }
        }
        return false;
    }
}
