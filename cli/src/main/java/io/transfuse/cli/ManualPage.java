package io.transfuse.cli;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Manual pages in the language of man(7), made from what the help of the commands says. */
final class ManualPage {
    private final String version;
    private final String date;

    /** Pages of this version and date. */
    ManualPage(final String version, final String date) {
        this.version = version;
        this.date = date;
    }

    /** Whether the command has a page of its own: not what picocli brings, and not what the packages alone use. */
    static boolean has(final CommandSpec spec) {
        return !spec.usageMessage().hidden()
                && spec.name().matches("[a-z]+")
                && !spec.name().equals("help");
    }

    /** transfuse(1). */
    String ofRoot(final CommandSpec root) {
        final StringBuilder page = head("transfuse", "1", description(root));
        page.append(".SH SYNOPSIS\n.B transfuse\n.I COMMAND\n[\\fIARGUMENT\\fR...]\n");
        page.append(".SH DESCRIPTION\n");
        paragraph(page, description(root));
        paragraph(
                page,
                "A daemon in the guest makes mounts and answers the kernel; it asks a server on the host, which exports"
                        + " directories. Each mount has a consistency: consistent, cached or delegated.");
        page.append(".SH COMMANDS\n");
        for (final CommandLine command : root.subcommands().values()) {
            final CommandSpec spec = command.getCommandSpec();
            if (!spec.usageMessage().hidden()) {
                page.append(".TP\n\\fB").append(escape(spec.name())).append("\\fR\n");
                text(page, description(spec));
            }
        }
        options(page, root);
        examples(page, root);
        exitStatus(page);
        page.append(".SH FILES\n.TP\n.I /etc/transfuse/daemon.conf\nOptions of the service transfuse\\-daemon, see\n"
                + ".BR transfuse.conf (5).\n.TP\n.I /etc/transfuse/server.conf\nOptions of the service transfuse\\-server.\n"
                + ".TP\n.I /run/transfuse/control.sock\nThe control socket of the daemon.\n"
                + ".TP\n.I /var/cache/transfuse/classes.jsa\nWhat makes the program start faster; it works without.\n");
        page.append(".SH ENVIRONMENT\n.TP\n.B TRANSFUSE_JAVA_OPTIONS\nFurther options of the Java virtual machine.\n");
        seeAlso(page, root, "transfuse");
        return page.toString();
    }

    /** transfuse-COMMAND(1). */
    String ofCommand(final CommandSpec spec) {
        final String name = "transfuse-" + spec.name();
        final StringBuilder page = head(name, "1", description(spec));
        page.append(".SH SYNOPSIS\n.B transfuse ").append(escape(spec.name())).append("\n[\\fIOPTION\\fR...]\n");
        for (final PositionalParamSpec parameter : spec.positionalParameters()) {
            page.append(".I ").append(escape(parameter.paramLabel())).append('\n');
        }
        page.append(".SH DESCRIPTION\n");
        paragraph(page, description(spec));
        for (final PositionalParamSpec parameter : spec.positionalParameters()) {
            page.append(".TP\n\\fI").append(escape(parameter.paramLabel())).append("\\fR\n");
            text(page, String.join(" ", parameter.description()));
        }
        options(page, spec);
        examples(page, spec);
        exitStatus(page);
        seeAlso(page, spec.parent(), name);
        return page.toString();
    }

    /** transfuse.conf(5). */
    String ofConfiguration(final CommandSpec daemon, final CommandSpec serve) {
        final StringBuilder page =
                head("transfuse.conf", "5", "Configuration files of the Transfuse daemon and host server.");
        page.append(".SH SYNOPSIS\n.I /etc/transfuse/daemon.conf\n.br\n.I /etc/transfuse/server.conf\n");
        page.append(".SH DESCRIPTION\n");
        paragraph(
                page,
                "A line NAME = VALUE is the option --NAME VALUE of 'transfuse daemon' or 'transfuse serve', which are told of"
                        + " the file with --config. Empty lines and lines that begin with # say nothing. An option that may"
                        + " be given several times has a line for each. The file is UTF-8; there are neither quotes nor"
                        + " escapes, and blanks around name and value do not count.");
        paragraph(
                page,
                "What is on the command line counts, and not the file's lines for the same option. A mistake is told with"
                        + " file and line, and nothing is started. Changes take effect at the next start.");
        page.append(".SH OPTIONS OF THE DAEMON\n");
        ConfigurationFile.options(daemon).forEach(option -> entry(page, option));
        page.append(".SH OPTIONS OF THE HOST SERVER\n");
        ConfigurationFile.options(serve).forEach(option -> entry(page, option));
        page.append(".SH SEE ALSO\n.BR transfuse\\-daemon (1),\n.BR transfuse\\-serve (1)\n");
        return page.toString();
    }

    private StringBuilder head(final String name, final String section, final String description) {
        final String sentence = description.replaceFirst("[.,:;] .*", "").replaceFirst("\\.$", "");
        return new StringBuilder(".TH \"")
                .append(escape(name.toUpperCase(Locale.ROOT)))
                .append("\" \"")
                .append(section)
                .append("\" \"")
                .append(date)
                .append("\" \"")
                .append(escape(version))
                .append("\" \"Transfuse\"\n.SH NAME\n")
                .append(escape(name))
                .append(" \\- ")
                .append(escape(sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1)))
                .append('\n');
    }

    private static String description(final CommandSpec spec) {
        return String.join(" ", spec.usageMessage().description());
    }

    private static void paragraph(final StringBuilder page, final String words) {
        page.append(".PP\n");
        text(page, words);
    }

    private static void options(final StringBuilder page, final CommandSpec spec) {
        page.append(".SH OPTIONS\n");
        for (final OptionSpec option : spec.options()) {
            if (option.hidden()) {
                continue;
            }
            page.append(".TP\n\\fB")
                    .append(escape(String.join("\\fR, \\fB", option.names())))
                    .append("\\fR");
            if (option.arity().max() > 0) {
                page.append(" \\fI").append(escape(option.paramLabel())).append("\\fR");
            }
            page.append('\n');
            text(page, String.join(" ", option.description()));
        }
    }

    private static void entry(final StringBuilder page, final OptionSpec option) {
        page.append(".TP\n\\fB")
                .append(escape(ConfigurationFile.name(option)))
                .append("\\fR = \\fI")
                .append(escape(option.arity().max() == 0 ? "true" : option.paramLabel()))
                .append("\\fR\n");
        text(page, String.join(" ", option.description()));
    }

    private static void examples(final StringBuilder page, final CommandSpec spec) {
        final String[] lines = spec.usageMessage().footer();
        if (lines.length == 0) {
            return;
        }
        page.append(".SH EXAMPLES\n.nf\n");
        for (final String line : lines) {
            page.append(guard(escape(line.strip()))).append('\n');
        }
        page.append(".fi\n");
    }

    private static void exitStatus(final StringBuilder page) {
        page.append(
                ".SH EXIT STATUS\n.TP\n.B 0\nDone.\n.TP\n.B 1\nIt could not be done; a line on standard error says why.\n"
                        + ".TP\n.B 2\nThe command line or the configuration file makes no sense.\n.PP\n"
                        + "\\fBrun\\fR ends as its command does, or with 125, 126 or 127 as\n.BR env (1)\ndoes. \\fBserve\\fR and"
                        + " \\fBdaemon\\fR end with 143 after SIGTERM.\n");
    }

    private static void seeAlso(final StringBuilder page, final CommandSpec root, final String self) {
        page.append(".SH SEE ALSO\n");
        if (!self.equals("transfuse")) {
            page.append(".BR transfuse (1),\n");
        }
        for (final CommandLine command : root.subcommands().values()) {
            final CommandSpec spec = command.getCommandSpec();
            final String name = "transfuse-" + spec.name();
            if (has(spec) && !name.equals(self)) {
                page.append(".BR ").append(escape(name)).append(" (1),\n");
            }
        }
        page.append(".BR transfuse.conf (5)\n");
    }

    private static void text(final StringBuilder page, final String words) {
        page.append(guard(escape(words.replace("%n", " ").replace("%%", "%")))).append('\n');
    }

    /** Backslashes and hyphens as man(7) wants them; font changes that are there already stay. */
    private static String escape(final String text) {
        return text.replace("\\", "\\e")
                .replace("\\efR", "\\fR")
                .replace("\\efB", "\\fB")
                .replace("-", "\\-");
    }

    /** A line that begins with a dot or an apostrophe would be a request. */
    private static String guard(final String line) {
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }
}
