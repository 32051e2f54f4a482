package io.transfuse.cli;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line. Exit codes are those of {@link ExitCode}; docs/operations.md lists them for users. */
@Command(
        name = "transfuse",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shares directories of a host with the Linux guest that runs its containers.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  transfuse run -v \"$PWD:/tmp/demo:consistent\" -- ls -la /tmp/demo",
            "  transfuse serve --listen unix:/tmp/host.sock --export /src",
            "  transfuse daemon --connect unix:/tmp/host.sock",
            "  transfuse mount -v /src:/mnt:cached,ro",
            "  transfuse status",
            "  source <(transfuse generate-completion)"
        })
public final class Transfuse {
    /** By what they are annotated with; in the order in which the help shows them. */
    private static final List<Class<?>> COMMANDS = List.of(
            RunCommand.class,
            ServeCommand.class,
            DaemonCommand.class,
            MountCommand.class,
            UmountCommand.class,
            StatusCommand.class,
            RehearseCommand.class,
            ReferenceCommand.class,
            AutoComplete.GenerateCompletion.class,
            HelpCommand.class);

    /** They say something of all the others. */
    private static final Set<Class<?>> ABOUT_ALL = Set.of(AutoComplete.GenerateCompletion.class, HelpCommand.class);

    @Option(
            names = "--verbose",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Log what happens, not only what goes wrong.")
    void setVerbose(final boolean verbose) {
        // Logging.configure has read it: it must be known before the first line is logged.
    }

    private Transfuse() {}

    /** Runs the command line and ends the process. */
    public static void main(final String... arguments) {
        final OptionalInt plain = PlainCommand.execute(arguments);
        final OptionalInt done = plain.isPresent() ? plain : MountHelper.execute(arguments);
        if (done.isPresent()) {
            System.exit(done.getAsInt());
        }
        System.exit(execute(arguments));
    }

    /** Runs the command line; the exit code. */
    static int execute(final String... arguments) {
        final CommandLine line = commandLine(needed(arguments));
        try {
            final String[] expanded = ConfigurationFile.expand(line, arguments);
            Logging.configure(expanded);
            return line.execute(expanded);
        } catch (final ParameterException e) {
            return usageError(e, arguments);
        } catch (final CommandException e) {
            return failure(e, line, null);
        }
    }

    /** With all its commands. */
    static CommandLine commandLine() {
        return commandLine(COMMANDS);
    }

    /** To look at the annotations of a command takes longer than most of what it does: only those of the one that is named. */
    private static List<Class<?>> needed(final String... arguments) {
        return COMMANDS.stream()
                .filter(command -> arguments.length > 0 && nameOf(command).equals(arguments[0]))
                .findFirst()
                .filter(command -> !ABOUT_ALL.contains(command))
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    private static String nameOf(final Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static CommandLine commandLine(final List<Class<?>> commands) {
        final CommandLine line = new CommandLine(new Transfuse());
        commands.forEach(command -> line.addSubcommand(new CommandLine(command)));
        return line.setParameterExceptionHandler(Transfuse::usageError)
                .setExecutionExceptionHandler(Transfuse::failure)
                .setExitCodeExceptionMapper(e -> ExitCode.FAILURE)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static int usageError(final ParameterException e, final String[] arguments) {
        final CommandLine command = e.getCommandLine();
        command.getErr()
                .println("transfuse: " + e.getMessage() + " ('"
                        + command.getCommandSpec().qualifiedName() + " --help' shows how)");
        return ExitCode.USAGE;
    }

    private static int failure(final Exception e, final CommandLine command, final CommandLine.ParseResult parsed) {
        if (e instanceof CommandException) {
            command.getErr().println("transfuse: " + e.getMessage());
            return ((CommandException) e).exitCode();
        }
        command.getErr().println("transfuse: internal error: " + e);
        e.printStackTrace(command.getErr());
        return ExitCode.FAILURE;
    }
}
