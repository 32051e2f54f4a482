package io.transfuse.daemon.mount;

import io.transfuse.daemon.IdleProcessors;
import io.transfuse.daemon.event.Expectations;
import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.operation.GuestCache;
import io.transfuse.daemon.operation.OpenNodes;
import io.transfuse.daemon.operation.PendingLocks;
import io.transfuse.daemon.session.HostSession;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of a mount: two at first, one more whenever all have been busy for a while, so that a slow operation delays
 * nobody else's.
 */
final class LanePool {
    private static final Logger LOG = LoggerFactory.getLogger(LanePool.class);
    private static final int LANES_MIN = 2;
    private static final int LANES_MAX = 16;
    private static final long JOIN_NANOS = 3_000_000_000L;

    /** How long all lanes must be busy before there is another. */
    private static final long PATIENCE_NANOS = 2_000_000;

    private final String name;
    private final FuseDevice device;
    private final HostSession session;
    private final MountStatistics statistics;
    private final PendingLocks locks;
    private final OpenNodes openNodes;
    private final GuestCache cache;
    private final Expectations events;
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<FuseDevice> clones = new CopyOnWriteArrayList<>();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final Thread supervisor;
    private final Wakefulness wakefulness;

    private volatile boolean supervisorParked;
    private volatile boolean closed;
    private volatile boolean ended;

    LanePool(
            final String name,
            final FuseDevice device,
            final HostSession session,
            final MountStatistics statistics,
            final PendingLocks locks,
            final OpenNodes openNodes,
            final GuestCache cache,
            final Expectations events,
            final IdleProcessors idleProcessors) {
        this.name = name;
        this.device = device;
        this.session = session;
        this.statistics = statistics;
        this.locks = locks;
        this.openNodes = openNodes;
        this.cache = cache;
        this.events = events;
        this.supervisor = new Thread(this::supervise, "lanes " + name);
        supervisor.setDaemon(true);
        this.wakefulness = new Wakefulness(name, ProcessorLatency.open(idleProcessors));
    }

    void start() throws IOException {
        add(device);
        while (lanes.size() < LANES_MIN) {
            addClone();
        }
        supervisor.start();
        wakefulness.start();
    }

    private void addClone() throws IOException {
        final FuseDevice clone = device.cloneDevice();
        clones.add(clone);
        add(clone);
    }

    private void add(final FuseDevice laneDevice) throws IOException {
        final Lane lane = new Lane(laneDevice, session.openLane(), this, statistics, locks, openNodes, cache, events);
        final Thread thread = new Thread(lane, "lane " + name + " " + lanes.size());
        thread.setDaemon(true);
        idle.incrementAndGet();
        lanes.add(lane);
        threads.add(thread);
        thread.start();
    }

    int size() {
        return lanes.size();
    }

    /** A lane has a request in hand. */
    void busy() {
        wakefulness.request();
        if (idle.decrementAndGet() == 0 && supervisorParked) {
            LockSupport.unpark(supervisor);
        }
    }

    /** A lane waits for a request. */
    void idle() {
        idle.incrementAndGet();
    }

    boolean isInHand(final long unique) {
        for (final Lane lane : lanes) {
            if (lane.isAt(unique)) {
                return true;
            }
        }
        return false;
    }

    private void supervise() {
        while (!closed && lanes.size() < LANES_MAX) {
            supervisorParked = true;
            if (idle.get() > 0) {
                LockSupport.park(this);
            }
            supervisorParked = false;
            LockSupport.parkNanos(this, PATIENCE_NANOS);
            if (idle.get() <= 0 && !closed && !lost.get()) {
                try {
                    addClone();
                } catch (final IOException e) {
                    LOG.warn("{} goes on with {} lanes: {}", name, lanes.size(), e.getMessage());
                    return;
                }
            }
        }
    }

    /** The host cannot be asked any more: later requests answer EIO. */
    void hostLost(final IOException cause) {
        if (!closed && lost.compareAndSet(false, true)) {
            LOG.error("{} is disconnected and answers EIO: {}", name, cause.getMessage());
            session.disconnect();
        }
    }

    /** The kernel has ended the mount: somebody unmounted it. */
    void ended() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    boolean isLost() {
        return lost.get();
    }

    void deviceFailed(final IOException cause) {
        if (!closed) {
            LOG.error("A lane of {} ends: {}", name, cause.getMessage());
        }
    }

    /**
     * To be called when the mount has ended and the kernel says so to every lane: waits for their threads. Where the
     * kernel does not, because somebody uses a mount that could not be aborted, the lanes serve him on until this
     * process ends.
     */
    void close() {
        closed = true;
        LockSupport.unpark(supervisor);
        wakefulness.close();
        boolean interrupted = false;
        final long deadline = System.nanoTime() + JOIN_NANOS;
        for (final Thread thread : threads) {
            try {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (threads.stream().noneMatch(Thread::isAlive)) {
            clones.forEach(FuseDevice::close);
            device.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
