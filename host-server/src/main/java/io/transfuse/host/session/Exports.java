package io.transfuse.host.session;

import io.transfuse.host.Export;
import io.transfuse.host.node.NodeTable;
import io.transfuse.host.posix.DescriptorBudget;
import io.transfuse.host.posix.Posix;
import io.transfuse.host.posix.StatBuffer;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.RefusedException;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the server lets guests mount, and the way from a mount request to the root of its nodes. Immutable. */
final class Exports {
    private final Posix posix;
    private final List<Resolved> exports = new ArrayList<>();

    /** An export with the symbolic links in its path followed. */
    private record Resolved(Export export, Path real) {}

    /** The root of a mount: a directory's descriptor, or for a file that of its directory and the file's name. */
    record Root(Path path, int descriptor, byte[] name, StatBuffer stat, boolean readOnly) {
        NodeTable nodes(
                final Posix posix, final int directoryLimit, final int nodeLimit, final DescriptorBudget budget) {
            return new NodeTable(posix, descriptor, name, stat, directoryLimit, nodeLimit, budget);
        }
    }

    /**
     * @throws IOException with a message for the user if a path is missing or neither directory nor regular file
     */
    Exports(final Posix posix, final List<Export> exports) throws IOException {
        this.posix = posix;
        for (final Export export : exports) {
            final Path real = resolve(export.path());
            if (!Files.isDirectory(real) && !Files.isRegularFile(real)) {
                throw new IOException("cannot export " + export.path() + ": it is neither a directory nor a file");
            }
            this.exports.add(new Resolved(export, real));
        }
    }

    private static Path resolve(final Path path) throws IOException {
        try {
            return path.toRealPath();
        } catch (final NoSuchFileException e) {
            throw new IOException("cannot export " + path + ": there is no such file or directory", e);
        } catch (final IOException e) {
            throw new IOException("cannot export " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Opens the root of a mount. Links in the path are followed first; the result must lie in an export and is then
     * opened without following any, so that a link made in between leads nowhere.
     *
     * @throws RefusedException with a message for the user
     */
    Root open(final String text) throws RefusedException {
        final Path path = parse(text);
        final Path real;
        try {
            real = path.toRealPath();
        } catch (final IOException e) {
            // Whether something exists outside the exports is nobody's business.
            throw lexicallyExported(path)
                    ? new RefusedException(Errno.ENOENT, text + " does not exist on the host or cannot be reached")
                    : notExported(text);
        }
        Resolved best = null;
        for (final Resolved candidate : exports) {
            if (real.startsWith(candidate.real)
                    && (best == null || candidate.real.getNameCount() > best.real.getNameCount())) {
                best = candidate;
            }
        }
        if (best == null) {
            throw notExported(text);
        }
        if (real.toString().getBytes(StandardCharsets.UTF_8).length > Limits.PATH_MAX) {
            throw new RefusedException(Errno.ENAMETOOLONG, text + " is longer on the host than " + Limits.PATH_MAX);
        }
        return open(text, real, best.export.readOnly());
    }

    private static Path parse(final String text) throws RefusedException {
        try {
            final Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (final InvalidPathException e) {
            throw new RefusedException(Errno.EINVAL, "the host path is not a path: " + e.getReason());
        }
        throw new RefusedException(Errno.EINVAL, "the host path " + text + " is not absolute");
    }

    private boolean lexicallyExported(final Path path) {
        return exports.stream()
                .anyMatch(candidate -> path.startsWith(candidate.real)
                        || path.startsWith(candidate.export.path().normalize()));
    }

    private static RefusedException notExported(final String text) {
        return new RefusedException(Errno.EACCES, text + " is not inside an export of the host server");
    }

    private Root open(final String text, final Path real, final boolean readOnly) throws RefusedException {
        final NativeBuffer component = NativeBuffer.allocate(Limits.PATH_MAX + 1);
        int directory = check(text, posix.openReference(posix.currentDirectory(), cString(component, "/")));
        byte[] name = null;
        final StatBuffer stat = new StatBuffer();
        for (int i = 0; i < real.getNameCount(); i++) {
            final int next = posix.openReference(
                    directory, cString(component, real.getName(i).toString()));
            Reference.reachabilityFence(component);
            final int status = next < 0 ? next : posix.stat(next, posix.self(), stat);
            final boolean last = i == real.getNameCount() - 1;
            if (status >= 0 && last && FileMode.isRegular(stat.mode())) {
                posix.close(next);
                name = real.getName(i).toString().getBytes(StandardCharsets.UTF_8);
                return new Root(real, directory, name, stat, readOnly);
            }
            posix.close(directory);
            directory = check(text, status < 0 ? status : next);
        }
        check(text, posix.stat(directory, posix.self(), stat));
        if (!FileMode.isDirectory(stat.mode())) {
            posix.close(directory);
            throw new RefusedException(Errno.ENOTDIR, text + " is neither a directory nor a regular file");
        }
        return new Root(real, directory, null, stat, readOnly);
    }

    private static int check(final String text, final int status) throws RefusedException {
        if (status < 0) {
            throw new RefusedException(-status, text + " cannot be opened on the host: " + Errno.name(-status));
        }
        return status;
    }

    private static long cString(final NativeBuffer buffer, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.bytes().put(0, bytes);
        buffer.bytes().put(bytes.length, (byte) 0);
        return buffer.address();
    }
}
