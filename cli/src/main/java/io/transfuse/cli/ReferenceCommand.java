package io.transfuse.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/**
 * {@code transfuse generate-reference}: what the packages have of manual pages and configuration files, made from the
 * options.
 */
@Command(
        name = "generate-reference",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Writes manual pages and configuration files with every option into a directory.")
final class ReferenceCommand implements Callable<Integer> {
    private static final String EPOCH = "SOURCE_DATE_EPOCH";
    private static final String SOCKET = "unix:/run/transfuse/host.sock";

    @Parameters(paramLabel = "DIRECTORY", description = "An existing directory.")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        final CommandLine root = Transfuse.commandLine();
        final String version = new Version().getVersion()[0];
        final ManualPage page = new ManualPage(version, date());
        write("transfuse.1", page.ofRoot(root.getCommandSpec()));
        for (final CommandLine command : root.getSubcommands().values()) {
            final CommandSpec spec = command.getCommandSpec();
            if (ManualPage.has(spec)) {
                write("transfuse-" + spec.name() + ".1", page.ofCommand(spec));
            }
        }
        final CommandSpec daemon = root.getSubcommands().get("daemon").getCommandSpec();
        final CommandSpec serve = root.getSubcommands().get("serve").getCommandSpec();
        write("transfuse.conf.5", page.ofConfiguration(daemon, serve));
        write(
                "daemon.conf",
                ConfigurationTemplate.of(
                        daemon,
                        List.of("The options of the Transfuse daemon (transfuse-daemon.service)."),
                        Map.of("connect", SOCKET)));
        write(
                "server.conf",
                ConfigurationTemplate.of(
                        serve,
                        List.of(
                                "The options of the Transfuse host server (transfuse-server.service).",
                                "It starts when at least one directory is exported."),
                        Map.of("listen", SOCKET)));
        return ExitCode.OK;
    }

    private static String date() {
        final String epoch = System.getenv(EPOCH);
        final Instant instant = epoch == null ? Instant.now() : Instant.ofEpochSecond(Long.parseLong(epoch));
        return DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }

    private void write(final String name, final String text) throws IOException {
        Files.write(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }
}
