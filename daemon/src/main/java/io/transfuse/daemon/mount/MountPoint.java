package io.transfuse.daemon.mount;

import io.transfuse.daemon.MountException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What can be mounted upon. */
final class MountPoint {
    private MountPoint() {}

    /**
     * Checks that a mount can be made there.
     *
     * @return the path without symbolic links
     * @throws MountException with a line for the user
     */
    static Path check(final Path mountPoint) throws MountException {
        if (!mountPoint.isAbsolute()) {
            throw new MountException("the mount point " + mountPoint + " is not an absolute path");
        }
        final Path real = resolve(mountPoint);
        try {
            if (MountTable.deviceAt(real).isPresent()) {
                throw new MountException(
                        "something is mounted at " + mountPoint + " already: unmount it first or choose another place");
            }
            if (Files.isDirectory(real)) {
                checkEmpty(mountPoint, real);
            } else if (!Files.isRegularFile(real)) {
                throw new MountException("the mount point " + mountPoint + " is neither a directory nor a file");
            }
        } catch (final IOException e) {
            throw new MountException("cannot mount at " + mountPoint + ": " + e.getMessage(), e);
        }
        return real;
    }

    /**
     * The path without symbolic links. What is mounted there is not touched.
     *
     * @throws MountException if there is no such place
     */
    static Path resolve(final Path mountPoint) throws MountException {
        try {
            // Only the parent is touched: a dead mount at the place itself could hang.
            final Path parent = mountPoint.normalize().getParent();
            if (parent == null) {
                throw new MountException("cannot mount at /");
            }
            final Path real = parent.toRealPath().resolve(mountPoint.normalize().getFileName());
            if (MountTable.deviceAt(real).isPresent()) {
                return real;
            }
            return real.toRealPath();
        } catch (final NoSuchFileException e) {
            throw new MountException("the mount point " + mountPoint + " does not exist: create it first", e);
        } catch (final IOException e) {
            throw new MountException("the mount point " + mountPoint + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Makes a mount point of this kind, unless there is one.
     *
     * @throws MountException with a line for the user
     */
    static void make(final Path mountPoint, final boolean directory) throws MountException {
        try {
            Files.createDirectories(mountPoint.getParent());
            if (MountTable.deviceAt(mountPoint).isPresent()) {
                return;
            }
            if (Files.exists(mountPoint) && Files.isDirectory(mountPoint) != directory) {
                // A directory that is not empty is not deleted.
                Files.delete(mountPoint);
            }
            if (!Files.exists(mountPoint)) {
                if (directory) {
                    Files.createDirectory(mountPoint);
                } else {
                    Files.createFile(mountPoint);
                }
            }
        } catch (final IOException e) {
            throw new MountException("cannot make the mount point " + mountPoint + ": " + e, e);
        }
    }

    private static void checkEmpty(final Path mountPoint, final Path real) throws IOException, MountException {
        try (Stream<Path> children = Files.list(real)) {
            if (children.findAny().isPresent()) {
                throw new MountException("the mount point " + mountPoint
                        + " is not empty: a mount would hide what is in it; choose an empty directory");
            }
        }
    }

    /** A directory is mounted upon a directory, a file upon a file. */
    static void checkKind(final Path mountPoint, final String hostPath, final boolean hostIsDirectory)
            throws MountException {
        if (Files.isDirectory(mountPoint) != hostIsDirectory) {
            throw new MountException("cannot mount " + hostPath + " at " + mountPoint + ": "
                    + (hostIsDirectory
                            ? "the one is a directory, the other a file"
                            : "the one is a file, the other a directory"));
        }
    }
}
