package io.transfuse.daemon.docker;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which paths are the host's.
 *
 * @param paths absolute directories: they and what is below them
 */
record Namespaces(List<Path> paths) {
    /** Where users of macOS have their files. */
    static final List<Path> MACOS =
            List.of(Path.of("/Users"), Path.of("/Volumes"), Path.of("/private"), Path.of("/tmp"));

    Namespaces {
        paths = paths.stream().map(Path::normalize).toList();
    }

    /** Whether the source of a bind is the host's; a name of a volume is not. */
    boolean contain(final String source) {
        if (!source.startsWith("/")) {
            return false;
        }
        try {
            final Path path = Path.of(source).normalize();
            return paths.stream().anyMatch(path::startsWith);
        } catch (final InvalidPathException e) {
            // With a character that no file of this locale can have: whose it is shows the part before it.
            return paths.stream().anyMatch(namespace -> source.startsWith(namespace + "/"));
        }
    }
}
