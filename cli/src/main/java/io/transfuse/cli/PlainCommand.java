package io.transfuse.cli;

import io.transfuse.daemon.control.ControlSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;

/**
 * {@code mount} and {@code umount} in their plain form, read without picocli: Docker and fstab wait for them, and
 * picocli's classes take longer to load than a daemon takes to mount. What is not plain, help and mistakes among it, is
 * left to picocli.
 */
final class PlainCommand {
    private final List<Volume> volumes = new ArrayList<>();
    private final List<Path> mountPoints = new ArrayList<>();
    private Path control = ControlSocket.DEFAULT_PATH;
    private String asker = ControlClient.defaultAsker();

    private PlainCommand() {}

    /** Executes a plain command; empty if it is not one. */
    static OptionalInt execute(final String... arguments) {
        if (arguments.length < 2 || !(arguments[0].equals("mount") || arguments[0].equals("umount"))) {
            return OptionalInt.empty();
        }
        final boolean mounting = arguments[0].equals("mount");
        final PlainCommand command = new PlainCommand();
        try {
            final Iterator<String> words =
                    Arrays.asList(arguments).subList(1, arguments.length).iterator();
            while (words.hasNext()) {
                if (!command.take(words.next(), words, mounting)) {
                    return OptionalInt.empty();
                }
            }
            command.volumes.forEach(Volume::toSpec);
        } catch (final IllegalArgumentException e) {
            return OptionalInt.empty();
        }
        if (command.volumes.isEmpty() && command.mountPoints.isEmpty()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(command.execute());
    }

    private boolean take(final String word, final Iterator<String> following, final boolean mounting) {
        if (!word.startsWith("-")) {
            return !mounting && !word.startsWith("@") && mountPoints.add(Path.of(word));
        }
        if (!following.hasNext()) {
            return false;
        }
        switch (word) {
            case "-v":
            case "--volume":
                return mounting && volumes.add(Volume.parse(following.next()));
            case "--control":
                control = Path.of(following.next());
                return true;
            case "--asker":
                asker = following.next();
                return true;
            default:
                return false;
        }
    }

    private int execute() {
        final ControlClient daemon = new ControlClient(control);
        try {
            if (volumes.isEmpty()) {
                MountClient.umount(daemon, mountPoints, asker, false);
            } else {
                MountClient.mount(daemon, volumes, asker);
            }
            return ExitCode.OK;
        } catch (final CommandException e) {
            System.err.println("transfuse: " + e.getMessage());
            return e.exitCode();
        }
    }
}
