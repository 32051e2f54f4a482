package io.transfuse.daemon.mount;

import io.transfuse.daemon.IdleProcessors;
import io.transfuse.daemon.event.Expectations;
import io.transfuse.daemon.fuse.DeviceChannel;
import io.transfuse.daemon.fuse.FuseChannel;
import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.fuse.RingChannel;
import io.transfuse.daemon.operation.GuestCache;
import io.transfuse.daemon.operation.OpenNodes;
import io.transfuse.daemon.operation.PendingLocks;
import io.transfuse.daemon.session.HostLane;
import io.transfuse.daemon.session.HostSession;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of a mount: a few at first, one more whenever all of a queue have been busy for a while, so that a slow operation
 * delays nobody else's.
 */
final class LanePool {
    private static final Logger LOG = LoggerFactory.getLogger(LanePool.class);
    private static final int DEVICE_LANES_MIN = 2;

    /** Lanes of a queue, but for those that wait for a lock; fewer where there are many queues. */
    private static final int LANES_MAX = 16;

    private static final long JOIN_NANOS = 3_000_000_000L;
    private static final long OPEN_SECONDS = 10;

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

    /** Processors whose requests come through an io_uring; 0 if all come through the device. */
    private final int processors;

    private final List<LaneQueue> queues = new CopyOnWriteArrayList<>();
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<FuseDevice> devices = new CopyOnWriteArrayList<>();
    private final List<FuseChannel> channels = new CopyOnWriteArrayList<>();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final HostLanes hosts;
    private final CountDownLatch opened;
    private final Thread supervisor;
    private final Wakefulness wakefulness;

    private volatile IOException failure;
    private volatile boolean supervisorParked;
    private volatile boolean closed;
    private volatile boolean ended;

    /** @param processors whose requests come through an io_uring each; 0 if all come through the device */
    LanePool(
            final String name,
            final FuseDevice device,
            final int processors,
            final HostSession session,
            final MountStatistics statistics,
            final PendingLocks locks,
            final OpenNodes openNodes,
            final GuestCache cache,
            final Expectations events,
            final IdleProcessors idleProcessors) {
        this.name = name;
        this.device = device;
        this.processors = processors;
        this.session = session;
        this.statistics = statistics;
        this.locks = locks;
        this.openNodes = openNodes;
        this.cache = cache;
        this.events = events;
        this.hosts = new HostLanes(session);
        this.opened = new CountDownLatch(firstDeviceLanes() + processors);
        this.supervisor = new Thread(this::supervise, "lanes " + name);
        supervisor.setDaemon(true);
        this.wakefulness = new Wakefulness(name, ProcessorLatency.open(idleProcessors));
    }

    /** Beside io_urings the device has little more than what gets no reply. */
    private int firstDeviceLanes() {
        return processors == 0 ? DEVICE_LANES_MIN : 1;
    }

    /** Begins; on return every queue is served. */
    void start() throws IOException {
        final LaneQueue ofDevice = new LaneQueue(HostLane.ANYWHERE, this::openDevice);
        queues.add(ofDevice);
        for (int i = 0; i < firstDeviceLanes(); i++) {
            add(ofDevice);
        }
        for (int i = 0; i < processors; i++) {
            final int processor = i;
            final LaneQueue queue = new LaneQueue(processor, () -> RingChannel.open(device, processor));
            queues.add(queue);
            add(queue);
        }
        awaitOpened();
        supervisor.start();
        wakefulness.start();
    }

    private void awaitOpened() throws IOException {
        try {
            if (!opened.await(OPEN_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the kernel does not take the lanes");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        if (failure != null) {
            throw failure;
        }
    }

    private FuseChannel openDevice() throws IOException {
        final FuseDevice own;
        synchronized (devices) {
            own = devices.isEmpty() ? device : device.cloneDevice();
            devices.add(own);
        }
        return new DeviceChannel(own);
    }

    private void add(final LaneQueue queue) throws IOException {
        final HostLane host = hosts.take(queue.processor());
        final Lane lane = new Lane(queue, device, hosts, host, this, statistics, locks, openNodes, cache, events);
        final Thread thread = new Thread(lane, "lane " + name + " " + lanes.size());
        thread.setDaemon(true);
        queue.join();
        lanes.add(lane);
        threads.add(thread);
        thread.start();
    }

    /** A lane has the channel that it asked its queue for. */
    void opened(final FuseChannel channel) {
        channels.add(channel);
        if (closed) {
            channel.end();
        }
        opened.countDown();
    }

    boolean hostChecksPermissions() {
        return session.checksPermissions();
    }

    int size() {
        return lanes.size();
    }

    /** A lane has a request in hand. */
    void busy(final LaneQueue queue) {
        wakefulness.request();
        if (queue.busy()) {
            lookAtQueues();
        }
    }

    /** A lane ends, or waits with a request that waits for a lock: the queue may have no other. */
    void leave(final LaneQueue queue) {
        if (queue.leave()) {
            lookAtQueues();
        }
    }

    private void lookAtQueues() {
        if (supervisorParked) {
            LockSupport.unpark(supervisor);
        }
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
        while (!closed && !ended) {
            supervisorParked = true;
            if (dryQueue() == null) {
                LockSupport.park(this);
            }
            supervisorParked = false;
            LockSupport.parkNanos(this, PATIENCE_NANOS);
            final LaneQueue dry = dryQueue();
            if (dry != null && !closed && !ended && !lost.get()) {
                try {
                    add(dry);
                } catch (final IOException e) {
                    LOG.warn("{} goes on with {} lanes: {}", name, lanes.size(), e.getMessage());
                    return;
                }
            }
        }
    }

    /** Each queue may have as many: whoever waits for one lane must not keep another queue from having one. */
    private LaneQueue dryQueue() {
        final int most = Math.min(LANES_MAX, HostLanes.KEPT_MAX / queues.size());
        for (final LaneQueue queue : queues) {
            if (queue.needsLane(most)) {
                return queue;
            }
        }
        return null;
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

    void laneFailed(final IOException cause) {
        if (opened.getCount() > 0) {
            failure = cause;
            opened.countDown();
        } else if (!closed) {
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
        channels.forEach(FuseChannel::end);
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
            devices.forEach(FuseDevice::close);
            hosts.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
