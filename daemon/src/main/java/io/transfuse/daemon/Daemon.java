package io.transfuse.daemon;

import io.transfuse.daemon.mount.Mount;
import io.transfuse.daemon.session.HostEndpoint;
import io.transfuse.transport.Address;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The guest's side: makes mounts of a host's directories and answers the kernel for them. Thread-safe. */
public final class Daemon implements Closeable {
    private final HostEndpoint host;
    private final List<Mount> mounts = new ArrayList<>();
    private boolean closed;

    private Daemon(final HostEndpoint host) {
        this.host = host;
    }

    /** A daemon without mounts; the host is first called by {@link #mount}. */
    public static Daemon start(final Address host) {
        return new Daemon(new HostEndpoint(host));
    }

    /** Where the host server listens. */
    public Address host() {
        return host.address();
    }

    /**
     * Mounts. When it returns, the mount answers.
     *
     * @throws MountException with a line for the user; nothing is left behind then
     */
    public synchronized MountStatus mount(final MountSpec spec) throws MountException {
        if (closed) {
            throw new MountException("cannot mount " + spec.mountPoint() + ": the daemon is ending");
        }
        removeEnded();
        final Mount mount = Mount.mount(host, spec);
        mounts.add(mount);
        return mount.status();
    }

    /**
     * Unmounts.
     *
     * @throws MountException if nothing is mounted there or a process uses it; the mount goes on then
     */
    public synchronized void unmount(final Path mountPoint) throws MountException {
        removeEnded();
        final Path normal = mountPoint.normalize();
        for (int i = mounts.size() - 1; i >= 0; i--) {
            final Mount mount = mounts.get(i);
            if (mount.mountPoint().equals(normal)
                    || mount.status().spec().mountPoint().equals(normal)) {
                mount.unmount();
                mounts.remove(i);
                return;
            }
        }
        throw new MountException(mountPoint + " is not a mount of this daemon: 'transfuse status' lists them");
    }

    /** What umount(8) has ended is no mount any more. */
    private void removeEnded() {
        mounts.removeIf(mount -> {
            if (mount.hasEnded()) {
                mount.abandon();
            }
            return mount.hasEnded();
        });
    }

    /** The mounts in the order in which they were made. */
    public synchronized List<MountStatus> mounts() {
        removeEnded();
        final List<MountStatus> result = new ArrayList<>();
        for (final Mount mount : mounts) {
            result.add(mount.status());
        }
        return result;
    }

    /** Unmounts everything, also what is in use, and ends. Calls that are under way answer ECONNABORTED. */
    @Override
    public synchronized void close() {
        closed = true;
        for (int i = mounts.size() - 1; i >= 0; i--) {
            mounts.get(i).abandon();
        }
        mounts.clear();
        host.close();
    }
}
