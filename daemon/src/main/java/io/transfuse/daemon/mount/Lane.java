package io.transfuse.daemon.mount;

import io.transfuse.daemon.event.Expectations;
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
import java.io.IOException;
import java.util.function.LongPredicate;

/**
 * A thread that reads the kernel's requests, asks the host and answers, one request at a time. No request crosses to
 * another thread: that costs more than the work itself.
 */
final class Lane implements Runnable {
    private static final long NONE = 0;

    /** A request that took no longer was answered without the host. */
    private static final long QUICK_NANOS = 30_000;

    private static final long SOON_NANOS = 20_000;

    private final FuseDevice device;
    private final HostLane host;
    private final LanePool pool;
    private final MountStatistics statistics;
    private final PendingLocks locks;
    private final OpenNodes openNodes;
    private final GuestCache cache;
    private final Expectations events;

    /** The unique number of the request in hand. */
    private volatile long inHand = NONE;

    Lane(
            final FuseDevice device,
            final HostLane host,
            final LanePool pool,
            final MountStatistics statistics,
            final PendingLocks locks,
            final OpenNodes openNodes,
            final GuestCache cache,
            final Expectations events) {
        this.device = device;
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
        try {
            final Exchange exchange = new Exchange(device, host, locks, openNodes, cache, events);
            final LongPredicate isInHand = pool::isInHand;
            int length = device.read(exchange.requestMemory());
            while (length >= 0) {
                final long nanos = serve(exchange, length, isInHand);
                // Who was answered at once mostly asks again at once.
                length = cache != null && nanos < QUICK_NANOS
                        ? device.readSoon(exchange.requestMemory(), SOON_NANOS)
                        : device.read(exchange.requestMemory());
            }
            pool.ended();
        } catch (final IOException e) {
            pool.deviceFailed(e);
        } finally {
            host.shutdown();
            host.close();
        }
    }

    /** Answers a request; returns how long it took, in nanoseconds. */
    private long serve(final Exchange exchange, final int length, final LongPredicate isInHand) throws IOException {
        if (length < InHeader.SIZE) {
            throw new IOException("the kernel sent a request of " + length + " bytes");
        }
        final int opcode = exchange.opcode();
        Operations.register(exchange);
        inHand = exchange.unique();
        pool.busy();
        final long begin = System.nanoTime();
        final int bytes = transferSize(exchange, opcode);
        int errno = 0;
        long nanos = 0;
        try {
            errno = Operations.execute(exchange, isInHand);
        } catch (final IOException e) {
            errno = io.transfuse.protocol.Errno.EIO;
            pool.hostLost(e);
        } finally {
            nanos = System.nanoTime() - begin;
            statistics.record(opcode, nanos, errno);
            if (bytes > 0 && errno == 0) {
                count(opcode, bytes);
            }
            pool.idle();
            inHand = NONE;
        }
        return nanos;
    }

    private static int transferSize(final Exchange exchange, final int opcode) {
        switch (opcode) {
            case FuseOpcode.READ:
                return ReadIn.size(exchange.requestMemory().bytes());
            case FuseOpcode.WRITE:
                return WriteIn.size(exchange.requestMemory().bytes());
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
