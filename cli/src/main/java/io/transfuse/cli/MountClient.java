package io.transfuse.cli;

import java.nio.file.Path;
import java.util.List;

/** What {@code mount} and {@code umount} do once their arguments are read. */
final class MountClient {
    private MountClient() {}

    /** Asks for mounts, one after the other. */
    static void mount(final ControlClient daemon, final List<Volume> volumes, final String asker)
            throws CommandException {
        for (final Volume volume : volumes) {
            daemon.mount(volume.toSpec(), asker);
        }
    }

    /** Gives mounts up, one after the other; says so if one stays for others. */
    static void umount(
            final ControlClient daemon, final List<Path> mountPoints, final String asker, final boolean force)
            throws CommandException {
        for (final Path mountPoint : mountPoints) {
            if (force) {
                daemon.unmount(mountPoint, true);
                continue;
            }
            final ControlClient.Released released = daemon.release(mountPoint, asker);
            if (!released.askers().isEmpty()) {
                System.err.println(
                        "transfuse: " + mountPoint + " stays mounted for " + String.join(", ", released.askers()));
            }
        }
    }
}
