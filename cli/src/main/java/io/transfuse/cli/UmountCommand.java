package io.transfuse.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code transfuse umount}: gives mounts up. */
@Command(
        name = "umount",
        mixinStandardHelpOptions = true,
        description = "Gives mounts up. A mount that others have asked for, or that a process uses, stays.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  transfuse umount /mnt",
            "  transfuse umount /mnt --asker build-7",
            "  transfuse umount --force /mnt"
        })
final class UmountCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "GUEST", description = "The mount point.")
    private List<Path> mountPoints;

    @Option(
            names = {"-f", "--force"},
            description = "Unmount whoever has asked for it, and whoever uses it: calls in progress then fail.")
    private boolean force;

    @Mixin
    private ControlOption control;

    @Mixin
    private AskerOption asker;

    @Override
    public Integer call() throws CommandException {
        MountClient.umount(control.client(), mountPoints, asker.name(), force);
        return ExitCode.OK;
    }
}
