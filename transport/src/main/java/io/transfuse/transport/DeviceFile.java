package io.transfuse.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a {@link Address.Device} names: by its type of file it is used. */
enum DeviceFile {
    CHARACTER_DEVICE,
    SOCKET,
    ABSENT,
    OTHER;

    /** S_IFCHR and S_IFSOCK of inode(7), without the permissions. */
    private static final int TYPE_SHIFT = 12;

    private static final int TYPE_CHARACTER_DEVICE = 2;
    private static final int TYPE_SOCKET = 0xc;

    /** What lies at the path, links followed. */
    static DeviceFile at(final Path path) throws IOException {
        if (!Files.exists(path)) {
            return ABSENT;
        }
        switch ((Integer) Files.getAttribute(path, "unix:mode") >> TYPE_SHIFT) {
            case TYPE_CHARACTER_DEVICE:
                return CHARACTER_DEVICE;
            case TYPE_SOCKET:
                return SOCKET;
            default:
                return OTHER;
        }
    }
}
