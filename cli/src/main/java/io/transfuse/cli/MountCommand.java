package io.transfuse.cli;

import io.transfuse.daemon.MountSpec;
import io.transfuse.daemon.control.MountRequest;
import io.transfuse.protocol.Ownership;
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
        description = "Mounts directories or files of the host.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  transfuse mount -v /src:/mnt",
            "  transfuse mount -v /src:/mnt:cached,ro",
            "  transfuse mount -v /src:/mnt:consistent,owner=fixed=1000:1000"
        })
final class MountCommand implements Callable<Integer> {
    @Option(
            names = {"-v", "--volume"},
            required = true,
            paramLabel = "HOST:GUEST[:MODE][,OPTION...]",
            converter = VolumeConverter.class,
            description = "What to mount where. MODE: consistent, cached, delegated or default. OPTION: ro, rw, "
                    + "owner=passthrough, owner=fixed=UID:GID, owner=recorded=UID:GID.")
    private List<Volume> volumes;

    @Mixin
    private ControlOption control;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        for (final Volume volume : volumes) {
            if (!volume.host().startsWith("/")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "the host path '" + volume.host() + "' is relative: the daemon does not know your host's"
                                + " working directory, give the absolute path");
            }
        }
        for (final Volume volume : volumes) {
            final MountSpec wanted = new MountSpec(
                    volume.host(),
                    volume.guest(),
                    volume.mode(),
                    volume.readOnly(),
                    volume.ownership() == null ? Ownership.PASSTHROUGH : volume.ownership(),
                    volume.cache());
            control.client().request("POST", "/v1/mounts", MountRequest.of(wanted));
        }
        return ExitCode.OK;
    }
}
