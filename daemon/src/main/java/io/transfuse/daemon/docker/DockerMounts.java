package io.transfuse.daemon.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.transfuse.daemon.Asker;
import io.transfuse.daemon.CacheOptions;
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.MountException;
import io.transfuse.daemon.MountSpec;
import io.transfuse.daemon.MountStatus;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Ownership;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts that containers need, each at its {@link Place} below a root directory. A container asks for its mounts as
 * {@code docker/ID} from before it is known to anybody until it is removed. What the front has missed, the engine's
 * list of containers tells ({@link #reconcile}); what is to be mounted before the engine starts, the mount points that
 * are there tell ({@link #restore}). Thread-safe.
 */
final class DockerMounts {
    private static final Logger LOG = LoggerFactory.getLogger(DockerMounts.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "docker/";
    private static final String PENDING = "docker-create/";

    /** Who asks for what was mounted before, until the engine has told who wants it. */
    private static final Asker RESTORED = new Asker("docker-restored");

    private final Daemon daemon;
    private final EngineClient engine;
    private final Path root;
    private final Ownership ownership;
    private final AtomicLong creations = new AtomicLong();

    /** Containers that lack a mount, and of which that was said. */
    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    /**
     * Mounts that somebody has asked for and no container yet.
     *
     * @param asker who
     * @param places which
     */
    record Pending(Asker asker, Set<Place> places) {}

    DockerMounts(final Daemon daemon, final EngineClient engine, final Path root, final Ownership ownership) {
        this.daemon = daemon;
        this.engine = engine;
        this.root = root;
        this.ownership = ownership;
    }

    Path root() {
        return root;
    }

    /**
     * Mounts what a container that is to be created needs.
     *
     * @throws DockerException in Docker's words; nothing is left mounted for it then
     */
    Pending acquire(final Set<Place> places) throws DockerException {
        final Pending pending = new Pending(new Asker(PENDING + creations.incrementAndGet()), places);
        try {
            for (final Place place : places) {
                mount(place, pending.asker);
            }
            return pending;
        } catch (final DockerException e) {
            release(pending);
            throw e;
        }
    }

    private synchronized void mount(final Place place, final Asker asker) throws DockerException {
        try {
            daemon.mount(
                    new MountSpec(
                            place.hostPath().toString(),
                            place.mountPoint(root),
                            place.mode(),
                            false,
                            ownership,
                            CacheOptions.DEFAULT),
                    asker,
                    true);
        } catch (final MountException e) {
            removePlace(place.mountPoint(root));
            throw refusal(place, e);
        }
    }

    private static DockerException refusal(final Place place, final MountException e) {
        switch (e.hostErrno()) {
            case Errno.ENOENT:
                return new DockerException(
                        DockerException.BAD_REQUEST,
                        "invalid mount config for type \"bind\": bind source path does not exist: " + place.hostPath(),
                        e);
            case Errno.EACCES:
                return new DockerException(
                        DockerException.FORBIDDEN,
                        "Mounts denied: the path " + place.hostPath() + " is not shared from the host: export it there"
                                + " with 'transfuse serve --export'",
                        e);
            default:
                return new DockerException(DockerException.SERVER_ERROR, e.getMessage(), e);
        }
    }

    /** No container was created. */
    void release(final Pending pending) {
        for (final Place place : pending.places) {
            release(place.mountPoint(root), pending.asker);
        }
    }

    /** Nobody knows whether a container was created: the engine does. */
    void forget(final Pending pending) {
        if (!pending.places.isEmpty()) {
            try {
                reconcile();
            } catch (final IOException e) {
                LOG.debug("The engine cannot be asked whether it has created a container: {}", e.getMessage());
            }
            release(pending);
        }
    }

    /**
     * A container was created: the mounts are its own.
     *
     * @param created the engine's answer
     * @param volumesFrom whether it has others, too, which the engine has to tell
     */
    void adopt(final Pending pending, final byte[] created, final boolean volumesFrom) {
        try {
            final String id = JSON.readTree(created).path("Id").asText();
            if (volumesFrom) {
                adoptFrom(engine.container(id));
            }
            for (final Place place : pending.places) {
                mount(place, asker(id));
            }
        } catch (final IOException | IllegalArgumentException e) {
            LOG.warn("A container was created, and its mounts are not known to be its own: {}", e.getMessage());
        } catch (final DockerException e) {
            LOG.warn("A mount of a container was lost while it was created: {}", e.getMessage());
        }
        release(pending);
    }

    private static Asker asker(final String id) {
        return new Asker(PREFIX + id);
    }

    /**
     * Mounts what a container that is to be started needs, if it is not mounted.
     *
     * @param name name or id
     * @throws DockerException in Docker's words
     */
    void ensure(final String name) throws DockerException {
        try {
            adoptFrom(engine.container(name));
        } catch (final IOException e) {
            throw new DockerException(
                    DockerException.SERVER_ERROR,
                    "the engine does not tell the mounts of " + name + ": " + e.getMessage(),
                    e);
        }
    }

    private void adoptFrom(final JsonNode container) throws DockerException {
        for (final Place place : places(container)) {
            mount(place, asker(container.path("Id").asText()));
        }
    }

    private Set<Place> places(final JsonNode container) {
        final Set<Place> places = new LinkedHashSet<>();
        for (final JsonNode mount : container.path("Mounts")) {
            final String source = mount.path("Source").asText();
            if (source.startsWith(root + "/")) {
                Place.of(root, Path.of(source)).ifPresent(places::add);
            }
        }
        return places;
    }

    /**
     * A container was removed.
     *
     * @return whether its mounts could be given up; those in use are tried again by {@link #reconcile}
     */
    boolean removed(final String id) {
        for (final MountStatus mount : daemon.mounts()) {
            final boolean asked =
                    mount.askers().stream().anyMatch(asker -> asker.name().equals(PREFIX + id));
            if (asked) {
                release(mount.spec().mountPoint(), asker(id));
            }
        }
        return !knownContainers().contains(id);
    }

    private synchronized void release(final Path mountPoint, final Asker asker) {
        try {
            if (daemon.release(mountPoint, asker).isEmpty()) {
                removePlace(mountPoint);
            }
        } catch (final MountException e) {
            // What is in use is tried again by the next reconciliation; what is no mount needs no release.
            LOG.debug("{} gives up {} in vain: {}", asker, mountPoint, e.getMessage());
        }
    }

    /** Takes a mount point away, and the directories above it that have become empty. */
    private void removePlace(final Path mountPoint) {
        try {
            for (Path path = mountPoint; !path.equals(root); path = path.getParent()) {
                Files.delete(path);
            }
        } catch (final DirectoryNotEmptyException | NoSuchFileException e) {
            // Others need it, or it was never made.
        } catch (final IOException e) {
            LOG.debug("The mount point {} remains: {}", mountPoint, e.getMessage());
        }
    }

    /**
     * Mounts what the mount points say was mounted before, as far as it can be; the engine will start containers before
     * it answers anybody.
     */
    void restore() throws IOException {
        Daemon.detachLeftOver(root);
        for (final Path mountPoint : mountPoints()) {
            Place.of(root, mountPoint).ifPresent(place -> {
                try {
                    mount(place, RESTORED);
                } catch (final DockerException e) {
                    LOG.warn("{} cannot be mounted again for containers: {}", place.hostPath(), e.getMessage());
                }
            });
        }
    }

    /** What could be a mount point. Nothing must be mounted below the root, as mounts are not to be touched. */
    private List<Path> mountPoints() throws IOException {
        final List<Path> result = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(final Path directory, final BasicFileAttributes attributes) {
                if (Place.of(root, directory).isPresent()) {
                    result.add(directory);
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
                if (Place.of(root, file).isPresent() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    result.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return result;
    }

    /**
     * Compares the mounts with the engine's containers: makes what is missing, gives up what nobody needs.
     *
     * @return whether nothing is left to be done
     * @throws IOException if the engine does not answer; nothing is given up then
     */
    boolean reconcile() throws IOException {
        // A container that is created from now on is in the list, or unknown here.
        final Set<String> known = knownContainers();
        boolean done = true;
        final Set<String> present = new HashSet<>();
        for (final JsonNode container : engine.containers()) {
            present.add(container.path("Id").asText());
            try {
                adoptFrom(container);
                missing.remove(container.path("Id").asText());
            } catch (final DockerException e) {
                // Once for each container: this comes again until it is mounted, or the container is removed.
                if (missing.add(container.path("Id").asText())) {
                    LOG.warn("A container's mount is missing: {}", e.getMessage());
                }
                done = false;
            }
        }
        for (final String id : known) {
            if (!present.contains(id)) {
                done &= removed(id);
            }
        }
        missing.retainAll(present);
        for (final MountStatus mount : daemon.mounts()) {
            if (mount.askers().contains(RESTORED)) {
                release(mount.spec().mountPoint(), RESTORED);
            }
        }
        return done;
    }

    private Set<String> knownContainers() {
        final Set<String> known = new HashSet<>();
        for (final MountStatus mount : daemon.mounts()) {
            for (final Asker asker : mount.askers()) {
                if (asker.name().startsWith(PREFIX)) {
                    known.add(asker.name().substring(PREFIX.length()));
                }
            }
        }
        return known;
    }

    /** Shows the user's own paths in what the engine tells of its containers. */
    byte[] withHostPaths(final byte[] body) {
        return contains(body, root.toString().getBytes(StandardCharsets.UTF_8))
                ? JsonStrings.map(body, text -> Place.withHostPath(root, text))
                : body;
    }

    private static boolean contains(final byte[] text, final byte[] part) {
        for (int i = 0; i + part.length <= text.length; i++) {
            if (Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
