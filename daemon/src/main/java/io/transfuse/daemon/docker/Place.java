package io.transfuse.daemon.docker;

import io.transfuse.protocol.ConsistencyMode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where in the guest a host path is mounted for containers. The place says all that is needed to mount it again, so
 * that the engine's own record of a container's binds, and the tree of mount points, are records of the mounts, too:
 *
 * <pre>
 * /Users/me/@types, cached     ROOT/cached/Users/me/@@types/@
 * </pre>
 *
 * <p>The mount point is called {@code @}, and a name that begins with {@code @} has one more of them: so no mount point
 * lies within another.
 *
 * @param hostPath absolute and normal
 * @param mode the consistency asked for
 */
record Place(Path hostPath, ConsistencyMode mode) {
    private static final String MARK = "@";

    /** The mount point below {@code root}. */
    Path mountPoint(final Path root) {
        Path result = root.resolve(mode.word());
        for (final Path name : hostPath) {
            final String text = name.toString();
            result = result.resolve(text.startsWith(MARK) ? MARK + text : text);
        }
        return result.resolve(MARK);
    }

    /** The place of which {@code mountPoint} is the mount point below {@code root}; empty if there is none. */
    static Optional<Place> of(final Path root, final Path mountPoint) {
        if (!mountPoint.startsWith(root) || mountPoint.equals(root)) {
            return Optional.empty();
        }
        final Path names = root.relativize(mountPoint);
        final int last = names.getNameCount() - 1;
        if (last < 1 || !names.getName(last).toString().equals(MARK)) {
            return Optional.empty();
        }
        Path hostPath = Path.of("/");
        for (int i = 1; i < last; i++) {
            final String name = names.getName(i).toString();
            if (name.startsWith(MARK) && !name.startsWith(MARK + MARK)) {
                return Optional.empty();
            }
            hostPath = hostPath.resolve(name.startsWith(MARK) ? name.substring(1) : name);
        }
        try {
            return Optional.of(
                    new Place(hostPath, ConsistencyMode.ofWord(names.getName(0).toString())));
        } catch (final IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Puts the host's path into a bind ({@code SOURCE} or {@code SOURCE:DESTINATION[:OPTIONS]}) whose source is a place.
     *
     * @return the text as it is if its source is none
     */
    static String withHostPath(final Path root, final String bind) {
        if (!bind.startsWith(root + "/")) {
            return bind;
        }
        // A bind of a container has no colon in its source; a source alone may have some.
        final Optional<Place> whole = of(root, Path.of(bind));
        if (whole.isPresent()) {
            return whole.get().hostPath().toString();
        }
        final int colon = bind.indexOf(':');
        return colon < 0
                ? bind
                : of(root, Path.of(bind.substring(0, colon)))
                        .map(place -> place.hostPath() + bind.substring(colon))
                        .orElse(bind);
    }
}
