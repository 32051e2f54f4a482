package io.transfuse.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
    @Mixin
    private VolumesOption mounts;

    @Mixin
    private ControlOption control;

    @Mixin
    private AskerOption asker;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        try {
            mounts.volumes().forEach(Volume::toSpec);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        MountClient.mount(control.client(), mounts.volumes(), asker.name());
        return ExitCode.OK;
    }
}
