package io.transfuse.cli;

import io.transfuse.daemon.control.ControlSocket;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which daemon is asked. */
final class ControlOption {
    @Option(
            names = "--control",
            paramLabel = "PATH",
            description = "The daemon's control socket (default: /run/transfuse/control.sock).")
    private Path control = ControlSocket.DEFAULT_PATH;

    ControlClient client() {
        return new ControlClient(control);
    }
}
