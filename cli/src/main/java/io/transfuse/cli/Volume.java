package io.transfuse.cli;

import io.transfuse.daemon.CacheOptions;
import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Ownership;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * What {@code -v HOST:GUEST[:MODE][,OPTION...]} says.
 *
 * @param host path on the host, as given
 * @param guest absolute path of the mount point
 * @param mode CONSISTENT when none is named
 * @param readOnly option {@code ro}
 * @param ownership option {@code owner=...}; null when there is none
 * @param cache options {@code cache=SIZE} and {@code ttl=TIME}
 */
record Volume(
        String host, Path guest, ConsistencyMode mode, boolean readOnly, Ownership ownership, CacheOptions cache) {
    /** The options, for messages. */
    static final String OPTIONS =
            "ro, rw, owner=passthrough|fixed=UID:GID|recorded=UID:GID, cache=SIZE (64MiB), ttl=TIME (1s)";

    private static final String FORM = "HOST:GUEST[:MODE][,OPTION...]";
    private static final String OWNER = "owner=";
    private static final String CACHE = "cache=";
    private static final String TIME_TO_LIVE = "ttl=";

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
        boolean readOnly = false;
        Ownership ownership = null;
        CacheOptions cache = CacheOptions.DEFAULT;
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].equals("ro")) {
                readOnly = true;
            } else if (parts[i].equals("rw")) {
                readOnly = false;
            } else if (parts[i].startsWith(OWNER)) {
                ownership = Ownership.parse(parts[i].substring(OWNER.length()));
            } else if (parts[i].startsWith(CACHE)) {
                final long bytes = Units.bytes(parts[i].substring(CACHE.length()));
                cache = new CacheOptions(bytes, cache.timeToLiveMillis());
            } else if (parts[i].startsWith(TIME_TO_LIVE)) {
                final int millis = Units.millis(parts[i].substring(TIME_TO_LIVE.length()));
                cache = new CacheOptions(cache.bytes(), millis);
            } else {
                throw new IllegalArgumentException("unknown option '" + parts[i] + "': known are " + OPTIONS);
            }
        }
        return new Volume(paths[0], guest(paths[1]), mode, readOnly, ownership, cache);
    }

    private static Path guest(final String text) {
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
