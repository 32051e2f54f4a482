package io.transfuse.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** What {@code mount} and {@code run} are to mount. */
final class VolumesOption {
    @Option(
            names = {"-v", "--volume"},
            required = true,
            paramLabel = "HOST:GUEST[:MODE][,OPTION...]",
            converter = VolumeConverter.class,
            description = "What to mount where. MODE: consistent, cached, delegated or default. OPTION: ro, rw, "
                    + "owner=passthrough, owner=fixed=UID:GID, owner=recorded=UID:GID, cache=SIZE, ttl=TIME, nosuid,"
                    + " nodev, noexec, events=on, events=off.")
    private List<Volume> volumes;

    /** At least one, in the order of the command line. */
    List<Volume> volumes() {
        return volumes;
    }
}
