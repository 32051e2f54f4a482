package io.transfuse.cli;

import io.transfuse.daemon.CacheOptions;
import io.transfuse.daemon.MountFlag;
import io.transfuse.daemon.MountSpec;
import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Ownership;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/**
 * What {@code -v HOST:GUEST[:MODE][,OPTION...]} says.
 *
 * @param host path on the host, as given
 * @param guest absolute path of the mount point
 * @param mode CONSISTENT when none is named
 * @param readOnly option {@code ro}
 * @param ownership option {@code owner=...}; null when there is none
 * @param cache options {@code cache=SIZE} and {@code ttl=TIME}
 * @param flags options {@code nosuid}, {@code nodev} and {@code noexec}
 * @param events option {@code events=on|off}
 */
record Volume(
        String host,
        Path guest,
        ConsistencyMode mode,
        boolean readOnly,
        Ownership ownership,
        CacheOptions cache,
        Set<MountFlag> flags,
        boolean events) {
    private static final String FORM = "HOST:GUEST[:MODE][,OPTION...]";

    Volume {
        flags = Set.copyOf(flags);
    }

    /**
     * Reads the argument.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static Volume parse(final String text) {
        final String[] parts = text.split(",", -1);
        final String[] paths = parts[0].split(":", -1);
        if (paths.length < 2 || paths.length > 3 || paths[0].isEmpty() || paths[1].isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' is not of the form " + FORM);
        }
        final ConsistencyMode mode = paths.length == 3 ? ConsistencyMode.ofWord(paths[2]) : ConsistencyMode.CONSISTENT;
        final MountOptions options = new MountOptions();
        for (int i = 1; i < parts.length; i++) {
            if (!options.take(parts[i])) {
                throw new IllegalArgumentException(
                        "unknown option '" + parts[i] + "': known are " + MountOptions.KNOWN);
            }
        }
        return of(paths[0], guest(paths[1]), mode, options);
    }

    static Volume of(final String host, final Path guest, final ConsistencyMode mode, final MountOptions options) {
        return new Volume(
                host,
                guest,
                mode,
                options.readOnly(),
                options.ownership(),
                options.cache(),
                options.flags(),
                options.events());
    }

    /** What a daemon is asked for; the host path must be absolute, as the daemon does not know another's working directory. */
    MountSpec toSpec() {
        if (!host.startsWith("/")) {
            throw new IllegalArgumentException("the host path '" + host + "' is relative: the daemon does not know your"
                    + " host's working directory, give the absolute path");
        }
        return new MountSpec(
                host,
                guest,
                mode,
                readOnly,
                ownership == null ? Ownership.PASSTHROUGH : ownership,
                cache,
                flags,
                events);
    }

    /**
     * Reads a mount point.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static Path guest(final String text) {
        final Path path;
        try {
            path = Path.of(text);
        } catch (final InvalidPathException e) {
            throw new IllegalArgumentException("the guest path '" + text + "' is not a path: " + e.getReason(), e);
        }
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(
                    "the guest path '" + text + "' is relative: give the absolute path of the mount point");
        }
        return path.normalize();
    }
}
