package io.transfuse.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A configuration file as it is installed: every option with what it says in the help. */
final class ConfigurationTemplate {
    private static final int WIDTH = 100;

    private ConfigurationTemplate() {}

    /**
     * The text of the file.
     *
     * @param heading the first lines
     * @param set options that are set, by their name in the file; the others are there as comments
     */
    static String of(final CommandSpec spec, final List<String> heading, final Map<String, String> set) {
        final StringBuilder text = new StringBuilder();
        heading.forEach(line -> text.append("# ").append(line).append('\n'));
        text.append("# A line NAME = VALUE is the option --NAME VALUE of 'transfuse ")
                .append(spec.name())
                .append(
                        "', which overrides it;\n# see transfuse.conf(5). Changes take effect when the service is restarted.\n");
        for (final OptionSpec option : ConfigurationFile.options(spec)) {
            final String name = ConfigurationFile.name(option);
            text.append('\n');
            wrap(text, String.join(" ", option.description()).replace("%n", " "));
            if (option.isMultiValue()) {
                text.append("# May be given several times, a line for each.\n");
            }
            final String value = set.get(name);
            if (value == null) {
                text.append("# ")
                        .append(name)
                        .append(" = ")
                        .append(label(option))
                        .append('\n');
            } else {
                text.append(name).append(" = ").append(value).append('\n');
            }
        }
        return text.toString();
    }

    private static String label(final OptionSpec option) {
        return option.arity().max() == 0 ? "true" : option.paramLabel();
    }

    private static void wrap(final StringBuilder text, final String words) {
        int column = 0;
        for (final String word : words.split(" +")) {
            if (column == 0 || column + 1 + word.length() > WIDTH) {
                text.append(column == 0 ? "#" : "\n#");
                column = 1;
            }
            text.append(' ').append(word);
            column += 1 + word.length();
        }
        text.append('\n');
    }
}
