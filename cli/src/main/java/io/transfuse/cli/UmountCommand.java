package io.transfuse.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code transfuse umount}: asks the daemon to end mounts. */
@Command(
        name = "umount",
        mixinStandardHelpOptions = true,
        description = "Unmounts. A mount that a process uses stays.",
        footerHeading = "%nExamples:%n",
        footer = "  transfuse umount /mnt")
final class UmountCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "GUEST", description = "The mount point.")
    private List<Path> mountPoints;

    @Mixin
    private ControlOption control;

    @Override
    public Integer call() throws CommandException {
        for (final Path mountPoint : mountPoints) {
            final String encoded =
                    URLEncoder.encode(mountPoint.toAbsolutePath().normalize().toString(), StandardCharsets.UTF_8);
            control.client().request("DELETE", "/v1/mounts?mountPoint=" + encoded, null);
        }
        return ExitCode.OK;
    }
}
