package io.transfuse.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * A file with options of {@code daemon} or {@code serve}: a line {@code NAME = VALUE} is the option
 * {@code --NAME VALUE}, an empty line and one that begins with {@code #} say nothing. An option that may be given
 * several times has a line for each. What the command line says counts and not the file's lines for the same option.
 */
final class ConfigurationFile {
    private static final String OPTION = "--config";
    private static final long SIZE_MAX = 1024 * 1024;

    private ConfigurationFile() {}

    /**
     * The arguments with the options of the file that they name, if they name one.
     *
     * @throws ParameterException with a message for the user, which names file and line
     */
    static String[] expand(final CommandLine root, final String... arguments) {
        final CommandLine command =
                arguments.length == 0 ? null : root.getSubcommands().get(arguments[0]);
        if (command == null || command.getCommandSpec().findOption(OPTION) == null) {
            return arguments;
        }
        final List<String> own = Arrays.asList(arguments).subList(1, arguments.length);
        final String file = named(command, own);
        if (file == null) {
            return arguments;
        }
        final List<String> expanded = new ArrayList<>(List.of(arguments[0]));
        for (final Entry entry : read(command, file)) {
            if (own.stream().noneMatch(word -> isOption(word, entry.option()))) {
                expanded.add(entry.option().longestName() + "=" + entry.value());
            }
        }
        expanded.addAll(own);
        return expanded.toArray(String[]::new);
    }

    private record Entry(OptionSpec option, String value) {}

    private static boolean isOption(final String word, final OptionSpec option) {
        for (final String name : option.names()) {
            if (word.equals(name) || word.startsWith(name + "=")) {
                return true;
            }
        }
        return false;
    }

    private static String named(final CommandLine command, final List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).startsWith(OPTION + "=")) {
                return words.get(i).substring(OPTION.length() + 1);
            }
            if (words.get(i).equals(OPTION)) {
                if (i + 1 == words.size()) {
                    throw new ParameterException(command, "Missing required parameter for option '--config' (PATH)");
                }
                return words.get(i + 1);
            }
        }
        return null;
    }

    private static List<Entry> read(final CommandLine command, final String file) {
        final Map<String, OptionSpec> known = known(command.getCommandSpec());
        final Map<OptionSpec, Integer> seen = new HashMap<>();
        final List<Entry> entries = new ArrayList<>();
        int number = 0;
        for (final String line : lines(command, file)) {
            number++;
            final String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            final String place = file + ":" + number + ": ";
            final int equals = text.indexOf('=');
            if (equals < 0) {
                throw new ParameterException(command, place + "'" + text + "' is not of the form NAME = VALUE");
            }
            final String name = text.substring(0, equals).strip();
            final String value = text.substring(equals + 1).strip();
            final OptionSpec option = known.get(name);
            if (option == null) {
                throw new ParameterException(
                        command,
                        place + "unknown option '" + name + "': known are "
                                + String.join(", ", new TreeSet<>(known.keySet())));
            }
            if (value.isEmpty()) {
                throw new ParameterException(command, place + "the option '" + name + "' has no value");
            }
            final Integer before = seen.put(option, number);
            if (before != null && !option.isMultiValue()) {
                throw new ParameterException(
                        command, place + "the option '" + name + "' was set in line " + before + " already");
            }
            check(command, option, value, place);
            entries.add(new Entry(option, value));
        }
        return entries;
    }

    private static Map<String, OptionSpec> known(final CommandSpec spec) {
        final Map<String, OptionSpec> known = new HashMap<>();
        options(spec).forEach(option -> known.put(name(option), option));
        return known;
    }

    /** The options that a file may set. */
    static List<OptionSpec> options(final CommandSpec spec) {
        final List<OptionSpec> options = new ArrayList<>();
        for (final OptionSpec option : spec.options()) {
            if (!option.usageHelp()
                    && !option.versionHelp()
                    && !option.longestName().equals(OPTION)) {
                options.add(option);
            }
        }
        return options;
    }

    /** What the option is called in a file. */
    static String name(final OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    /** Reads the value as the command line would, so that a mistake is told with its line. */
    private static void check(
            final CommandLine command, final OptionSpec option, final String value, final String place) {
        final CommandSpec alone = CommandSpec.create();
        alone.addOption(OptionSpec.builder(option)
                .required(false)
                .scopeType(CommandLine.ScopeType.LOCAL)
                .build());
        try {
            new CommandLine(alone)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .parseArgs(option.longestName() + "=" + value);
        } catch (final ParameterException e) {
            throw new ParameterException(command, place + e.getMessage(), e);
        }
    }

    private static List<String> lines(final CommandLine command, final String file) {
        try {
            if (Files.size(Path.of(file)) > SIZE_MAX) {
                throw new IOException("it has more than " + SIZE_MAX + " bytes");
            }
            return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            final String reason;
            if (e instanceof NoSuchFileException) {
                reason = "it does not exist";
            } else if (e instanceof CharacterCodingException) {
                reason = "it is not UTF-8";
            } else {
                reason = e.getMessage();
            }
            throw new ParameterException(command, "cannot read the configuration file " + file + ": " + reason, e);
        }
    }
}
