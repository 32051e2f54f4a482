package io.transfuse.daemon;

import io.transfuse.daemon.event.InjectorProcess;
import io.transfuse.daemon.mount.Mount;
import io.transfuse.daemon.mount.MountContext;
import io.transfuse.daemon.session.HostEndpoint;
import io.transfuse.daemon.session.HostLog;
import io.transfuse.protocol.Secret;
import io.transfuse.transport.Address;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guest's side: makes mounts of a host's directories and answers the kernel for them. The mount table is here: each
 * mount with those who asked for it. Thread-safe.
 */
public final class Daemon implements Closeable {
    /** Most askers of one mount. */
    public static final int ASKERS_MAX = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final MountContext context;
    private final List<Held> table = new ArrayList<>();
    private HostLog log;
    private boolean closed;

    /** A row of the table. */
    private static final class Held {
        final Mount mount;
        final Set<Asker> askers = new LinkedHashSet<>();

        Held(final Mount mount) {
            this.mount = mount;
        }

        MountStatus status() {
            return mount.status().askedForBy(List.copyOf(askers));
        }

        boolean isAt(final Path mountPoint) {
            return mount.mountPoint().equals(mountPoint)
                    || mount.status().spec().mountPoint().normalize().equals(mountPoint);
        }
    }

    private Daemon(final MountContext context) {
        this.context = context;
    }

    /**
     * A daemon without mounts; the host is first called by {@link #mount}.
     *
     * @param secret what the host server must know, and asks for; null for none
     */
    public static Daemon start(final Address host, final Secret secret, final GuestTuning tuning) {
        return new Daemon(new MountContext(new HostEndpoint(host, secret), new InjectorProcess(), tuning));
    }

    /** Loads what a mount needs, so that the first one need not wait for it. Any thread, at any time. */
    public void prepare() {
        Mount.prepare(context);
    }

    /**
     * Takes away what dead daemons have left mounted at {@code root} and below.
     *
     * @throws IOException if the kernel's list of mounts cannot be read
     */
    public static void detachLeftOver(final Path root) throws IOException {
        Mount.detachLeftOver(root);
    }

    /** The host server's log, to which this guest writes as {@code guest}. It ends with the daemon. */
    public synchronized HostLog log(final String guest) {
        if (log == null) {
            log = new HostLog(context.host(), guest);
        }
        return log;
    }

    /** Where the host server listens. */
    public Address host() {
        return context.host().address();
    }

    /**
     * How a mount was got.
     *
     * @param status what it does
     * @param made whether it was made now, and had not been there before
     */
    public record Asked(MountStatus status, boolean made) {}

    /**
     * Mounts. When it returns, the mount answers.
     *
     * @throws MountException with a line for the user; nothing is left behind then
     */
    public MountStatus mount(final MountSpec spec) throws MountException {
        return mount(spec, Asker.USER).status();
    }

    /**
     * Mounts for {@code asker}, unless the same is mounted there already: then the mount has one asker more, and asking
     * twice changes nothing. When it returns, the mount answers. A mount whose host is lost is made anew.
     *
     * @throws MountException with a line for the user, which says what is there if it is something else; nothing is left
     *     behind then
     */
    public Asked mount(final MountSpec spec, final Asker asker) throws MountException {
        return mount(spec, asker, false);
    }

    /**
     * As {@link #mount(MountSpec, Asker)}.
     *
     * @param makePlace whether a mount point that is missing is made, with the directories above it
     */
    public synchronized Asked mount(final MountSpec spec, final Asker asker, final boolean makePlace)
            throws MountException {
        if (closed) {
            throw new MountException("cannot mount " + spec.mountPoint() + ": the daemon is ending");
        }
        removeEnded();
        final Optional<Held> present = find(spec.mountPoint());
        if (present.isPresent()) {
            final Held held = present.get();
            checkSame(held, spec);
            if (!held.mount.status().state().equals(MountStatus.DISCONNECTED)) {
                add(held, asker);
                return new Asked(held.status(), false);
            }
            return new Asked(replace(held, spec, asker, makePlace), true);
        }
        final Held held = new Held(Mount.mount(context, spec, makePlace));
        held.askers.add(asker);
        table.add(held);
        return new Asked(held.status(), true);
    }

    private static void checkSame(final Held held, final MountSpec spec) throws MountException {
        final MountSpec there = held.mount.status().spec();
        if (!there.wantsTheSameAs(spec)) {
            throw new MountException(spec.mountPoint() + " is mounted already, from " + there.describe() + " for "
                    + names(held.askers) + ": unmount it first, or ask for the same");
        }
    }

    private static void add(final Held held, final Asker asker) throws MountException {
        if (held.askers.size() >= ASKERS_MAX && !held.askers.contains(asker)) {
            throw new MountException(held.mount.mountPoint() + " has " + ASKERS_MAX + " askers and takes no more");
        }
        held.askers.add(asker);
    }

    private MountStatus replace(final Held lost, final MountSpec spec, final Asker asker, final boolean makePlace)
            throws MountException {
        LOG.info("{} has lost its host and is mounted anew", lost.mount.mountPoint());
        table.remove(lost);
        lost.mount.abandon();
        final Held held = new Held(Mount.mount(context, spec, makePlace));
        held.askers.addAll(lost.askers);
        held.askers.add(asker);
        table.add(held);
        return held.status();
    }

    private static String names(final Set<Asker> askers) {
        return askers.isEmpty() ? "nobody" : askers.stream().map(Asker::name).collect(Collectors.joining(", "));
    }

    /**
     * Gives a mount up. It is unmounted when nobody else has asked for it. For one who has not asked for it nothing
     * changes, unless nobody has: then it is unmounted.
     *
     * @return what the mount does if it stays for others; empty if it was unmounted
     * @throws MountException if nothing is mounted there, if others than {@code asker} have asked for it, or if a process
     *     uses it: the mount goes on, and {@code asker} still asks for it
     */
    public synchronized Optional<MountStatus> release(final Path mountPoint, final Asker asker) throws MountException {
        removeEnded();
        final Held held = find(mountPoint).orElseThrow(() -> new NotMountedException(mountPoint));
        if (!held.askers.isEmpty() && !held.askers.contains(asker)) {
            throw new MountException(mountPoint + " was not mounted for '" + asker + "' but for " + names(held.askers));
        }
        if (held.askers.size() > 1) {
            held.askers.remove(asker);
            return Optional.of(held.status());
        }
        held.mount.unmount();
        table.remove(held);
        return Optional.empty();
    }

    /**
     * Unmounts whoever has asked for it.
     *
     * @throws MountException if nothing is mounted there, or a process uses it: the mount goes on
     */
    public synchronized void unmount(final Path mountPoint) throws MountException {
        removeEnded();
        final Held held = find(mountPoint).orElseThrow(() -> new NotMountedException(mountPoint));
        held.mount.unmount();
        table.remove(held);
    }

    /**
     * Unmounts whoever has asked for it and whoever uses it; calls in progress answer ECONNABORTED.
     *
     * @throws MountException if nothing is mounted there
     */
    public synchronized void abandon(final Path mountPoint) throws MountException {
        removeEnded();
        final Held held = find(mountPoint).orElseThrow(() -> new NotMountedException(mountPoint));
        held.mount.abandon();
        table.remove(held);
    }

    private Optional<Held> find(final Path mountPoint) {
        final Path normal = mountPoint.normalize();
        for (int i = table.size() - 1; i >= 0; i--) {
            if (table.get(i).isAt(normal)) {
                return Optional.of(table.get(i));
            }
        }
        // The place may be named by another way, over links.
        final Optional<Path> real = Mount.realPlace(normal);
        return table.stream()
                .filter(held -> real.isPresent() && held.mount.mountPoint().equals(real.get()))
                .findFirst();
    }

    /** What umount(8) has ended is no mount any more. */
    private void removeEnded() {
        table.removeIf(held -> {
            if (held.mount.hasEnded()) {
                held.mount.abandon();
            }
            return held.mount.hasEnded();
        });
    }

    /** The mounts in the order in which they were made. */
    public synchronized List<MountStatus> mounts() {
        removeEnded();
        return table.stream().map(Held::status).toList();
    }

    /** Unmounts everything, also what is in use, and ends. Calls that are under way answer ECONNABORTED. */
    @Override
    public synchronized void close() {
        closed = true;
        for (int i = table.size() - 1; i >= 0; i--) {
            table.get(i).mount.abandon();
        }
        table.clear();
        context.injector().close();
        if (log != null) {
            log.close();
        }
        context.host().close();
    }
}
