package io.transfuse.daemon.mount;

import io.transfuse.daemon.EventStatus;
import io.transfuse.daemon.event.Expectations;
import io.transfuse.daemon.event.HostEvent;
import io.transfuse.daemon.event.Injection;
import io.transfuse.daemon.event.InjectorProcess;
import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.fuse.FuseLibrary;
import io.transfuse.daemon.fuse.InvalEntryOut;
import io.transfuse.daemon.session.HostLane;
import io.transfuse.daemon.session.HostSession;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Getpath;
import io.transfuse.protocol.Invalidated;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the guest's programs what happened on the host, event by event in a thread of its own, by way of the injector. No
 * thread that answers the kernel waits for this one. The host keeps back what would be too many at a time: it goes on when
 * this acknowledges. Thread-safe.
 */
final class EventDelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);
    private static final long JOIN_MILLIS = 3_000;

    /** More than a host that keeps to the protocol sends without an acknowledgement. */
    private static final int WAITING_MAX = 65_536;

    /** How many events may go into one injection. */
    private static final int TOGETHER_MAX = 18;

    /** Somebody may look a name up in the moment between the kernel's being told to ask and the injector's asking. */
    private static final int TRIES = 4;

    private final String name;
    private final HostSession session;
    private final FuseDevice device;
    private final boolean caches;
    private final boolean canExpire;
    private final InjectorProcess injector;
    private final InjectorProcess.Attached mount;
    private final Expectations expectations;
    private final Injection.Numbers numbers = new Injection.Numbers();
    private final LinkedBlockingQueue<Push> pushes = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final NativeBuffer memory = NativeBuffer.allocate(InvalEntryOut.SIZE_MAX);
    private final NativeBuffer request = NativeBuffer.allocate(Getpath.REQUEST_SIZE);
    private final Thread thread;

    /** Null until it is needed. */
    private volatile HostLane lane;

    private volatile boolean overwhelmed;

    /** The events of one frame. */
    private record Push(long sequence, List<HostEvent> events) {}

    /**
     * @param fuse any descriptor of the mount
     * @param device {@code major:minor}
     * @param caches whether the kernel may use names without asking
     */
    EventDelivery(
            final Path mountPoint,
            final HostSession session,
            final FuseDevice fuse,
            final String device,
            final boolean caches,
            final boolean canExpire,
            final InjectorProcess injector,
            final Expectations expectations) {
        this.name = mountPoint.toString();
        this.session = session;
        this.device = fuse;
        this.caches = caches;
        this.canExpire = canExpire;
        this.injector = injector;
        this.expectations = expectations;
        this.mount = injector.attach(mountPoint, device, expectations);
        this.thread = new Thread(this::run, "events " + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes what a frame tells, for when what it made stale has been told to the kernel. */
    void add(final long sequence, final List<HostEvent> events) {
        if (waiting.addAndGet(events.size()) > WAITING_MAX) {
            waiting.addAndGet(-events.size());
            dropped.addAndGet(events.size());
            if (!overwhelmed) {
                overwhelmed = true;
                LOG.warn("{}: the host sends events without waiting for their delivery, some are dropped", name);
            }
            return;
        }
        pushes.add(new Push(sequence, events));
    }

    private void run() {
        final List<Push> batch = new ArrayList<>();
        final List<HostEvent> events = new ArrayList<>();
        try {
            while (true) {
                batch.clear();
                events.clear();
                batch.add(pushes.take());
                pushes.drainTo(batch);
                batch.forEach(push -> events.addAll(push.events()));
                deliver(batch, events);
            }
        } catch (final InterruptedException e) {
            LOG.debug("{} ends with its mount", Thread.currentThread().getName());
        }
    }

    /** Delivers events in their order, and acknowledges each frame when its events are. */
    private void deliver(final List<Push> batch, final List<HostEvent> events) throws InterruptedException {
        int acknowledged = 0;
        int end = batch.get(0).events().size();
        int at = 0;
        final int[] used = new int[1];
        while (acknowledged < batch.size()) {
            if (at < events.size()) {
                final List<HostEvent> next = events.subList(at, Math.min(events.size(), at + TOGETHER_MAX));
                final boolean told = deliver(Injection.of(next, numbers, used));
                (told ? delivered : dropped).addAndGet(used[0]);
                waiting.addAndGet(-used[0]);
                at += used[0];
            }
            while (acknowledged < batch.size() && at >= end) {
                acknowledge(batch.get(acknowledged).sequence());
                acknowledged++;
                end += acknowledged < batch.size()
                        ? batch.get(acknowledged).events().size()
                        : 0;
            }
        }
    }

    private void acknowledge(final long sequence) {
        try {
            session.send(0, frame -> Invalidated.encode(frame, sequence));
        } catch (final IOException e) {
            LOG.debug("{} could not acknowledge: {}", name, e.getMessage());
        }
    }

    /** Whether the kernel has told of it. */
    private boolean deliver(final Injection injection) throws InterruptedException {
        LOG.debug("{}: {}", name, injection);
        if (!injection.isPossible()) {
            return false;
        }
        Map<Long, byte[]> places = Map.of();
        int errno = 0;
        for (int i = 0; i < TRIES; i++) {
            expectations.begin(injection);
            // An object that the kernel holds is not looked for by its name at first.
            if (i > 0 || injection.call() != Injection.Call.TOUCH || Injection.isMadeUp(injection.node())) {
                tellStale(injection);
            }
            errno = injector.inject(mount, injection, places);
            final boolean begun = expectations.end();
            if (errno == 0 || begun) {
                // Not again: nothing may be told twice.
                return errno == 0;
            }
            if (errno == Errno.ESTALE && places.isEmpty()) {
                // The kernel may hold a directory without its name, for those who watch it alone.
                places = places(injection);
                if (places.isEmpty()) {
                    break;
                }
            } else if (errno != InjectorProcess.DIED && errno != Errno.EEXIST && errno != Errno.ENOENT) {
                break;
            }
        }
        // ESTALE: the kernel does not hold the directory, so that nobody watches it.
        LOG.debug("{}: no event by {}: {}", name, injection, errno > 0 ? Errno.name(errno) : "no request");
        boolean told = false;
        for (final Injection instead : injection.instead(numbers)) {
            told |= deliver(instead);
        }
        return told;
    }

    /** Where the host has the directories of an injection, as far as they are in the mount. */
    private Map<Long, byte[]> places(final Injection injection) {
        final Map<Long, byte[]> places = new HashMap<>();
        final List<Long> directories = injection.directories();
        try {
            if (lane == null && !directories.isEmpty()) {
                lane = session.openLane();
            }
            for (final long directory : directories) {
                Getpath.encode(request.bytes(), directory);
                if (lane.exchange(request, Opcode.GETPATH, 0, 0, ReplyFrame.SIZE) < 0) {
                    continue;
                }
                final ByteBuffer reply = lane.replyMemory().bytes();
                final byte[] path = new byte[Math.min(Getpath.pathLength(reply), Limits.PATH_MAX)];
                reply.get(Getpath.REPLY_PATH, path);
                places.put(directory, path);
            }
        } catch (final IOException e) {
            LOG.debug("{}: the host does not tell where a directory is: {}", name, e.getMessage());
        }
        return places;
    }

    /** Makes the kernel ask for the names when the injector uses them. */
    private void tellStale(final Injection injection) {
        if (caches) {
            tellStale(injection.directory(), injection.name());
            tellStale(injection.newDirectory(), injection.newName());
        }
    }

    private void tellStale(final long directory, final byte[] component) {
        if (directory > 0) {
            // ENOENT: the kernel does not know the name, and asks for it anyhow.
            device.write(memory, 0, InvalEntryOut.put(memory.bytes(), directory, component, canExpire));
        }
    }

    /** Whether this process may open objects by their handles (CAP_DAC_READ_SEARCH) and clone mounts. */
    static boolean isPossible() {
        return FuseLibrary.INSTANCE.geteuid() == 0;
    }

    EventStatus status() {
        return new EventStatus(EventStatus.ON, delivered.get(), dropped.get(), waiting.get(), injector.restarts());
    }

    /** Ends the delivery; when this returns, the injector does not use the mount any more. */
    @Override
    public void close() {
        thread.interrupt();
        injector.detach(mount);
        try {
            thread.join(JOIN_MILLIS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        final HostLane open = lane;
        if (open != null) {
            open.close();
        }
    }
}
