package io.transfuse.host;

import java.nio.file.Path;

/**
 * A directory or file of the host that guests may mount, with everything beneath it.
 *
 * @param path as given; symbolic links in it are followed when the server starts
 * @param readOnly whether every change is refused with EROFS
 */
public record Export(Path path, boolean readOnly) {
    private static final String READ_ONLY_SUFFIX = ":ro";

    /**
     * Reads {@code PATH[:ro]}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static Export parse(final String text) {
        final boolean readOnly = text.endsWith(READ_ONLY_SUFFIX);
        final String path = readOnly ? text.substring(0, text.length() - READ_ONLY_SUFFIX.length()) : text;
        if (path.isEmpty()) {
            throw new IllegalArgumentException("the export '" + text + "' has no path: PATH[:ro] is wanted");
        }
        return new Export(Path.of(path).toAbsolutePath(), readOnly);
    }
}
