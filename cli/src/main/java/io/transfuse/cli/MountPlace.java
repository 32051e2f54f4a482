package io.transfuse.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A mount point that {@code run} makes where there is none, and takes away again.
 *
 * @param path the mount point
 * @param created what was made for it: the mount point itself, or null for nothing
 */
record MountPlace(Path path, Path created) {

    /** Makes a missing mount point, a directory or a file as {@code host} is one. Its parent must exist. */
    static MountPlace prepare(final Path path, final Path host) throws CommandException {
        if (Files.exists(path) || path.getParent() == null) {
            return new MountPlace(path, null);
        }
        try {
            if (Files.isRegularFile(host)) {
                Files.createFile(path);
            } else {
                Files.createDirectory(path);
            }
            return new MountPlace(path, path);
        } catch (final FileAlreadyExistsException e) {
            // A mount whose daemon is dead is there but answers no call; the daemon says so.
            return new MountPlace(path, null);
        } catch (final IOException e) {
            throw new CommandException(
                    ExitCode.RUN_FAILED,
                    "cannot create the mount point " + path + ": create it first, or choose a place whose directory"
                            + " exists and can be written",
                    e);
        }
    }

    /** Takes away what was made, if nothing has come to be in it. */
    void remove() {
        if (created != null) {
            try {
                if (!Files.isRegularFile(created) || Files.size(created) == 0) {
                    Files.deleteIfExists(created);
                }
            } catch (final IOException e) {
                System.err.println(
                        "transfuse: " + created + " was created for the mount and remains: " + e.getMessage());
            }
        }
    }
}
