package io.transfuse.cli;

import io.transfuse.protocol.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** The file of {@code --secret-file}. */
final class SecretFile {
    /** Permissions of group and others; see chmod(2). */
    private static final int OTHERS = 077;

    private SecretFile() {}

    /**
     * Reads a secret: the bytes of the file, without one newline at its end.
     *
     * @param file null for none
     * @return null for none
     * @throws CommandException if it cannot be read, if others may read it, or if it is too short or too long
     */
    static Secret read(final Path file) throws CommandException {
        if (file == null) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            final int mode = (Integer) Files.getAttribute(file, "unix:mode");
            if ((mode & OTHERS) != 0) {
                throw new CommandException(
                        ExitCode.FAILURE,
                        "others may use the secret file " + file + ": its mode must be 0600 or less ('chmod 600 " + file
                                + "')");
            }
            // One more than a secret and a newline.
            final byte[] bytes = in.readNBytes(Secret.SIZE_MAX + 2);
            if (bytes.length > Secret.SIZE_MAX + 1) {
                throw new CommandException(
                        ExitCode.FAILURE, "the secret file " + file + " has more than " + Secret.SIZE_MAX + " bytes");
            }
            final boolean hasNewline = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
            return new Secret(hasNewline ? Arrays.copyOf(bytes, bytes.length - 1) : bytes);
        } catch (final NoSuchFileException e) {
            throw new CommandException(ExitCode.FAILURE, "the secret file " + file + " does not exist", e);
        } catch (final IOException e) {
            throw new CommandException(
                    ExitCode.FAILURE, "the secret file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (final IllegalArgumentException e) {
            throw new CommandException(ExitCode.FAILURE, "the secret file " + file + ": " + e.getMessage(), e);
        }
    }
}
