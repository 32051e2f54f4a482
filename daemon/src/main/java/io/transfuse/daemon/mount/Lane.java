package io.transfuse.daemon.mount;

import io.transfuse.daemon.event.Expectations;
import io.transfuse.daemon.fuse.FuseChannel;
import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.fuse.FuseOpcode;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.ReadIn;
import io.transfuse.daemon.fuse.WriteIn;
import io.transfuse.daemon.operation.Exchange;
import io.transfuse.daemon.operation.GuestCache;
import io.transfuse.daemon.operation.OpenNodes;
import io.transfuse.daemon.operation.Operations;
import io.transfuse.daemon.operation.PendingLocks;
import io.transfuse.daemon.session.HostLane;
import io.transfuse.protocol.Errno;
import java.io.IOException;
import java.util.function.LongPredicate;

/**
 * A thread that takes the kernel's requests, asks the host and answers, one request at a time. No request crosses to
 * another thread: that costs more than the work itself.
 */
final class Lane implements Runnable {
    private static final long NONE = 0;

    /** A request that took no longer was answered without the host. */
    private static final long QUICK_NANOS = 30_000;

    private final LaneQueue queue;
    private final FuseDevice device;
    private final HostLanes hosts;
    private final LanePool pool;
    private final MountStatistics statistics;
    private final PendingLocks locks;
    private final OpenNodes openNodes;
    private final GuestCache cache;
    private final Expectations events;

    /** How the host is asked; null for a lane that has to borrow it for each request. */
    private HostLane host;

    /** The unique number of the request in hand. */
    private volatile long inHand = NONE;

    /**
     * @param device for notifications
     * @param hosts of which {@code host} is one
     * @param host taken over
     */
    Lane(
            final LaneQueue queue,
            final FuseDevice device,
            final HostLanes hosts,
            final HostLane host,
            final LanePool pool,
            final MountStatistics statistics,
            final PendingLocks locks,
            final OpenNodes openNodes,
            final GuestCache cache,
            final Expectations events) {
        this.queue = queue;
        this.device = device;
        this.hosts = hosts;
        this.host = host;
        this.pool = pool;
        this.statistics = statistics;
        this.locks = locks;
        this.openNodes = openNodes;
        this.cache = cache;
        this.events = events;
    }

    @Override
    public void run() {
        FuseChannel channel = null;
        try {
            channel = queue.open();
            pool.opened(channel);
            serve(channel);
            pool.ended();
        } catch (final IOException e) {
            pool.laneFailed(e);
        } finally {
            if (channel != null) {
                channel.close();
            }
            if (host != null) {
                hosts.end(host);
            }
            pool.leave(queue);
        }
    }

    private void serve(final FuseChannel channel) throws IOException {
        final Exchange exchange =
                new Exchange(channel, device, pool.hostChecksPermissions(), locks, openNodes, cache, events);
        exchange.use(host);
        final LongPredicate isInHand = pool::isInHand;
        int length = channel.next(false);
        while (length >= 0) {
            final long nanos = serve(exchange, length, isInHand);
            if (channel.mustAwaitAnswer()) {
                stepAside(channel);
            }
            // Who was answered at once mostly asks again at once.
            length = channel.next(cache != null && nanos < QUICK_NANOS);
        }
    }

    /**
     * Waits with a request that waits. Another lane may have to be made meanwhile: it gets this one's way to the host, of which there
     * cannot be as many as locks that are waited for.
     */
    private void stepAside(final FuseChannel channel) {
        if (host != null) {
            hosts.give(host);
            host = null;
        }
        pool.leave(queue);
        channel.awaitAnswer();
        queue.join();
    }

    /** Answers a request; returns how long it took, in nanoseconds. */
    private long serve(final Exchange exchange, final int length, final LongPredicate isInHand) throws IOException {
        if (length < InHeader.SIZE) {
            throw new IOException("the kernel sent a request of " + length + " bytes");
        }
        final int opcode = exchange.opcode();
        Operations.register(exchange);
        inHand = exchange.unique();
        pool.busy(queue);
        final long begin = System.nanoTime();
        final int bytes = transferSize(exchange, opcode);
        int errno = 0;
        long nanos = 0;
        try {
            errno = execute(exchange, isInHand);
        } catch (final IOException e) {
            errno = Errno.EIO;
            pool.hostLost(e);
        } finally {
            nanos = System.nanoTime() - begin;
            statistics.record(opcode, nanos, errno);
            if (bytes > 0 && errno == 0) {
                count(opcode, bytes);
            }
            queue.idle();
            inHand = NONE;
        }
        return nanos;
    }

    private int execute(final Exchange exchange, final LongPredicate isInHand) throws IOException {
        if (host != null) {
            return Operations.execute(exchange, isInHand);
        }
        final HostLane borrowed;
        try {
            borrowed = hosts.take(queue.processor());
        } catch (final IOException e) {
            Operations.refuse(exchange);
            throw e;
        }
        try {
            exchange.use(borrowed);
            return Operations.execute(exchange, isInHand);
        } finally {
            hosts.give(borrowed);
        }
    }

    private static int transferSize(final Exchange exchange, final int opcode) {
        switch (opcode) {
            case FuseOpcode.READ:
                return ReadIn.size(exchange.request());
            case FuseOpcode.WRITE:
                return WriteIn.size(exchange.request());
            default:
                return 0;
        }
    }

    private void count(final int opcode, final int bytes) {
        if (opcode == FuseOpcode.READ) {
            statistics.recordRead(bytes);
        } else {
            statistics.recordWritten(bytes);
        }
    }

    boolean isAt(final long unique) {
        return inHand == unique;
    }
}
