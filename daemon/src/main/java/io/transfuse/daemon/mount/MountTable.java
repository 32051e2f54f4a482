package io.transfuse.daemon.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kernel's list of mounts, read without touching any of them: stat(2) of a mount whose daemon is dead can hang. */
final class MountTable {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
    private static final int DEVICE_FIELD = 2;
    private static final int MOUNT_POINT_FIELD = 4;

    private MountTable() {}

    /** The device number {@code major:minor} of the topmost mount at a path, which has no symbolic links in it. */
    static Optional<String> deviceAt(final Path mountPoint) throws IOException {
        final String wanted = mountPoint.toString();
        String device = null;
        for (final String line : Files.readAllLines(MOUNTINFO, StandardCharsets.ISO_8859_1)) {
            final String[] fields = line.split(" ");
            if (fields.length > MOUNT_POINT_FIELD
                    && unescape(fields[MOUNT_POINT_FIELD]).equals(wanted)) {
                device = fields[DEVICE_FIELD];
            }
        }
        return Optional.ofNullable(device);
    }

    /** The mount points at {@code root} and below, in the order in which they were mounted. */
    static List<Path> mountPointsIn(final Path root) throws IOException {
        final List<Path> result = new ArrayList<>();
        for (final String line : Files.readAllLines(MOUNTINFO, StandardCharsets.ISO_8859_1)) {
            final String[] fields = line.split(" ");
            if (fields.length > MOUNT_POINT_FIELD) {
                final Path path = Path.of(unescape(fields[MOUNT_POINT_FIELD]));
                if (path.startsWith(root)) {
                    result.add(path);
                }
            }
        }
        return result;
    }

    /** Space, tab, newline and backslash stand as three octal digits; see proc_pid_mountinfo(5). */
    private static String unescape(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        final byte[] result = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\\' && i + 3 < bytes.length) {
                result[length++] = (byte) Integer.parseInt(new String(bytes, i + 1, 3, StandardCharsets.US_ASCII), 8);
                i += 3;
            } else {
                result[length++] = bytes[i];
            }
        }
        return new String(result, 0, length, StandardCharsets.UTF_8);
    }
}
