package io.transfuse.daemon.mount;

import io.transfuse.cache.CacheStatistics;
import io.transfuse.cache.MountCache;
import io.transfuse.daemon.CacheStatus;
import io.transfuse.daemon.EventStatus;
import io.transfuse.daemon.MountException;
import io.transfuse.daemon.MountFlag;
import io.transfuse.daemon.MountSpec;
import io.transfuse.daemon.MountStatus;
import io.transfuse.daemon.OperationStatus;
import io.transfuse.daemon.event.Expectations;
import io.transfuse.daemon.event.HostEvent;
import io.transfuse.daemon.event.InjectorProcess;
import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.operation.ChangingFiles;
import io.transfuse.daemon.operation.GuestCache;
import io.transfuse.daemon.operation.OpenNodes;
import io.transfuse.daemon.operation.PendingLocks;
import io.transfuse.daemon.operation.Prefetcher;
import io.transfuse.daemon.session.HostSession;
import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.ExportFlags;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Ownership;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.ReplyFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One mount, from its making to its end. Thread-safe. */
public final class Mount {
    private static final Logger LOG = LoggerFactory.getLogger(Mount.class);
    private static final int ROOT_UNIX = 1;

    /** Where the kernel cannot be told that every name is stale, it does not rely on absent ones for longer. */
    private static final long ABSENT_NANOS_WITHOUT_EPOCH = 1_000_000_000L;

    /** The bound of bytes is one of names, too: no name takes less. */
    private static final int BYTES_OF_A_NAME = 64;

    private static final int CACHED_READ_AHEAD_KIB = 1024;

    private final MountSpec spec;
    private final Path mountPoint;
    private final boolean readOnly;
    private final HostSession session;
    private final LanePool lanes;
    private final MountStatistics statistics = new MountStatistics();
    private final PendingLocks locks;

    /** The three are null for a mount that remembers nothing. */
    private final MountCache facts;

    private final KernelNotifier kernel;
    private final Prefetcher prefetcher;

    /** The three are null for a mount without events. */
    private final InjectorProcess injector;

    private final Expectations expectations;
    private EventDelivery events;
    private final FuseDevice fuse;
    private final boolean canExpire;
    private String device = "";
    private boolean ended;

    private Mount(
            final MountSpec spec,
            final Path mountPoint,
            final boolean readOnly,
            final HostSession session,
            final FuseDevice fuse,
            final Negotiation agreed,
            final MountContext context)
            throws IOException {
        this.spec = spec;
        this.mountPoint = mountPoint;
        this.readOnly = readOnly;
        this.session = session;
        this.fuse = fuse;
        this.canExpire = agreed.canExpire();
        this.injector = session.tellsEvents() ? context.injector() : null;
        this.expectations = session.tellsEvents() ? new Expectations() : null;
        this.locks = new PendingLocks(session);
        final String name = mountPoint.toString();
        GuestCache cache = null;
        if (session.tellsChanges()) {
            facts = new MountCache(
                    spec.cache().bytes(),
                    (int) Math.min(Integer.MAX_VALUE, spec.cache().bytes() / BYTES_OF_A_NAME),
                    TimeUnit.MILLISECONDS.toNanos(spec.cache().timeToLiveMillis()),
                    System::nanoTime);
            if ((session.welcome().exportFlags() & ExportFlags.SUSPENDED) != 0) {
                facts.beginSuspended();
            }
            prefetcher = new Prefetcher(name, facts, session.openLane());
            final ChangingFiles changing = new ChangingFiles(System::nanoTime);
            kernel = new KernelNotifier(
                    name, new FuseNotifications(fuse, agreed, session.tellsEvents()), changing, facts::heldByKernel);
            cache = new GuestCache(
                    facts,
                    changing,
                    prefetcher,
                    kernel,
                    agreed.hasEpoch() ? Long.MAX_VALUE : ABSENT_NANOS_WITHOUT_EPOCH);
        } else {
            facts = null;
            prefetcher = null;
            kernel = null;
        }
        this.lanes = new LanePool(
                name,
                fuse,
                agreed.processors(),
                session,
                statistics,
                locks,
                new OpenNodes(),
                cache,
                expectations,
                context.tuning().idleProcessors());
    }

    /** Loads what a mount needs, so that the first one need not wait for it. Any thread, at any time. */
    public static void prepare(final MountContext context) {
        context.host().prepare();
        LOG.debug(
                "Prepared for mounts: {} events, {} queues, {}",
                EventDelivery.isPossible() ? "with" : "without",
                ProcessorQueues.prepare(context.tuning().requestQueues()),
                new MountStatistics().operations());
    }

    /**
     * Mounts. When it returns, the mount answers.
     *
     * @param makePlace whether a mount point that is missing is made, with the directories above it, and one that is of
     *     the wrong kind made anew
     * @throws MountException with a line for the user; nothing but a mount point that was made is left behind then
     */
    public static Mount mount(final MountContext context, final MountSpec spec, final boolean makePlace)
            throws MountException {
        if (!makePlace) {
            MountPoint.check(spec.mountPoint());
        }
        final HostSession session;
        try {
            session = HostSession.open(context.host(), spec, spec.events() && EventDelivery.isPossible());
        } catch (final IOException e) {
            throw new MountException(
                    "cannot mount " + spec.hostPath() + " at " + spec.mountPoint() + ": " + e.getMessage(), e);
        }
        try {
            if (makePlace) {
                MountPoint.make(spec.mountPoint(), FileMode.isDirectory(session.rootMode()));
            }
            return mount(context, spec, MountPoint.check(spec.mountPoint()), session);
        } catch (final MountException e) {
            session.close();
            throw e;
        }
    }

    private static Mount mount(
            final MountContext context, final MountSpec spec, final Path mountPoint, final HostSession session)
            throws MountException {
        final boolean readOnly = spec.readOnly() || (session.welcome().exportFlags() & ExportFlags.READ_ONLY) != 0;
        MountPoint.checkKind(mountPoint, spec.hostPath(), FileMode.isDirectory(session.rootMode()));
        if (session.welcome().root() != ROOT_UNIX) {
            throw new MountException("cannot mount " + spec.hostPath() + ": the host server broke the protocol");
        }
        FuseDevice fuse = null;
        try {
            fuse = KernelMount.mount(
                    spec.hostPath(), mountPoint, session.rootMode(), forbidden(spec), options(readOnly, session));
            final Negotiation agreed = Negotiation.await(
                    fuse,
                    session.welcome().transferMax(),
                    session.tellsChanges(),
                    ProcessorQueues.prepare(context.tuning().requestQueues()));
            LOG.debug("{}: {}", mountPoint, agreed);
            final Mount mount = new Mount(spec, mountPoint, readOnly, session, fuse, agreed, context);
            mount.start();
            return mount;
        } catch (final IOException e) {
            if (fuse != null) {
                KernelMount.detach(mountPoint);
                fuse.close();
            }
            throw new MountException(
                    "cannot mount " + spec.hostPath() + " at " + spec.mountPoint() + ": " + e.getMessage(), e);
        }
    }

    /** Set-id bits and devices of the mount count only where the owners shown are the host's real ones. */
    private static Set<MountFlag> forbidden(final MountSpec spec) {
        final Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
        flags.addAll(spec.flags());
        if (spec.ownership().policy() != Ownership.Policy.PASSTHROUGH) {
            flags.add(MountFlag.NOSUID);
            flags.add(MountFlag.NODEV);
        }
        return flags;
    }

    private static Set<KernelOption> options(final boolean readOnly, final HostSession session) {
        final Set<KernelOption> options = EnumSet.noneOf(KernelOption.class);
        if (readOnly) {
            options.add(KernelOption.READ_ONLY);
        }
        if (!session.checksPermissions()) {
            options.add(KernelOption.DEFAULT_PERMISSIONS);
        }
        if (session.tellsEvents()) {
            options.add(KernelOption.INJECTED);
        }
        return options;
    }

    private void start() throws IOException {
        final Optional<String> found = MountTable.deviceAt(mountPoint);
        device = found.orElse("");
        final HostChanges changes =
                facts == null ? null : new HostChanges(mountPoint.toString(), facts, kernel, session);
        if (facts != null) {
            KernelMount.readAhead(device, CACHED_READ_AHEAD_KIB);
        }
        if (expectations != null) {
            events = new EventDelivery(
                    mountPoint, session, fuse, device, facts != null, canExpire, injector, expectations);
        } else if (spec.events()) {
            LOG.warn("{}: no inotify events for changes of the host: {}", mountPoint, whyNoEvents());
        }
        session.start("push " + mountPoint, new HostSession.PushHandler() {
            @Override
            public void lockAnswered(final long id, final int errno) {
                locks.answered(id, errno);
            }

            @Override
            public void invalidated(final ByteBuffer frame) throws ProtocolException {
                changes.apply(frame);
            }

            @Override
            public void happened(final ByteBuffer frame) throws ProtocolException {
                final List<HostEvent> happened = HostEvent.decode(frame);
                final long sequence = ReplyFrame.sequence(frame);
                // Not before the kernel knows what is stale: who is told of an event reads at once.
                if (kernel == null || !kernel.afterwards(() -> events.add(sequence, happened))) {
                    events.add(sequence, happened);
                }
            }

            @Override
            public void disconnected(final String reason) {
                if (facts != null) {
                    // Nobody tells of changes any more.
                    facts.suspend(kernel);
                }
                lanes.hostLost(new IOException(reason));
                locks.failAll();
            }
        });
        lanes.start();
    }

    private static String whyNoEvents() {
        return EventDelivery.isPossible() ? "the host server cannot tell of them" : "that needs a daemon of root's";
    }

    public Path mountPoint() {
        return mountPoint;
    }

    /** Where a mount made at {@code mountPoint} would be, without links in the path; empty if there is no such place. */
    public static Optional<Path> realPlace(final Path mountPoint) {
        try {
            return Optional.of(MountPoint.resolve(mountPoint));
        } catch (final MountException e) {
            return Optional.empty();
        }
    }

    /**
     * Takes away what dead daemons have left mounted at {@code root} and below; what is mounted is not touched.
     *
     * @throws IOException if the kernel's list of mounts cannot be read
     */
    public static void detachLeftOver(final Path root) throws IOException {
        final List<Path> places = MountTable.mountPointsIn(root);
        for (int i = places.size() - 1; i >= 0; i--) {
            LOG.info("{} was left mounted by another daemon and is taken away", places.get(i));
            KernelMount.detach(places.get(i));
        }
    }

    /** Whether somebody else than the daemon has unmounted it: there is nothing but to {@link #abandon} it. */
    public boolean hasEnded() {
        return lanes.hasEnded();
    }

    public MountStatus status() {
        final List<OperationStatus> operations = statistics.operations();
        return new MountStatus(
                spec,
                facts == null || facts.isSuspended() ? ConsistencyMode.CONSISTENT : ConsistencyMode.CACHED,
                lanes.isLost() || session.isLost() ? MountStatus.DISCONNECTED : MountStatus.MOUNTED,
                readOnly,
                lanes.size(),
                operations.stream().mapToLong(OperationStatus::count).sum(),
                operations.stream().mapToLong(OperationStatus::errors).sum(),
                statistics.bytesRead(),
                statistics.bytesWritten(),
                cacheStatus(),
                eventStatus(),
                operations,
                List.of());
    }

    private EventStatus eventStatus() {
        if (events != null) {
            return events.status();
        }
        return new EventStatus(spec.events() ? EventStatus.UNAVAILABLE : EventStatus.OFF, 0, 0, 0, 0);
    }

    private CacheStatus cacheStatus() {
        if (facts == null) {
            return null;
        }
        final CacheStatistics known = facts.statistics();
        final boolean watched = (session.welcome().exportFlags() & ExportFlags.WATCHED) != 0;
        return new CacheStatus(
                facts.isSuspended() ? CacheStatus.SUSPENDED : watched ? CacheStatus.WATCHED : CacheStatus.TIME_TO_LIVE,
                known.entries(),
                known.bytes(),
                spec.cache().bytes(),
                known.hits(),
                known.misses());
    }

    /**
     * Unmounts.
     *
     * @throws MountException if a process uses the mount, which goes on then
     */
    public synchronized void unmount() throws MountException {
        if (ended) {
            return;
        }
        final int errno = KernelMount.unmount(mountPoint);
        if (errno == Errno.EBUSY) {
            throw new MountException("cannot unmount " + mountPoint + ": a process uses it ('fuser -vm " + mountPoint
                    + "' tells which)");
        }
        if (errno != 0 && isMounted()) {
            throw new MountException("cannot unmount " + mountPoint + ": umount(2) answers " + Errno.name(errno));
        }
        end();
    }

    private boolean isMounted() throws MountException {
        try {
            return MountTable.deviceAt(mountPoint).isPresent();
        } catch (final IOException e) {
            throw new MountException("cannot unmount " + mountPoint + ": " + e.getMessage(), e);
        }
    }

    /** Unmounts whoever uses it; calls in progress answer ECONNABORTED. */
    public synchronized void abandon() {
        if (ended) {
            return;
        }
        if (!lanes.hasEnded() && KernelMount.unmount(mountPoint) != 0) {
            KernelMount.detach(mountPoint);
            try {
                KernelMount.abort(device);
            } catch (final IOException e) {
                LOG.debug("{} had no connection to abort: {}", mountPoint, e.getMessage());
            }
        }
        end();
    }

    private void end() {
        ended = true;
        if (events != null) {
            events.close();
        }
        if (facts != null) {
            kernel.close();
            prefetcher.close();
        }
        lanes.close();
        session.close();
    }
}
