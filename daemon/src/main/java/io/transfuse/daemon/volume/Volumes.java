package io.transfuse.daemon.volume;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.transfuse.daemon.Asker;
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.MountException;
import io.transfuse.daemon.MountStatus;
import io.transfuse.daemon.NotMountedException;
import io.transfuse.protocol.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes of the plugin. They are kept in {@code volumes.json} of the directory,
 * {@code {"version":1,"volumes":[...]}}, which is replaced in one step; each is mounted at {@code volumes/NAME} while
 * the engine asks for it. Thread-safe.
 */
final class Volumes {
    private static final Logger LOG = LoggerFactory.getLogger(Volumes.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;
    private static final int VOLUMES_MAX = 10_000;

    private final Daemon daemon;
    private final Path directory;
    private final Map<String, Volume> volumes = new TreeMap<>();

    /**
     * The file.
     *
     * @param version of its format
     * @param volumes all of them
     */
    record Content(int version, List<Volume> volumes) {}

    private Volumes(final Daemon daemon, final Path directory) {
        this.daemon = daemon;
        this.directory = directory;
    }

    /**
     * Reads the volumes that there are.
     *
     * @throws IOException with a message for the user if the file makes no sense
     */
    static Volumes load(final Daemon daemon, final Path directory) throws IOException {
        final Volumes result = new Volumes(daemon, directory);
        final Path file = result.file();
        if (Files.exists(file)) {
            try {
                final Content content = JSON.readValue(file.toFile(), Content.class);
                if (content.version != VERSION) {
                    throw new IOException("its version is " + content.version + ", known is " + VERSION);
                }
                content.volumes.forEach(volume -> result.volumes.put(volume.name(), volume));
            } catch (final IOException | RuntimeException e) {
                throw new IOException("the file of volumes " + file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return result;
    }

    private Path file() {
        return directory.resolve("volumes.json");
    }

    private void store() throws IOException {
        final Path next = directory.resolve("volumes.json.new");
        JSON.writeValue(next.toFile(), new Content(VERSION, new ArrayList<>(volumes.values())));
        Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Creates a volume; creating the same one twice changes nothing. */
    synchronized void create(final Volume volume) throws IOException {
        final Volume present = volumes.get(volume.name());
        if (volume.equals(present)) {
            return;
        }
        if (present != null) {
            throw new IllegalArgumentException("there is a volume " + volume.name() + " already, of " + present.source()
                    + " (" + present.mode() + ")");
        }
        if (volumes.size() >= VOLUMES_MAX) {
            throw new IllegalArgumentException("there are " + VOLUMES_MAX + " volumes, and no more can be made");
        }
        volumes.put(volume.name(), volume);
        try {
            store();
        } catch (final IOException e) {
            volumes.remove(volume.name());
            throw e;
        }
    }

    /** Removes a volume. The engine asks for it when no container has the volume. */
    synchronized void remove(final String name) throws IOException, MountException {
        final Volume volume = get(name);
        try {
            daemon.unmount(mountPoint(name));
        } catch (final NotMountedException e) {
            LOG.debug("The volume {} is not mounted", name);
        }
        volumes.remove(name);
        try {
            store();
        } catch (final IOException e) {
            volumes.put(name, volume);
            throw e;
        }
        Files.deleteIfExists(mountPoint(name));
    }

    /** Mounts a volume for {@code id}; where. */
    synchronized Path mount(final String name, final String id) throws MountException {
        final Volume volume = get(name);
        try {
            daemon.mount(volume.at(mountPoint(name)), asker(id), true);
        } catch (final MountException e) {
            if (e.hostErrno() == Errno.ENOENT) {
                throw new MountException("the source path does not exist: " + volume.source(), e);
            }
            throw e;
        }
        return mountPoint(name);
    }

    /**
     * Gives a volume up for {@code id}. What is not mounted, after a restart of the daemon for example, needs no more.
     */
    synchronized void unmount(final String name, final String id) throws MountException {
        get(name);
        try {
            daemon.release(mountPoint(name), asker(id));
        } catch (final NotMountedException e) {
            LOG.debug("The volume {} is not mounted", name);
        }
    }

    private static Asker asker(final String id) {
        return new Asker("volume/" + id);
    }

    /**
     * A volume.
     *
     * @throws IllegalArgumentException with a message for the user if there is none
     */
    synchronized Volume get(final String name) {
        final Volume volume = name == null ? null : volumes.get(name);
        if (volume == null) {
            throw new IllegalArgumentException("there is no volume " + name);
        }
        return volume;
    }

    synchronized List<Volume> list() {
        return List.copyOf(volumes.values());
    }

    private Path mountPoint(final String name) {
        return directory.resolve("volumes").resolve(name);
    }

    /** Where a volume is mounted; an empty text while it is not. */
    String mountedAt(final String name) {
        final Path mountPoint = mountPoint(name);
        for (final MountStatus mount : daemon.mounts()) {
            if (mount.spec().mountPoint().equals(mountPoint)) {
                return mountPoint.toString();
            }
        }
        return "";
    }
}
