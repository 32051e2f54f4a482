package io.transfuse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ConfigurationFileTest {
    @TempDir
    Path directory;

    private Path file(final String text) throws IOException {
        return Files.writeString(directory.resolve("file"), text);
    }

    private static String[] expand(final String... arguments) {
        return ConfigurationFile.expand(Transfuse.commandLine(), arguments);
    }

    @Test
    void shouldLeaveOtherCommandLinesAlone() {
        assertThat(expand()).isEmpty();
        assertThat(expand("status", "--config", "x")).containsExactly("status", "--config", "x");
        assertThat(expand("serve", "--listen", "unix:/s")).containsExactly("serve", "--listen", "unix:/s");
    }

    @Test
    void shouldPutItsOptionsBeforeThoseOfTheCommandLine() throws IOException {
        final Path file = file("export = /a\r\n# no\n\n  export=/b = c:ro\nopen-files = 300\n");
        assertThat(expand("serve", "--listen", "unix:/s", "--config=" + file))
                .containsExactly(
                        "serve",
                        "--export=/a",
                        "--export=/b = c:ro",
                        "--open-files=300",
                        "--listen",
                        "unix:/s",
                        "--config=" + file);
    }

    @Test
    void shouldSayWhatIdleProcessorsDo() throws IOException {
        final Path file = file("idle-processors = sleep\n");
        assertThat(expand("daemon", "--config=" + file))
                .containsExactly("daemon", "--idle-processors=sleep", "--config=" + file);
    }

    @Test
    void shouldBeOverriddenWhole() throws IOException {
        final Path file = file("export = /a\nexport = /b\nopen-files = 300\n");
        assertThat(expand("serve", "--config", file.toString(), "--export=/c", "--open-files", "400"))
                .containsExactly("serve", "--config", file.toString(), "--export=/c", "--open-files", "400");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen unix:/s          | 1: 'listen unix:/s' is not of the form NAME = VALUE",
                "lisent = unix:/s        | 1: unknown option 'lisent': known are export,",
                "config = x              | 1: unknown option 'config'",
                "help = true             | 1: unknown option 'help'",
                "= x                     | 1: unknown option ''",
                "listen =                | 1: the option 'listen' has no value",
                "log-files = 0           | 1: Invalid value for option '--log-files': '0' is not from 1 to 20",
                "log-file-size = 3       | 1: Invalid value for option '--log-file-size': '3' is no size",
                "open-files = many       | 1: Invalid value for option '--open-files': 'many' is not an int",
                "verbose = perhaps       | 1: Invalid value for option '--verbose': 'perhaps' is not a boolean"
            })
    void shouldTellMistakesWithTheirLine(final String line, final String message) throws IOException {
        final Path file = file(line + "\n");
        assertThatThrownBy(() -> expand("serve", "--config", file.toString()))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageStartingWith(file + ":" + message);
    }

    @Test
    void shouldTellThatAnOptionIsSetTwice() throws IOException {
        final Path file = file("pid-file = /a\n\npid-file = /b\n");
        assertThatThrownBy(() -> expand("daemon", "--config", file.toString()))
                .hasMessage(file + ":3: the option 'pid-file' was set in line 1 already");
    }

    @Test
    void shouldTellWhyItCannotBeRead() throws IOException {
        final String none = directory.resolve("none").toString();
        assertThatThrownBy(() -> expand("daemon", "--config", none))
                .hasMessage("cannot read the configuration file " + none + ": it does not exist");
        final Path latin = Files.write(directory.resolve("latin"), "# \u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> expand("daemon", "--config", latin.toString()))
                .hasMessage("cannot read the configuration file " + latin + ": it is not UTF-8");
        assertThatThrownBy(() -> expand("daemon", "--config"))
                .hasMessageStartingWith("Missing required parameter for option '--config'");
    }

    @Test
    void shouldBeInstalledWithEveryOption() throws IOException {
        for (final String command : List.of("daemon", "serve")) {
            final CommandSpec spec =
                    Transfuse.commandLine().getSubcommands().get(command).getCommandSpec();
            final String text = ConfigurationTemplate.of(spec, List.of("A heading."), Map.of("pid-file", "/p"));
            assertThat(text).startsWith("# A heading.\n").contains("\npid-file = /p\n");
            assertThat(ConfigurationFile.options(spec)).hasSizeGreaterThan(6).allSatisfy(option -> assertThat(text)
                    .containsPattern("(?m)^(# )?" + ConfigurationFile.name(option) + " = .+$"));
            assertThat(text.lines())
                    .allMatch(line -> line.isEmpty() || line.startsWith("#") || line.equals("pid-file = /p"));
            // As it is installed it can be read.
            assertThat(expand(command, "--config", file(text).toString())).contains("--pid-file=/p");
        }
    }
}
