package io.transfuse.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code transfuse mount}: asks the daemon for mounts. */
@Command(
        name = "mount",
        mixinStandardHelpOptions = true,
        description =
                "Mounts directories or files of the host. What is mounted in the same way already is left as it is.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  transfuse mount -v /src:/mnt",
            "  transfuse mount -v /src:/mnt:cached,ro",
            "  transfuse mount -v /src:/mnt:consistent,owner=fixed=1000:1000",
            "  transfuse mount -v /src:/mnt:cached --asker build-7"
        })
final class MountCommand implements Callable<Integer> {
    @Option(
            names = {"-v", "--volume"},
            required = true,
            paramLabel = "HOST:GUEST[:MODE][,OPTION...]",
            converter = VolumeConverter.class,
            description = "What to mount where. MODE: consistent, cached, delegated or default. OPTION: ro, rw, "
                    + "owner=passthrough, owner=fixed=UID:GID, owner=recorded=UID:GID, cache=SIZE, ttl=TIME, nosuid,"
                    + " nodev, noexec.")
    private List<Volume> volumes;

    @Mixin
    private ControlOption control;

    @Mixin
    private AskerOption asker;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        try {
            volumes.forEach(Volume::toSpec);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        MountClient.mount(control.client(), volumes, asker.name());
        return ExitCode.OK;
    }
}
