package io.transfuse.daemon.http;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/** The file of a UNIX socket. Who may open the socket is said by its own mode. */
public final class SocketFile {
    private SocketFile() {}

    /**
     * Makes room for a socket: takes one away that a dead daemon left behind, and makes missing directories, which
     * others may pass through.
     *
     * @throws IOException with a message for the user
     */
    public static void prepare(final Path path) throws IOException {
        if (path.getParent() != null) {
            Files.createDirectories(
                    path.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                probe.connect(UnixDomainSocketAddress.of(path));
            } catch (final IOException nobodyAnswers) {
                Files.delete(path);
                return;
            }
            throw new IOException("another daemon answers there");
        }
    }

    /**
     * Says who may open a socket.
     *
     * @param group the group that may, beside the owner (mode 0660); null for the owner alone (0600)
     * @throws IOException with a message for the user
     */
    public static void permit(final Path path, final String group) throws IOException {
        if (group == null) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return;
        }
        final GroupPrincipal principal;
        try {
            principal = path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
        } catch (final UserPrincipalNotFoundException e) {
            throw new IOException("there is no group '" + group + "'", e);
        }
        Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(principal);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    }
}
