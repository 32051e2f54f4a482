package io.transfuse.daemon;

import io.transfuse.transport.Address;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;

/** The guest's side: makes mounts of a host's directories and answers the kernel for them. Thread-safe. */
public final class Daemon implements Closeable {
    private final Address host;

    private Daemon(final Address host) {
        this.host = host;
    }

    /** A daemon without mounts; the host is first called by {@link #mount}. */
    public static Daemon start(final Address host) {
        return new Daemon(host);
    }

    /**
     * Mounts. When it returns, the mount answers.
     *
     * @throws MountException with a line for the user; nothing is left behind then
     */
    public MountStatus mount(final MountSpec spec) throws MountException {
        throw new MountException("cannot mount " + spec.mountPoint() + ": " + host + " is not served yet");
    }

    /**
     * Unmounts.
     *
     * @throws MountException if nothing is mounted there or a process uses it; the mount goes on then
     */
    public void unmount(final Path mountPoint) throws MountException {
        throw new MountException(mountPoint + " is not a mount of this daemon");
    }

    /** The mounts in the order in which they were made. */
    public List<MountStatus> mounts() {
        return List.of();
    }

    /** Unmounts everything, also what is in use, and ends. Calls that are under way answer ECONNABORTED. */
    @Override
    public void close() {}
}
