package io.transfuse.daemon.control;

import java.nio.file.Path;

/** Where the control socket is. */
public final class ControlSocket {
    /** Where the daemon of a machine listens. */
    public static final Path DEFAULT_PATH = Path.of("/run/transfuse/control.sock");

    /** The longest body of a request, in bytes. */
    public static final int BODY_MAX = 64 * 1024;

    private ControlSocket() {}
}
