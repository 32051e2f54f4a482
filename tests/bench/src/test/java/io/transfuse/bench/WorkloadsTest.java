package io.transfuse.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import picocli.CommandLine;

final class WorkloadsTest {
    private static final Step FIRST = new Step(Application.RAKE, Step.Turn.FIRST);
    private static final Step REPEATED = new Step(Application.RAKE, Step.Turn.REPEATED);

    private Results<Step> results;

    @BeforeEach
    void measure() {
        results = new Results<>(
                List.of(FIRST, REPEATED), List.of(Contender.NATIVE, Contender.TRANSFUSE, Contender.BINDFS));
        results.add(FIRST, Contender.NATIVE, 200e6);
        results.add(REPEATED, Contender.NATIVE, 90e6);
        results.add(REPEATED, Contender.NATIVE, 110e6);
        results.add(FIRST, Contender.TRANSFUSE, 800e6);
        results.add(REPEATED, Contender.TRANSFUSE, 400e6);
        results.add(FIRST, Contender.BINDFS, 400e6);
        results.add(REPEATED, Contender.BINDFS, 100e6);
    }

    @Test
    void shouldPrintMillisecondsAndRatios() {
        assertThat(Table.of(results, "run").lines().map(line -> line.trim().replaceAll(" +", " ")))
                .contains(
                        "case run native transfuse bindfs",
                        "rake first ms 200.00 800.00 400.00",
                        "rake repeated ms 100.00 400.00 100.00",
                        "rake first 4.00 2.00",
                        "geometric mean first 4.00 2.00",
                        "rake repeated 0.25");
    }

    @Test
    void shouldDrawBarsAsLongAsTheTimes() {
        final String report = Report.of(results, Map.of());

        final List<Double> widths = new ArrayList<>();
        final Matcher bars = Pattern.compile("<rect [^>]*width=\"([0-9.]+)\"").matcher(report);
        while (bars.find()) {
            widths.add(Double.valueOf(bars.group(1)));
        }
        assertThat(widths).hasSize(6);
        assertThat(widths.get(2)).isCloseTo(4 * widths.get(0), within(0.1));
        assertThat(widths.get(5)).isCloseTo(widths.get(1), within(0.1));
        assertThat(report).contains("800 ms · 4.00×", "100 ms · 1.00×").doesNotContain("<script");
    }

    @Test
    void shouldDrawAChartForEachWorkload() {
        final Step other = new Step(Application.SYMFONY, Step.Turn.FIRST);
        final Results<Step> two = new Results<>(List.of(FIRST, other), List.of(Contender.NATIVE));
        two.add(FIRST, Contender.NATIVE, 1e6);
        two.add(other, Contender.NATIVE, 1e6);

        assertThat(Report.of(two, Map.of()).split("<svg ", -1)).hasSize(3);
    }

    @Test
    void shouldSayWhatFailedAndWhy() {
        results.fail(FIRST, Contender.BINDFS, "printed <nothing> & \"ended\"");

        final String report = Report.of(results, Map.of());

        assertThat(report).contains(">failed</text>", "printed &lt;nothing&gt; &amp; &quot;ended&quot;");
        assertThat(Table.of(results, "run")).contains("failed");
    }

    @Test
    void shouldSayWhatWasNotMeasured() {
        final Results<Step> empty = new Results<>(List.of(FIRST), List.of(Contender.BINDFS));
        assertThat(Report.of(empty, Map.of())).contains(">not measured</text>").doesNotContain("NaN");
    }

    @Test
    void shouldMakeAWellFormedPage() throws ParserConfigurationException, IOException, SAXException {
        results.fail(FIRST, Contender.BINDFS, "<");
        final String report =
                Report.of(results, Map.of("rounds", 1, "machine", Map.of("kernel", "6 & <more>"), "started", "now"));

        assertThat(report).contains("<th>machine: kernel</th><td>6 &amp; &lt;more&gt;</td>");
        final String xml = report.replace("<!DOCTYPE html>\n", "").replaceAll("<meta ([^>]*)>", "<meta $1/>");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    @ParameterizedTest
    @CsvSource({"1, 0.2", "1.1, 0.5", "80, 20", "99, 20", "100, 20", "110, 50", "4200, 1000", "7, 2", "0.03, 0.01"})
    void shouldMarkTheAxisAtRoundNumbers(final double longest, final double expected) {
        assertThat(Report.tick(longest)).isCloseTo(expected, within(expected / 1000));
    }

    @Test
    void shouldSeparateThePageFromItsTime() {
        assertThat(Application.finished("<p>\n</p>\n\n0.012345"))
                .isEqualTo(new Commands.Finished("<p>\n</p>\n", 12_345_000));
        assertThat(Application.finished("0,5")).isEqualTo(new Commands.Finished("", 500_000_000));
    }

    @Test
    void shouldLetEachBeFirst() {
        final Set<Contender> first = new HashSet<>();
        for (int round = 0; round < Contender.CACHING.size(); round++) {
            final List<Contender> order = Bench.order(Contender.CACHING, round, 0);
            assertThat(order).containsExactlyInAnyOrderElementsOf(Contender.CACHING);
            first.add(order.get(0));
        }
        assertThat(first.size()).isGreaterThan(1);
        final Set<Contender> inOneRound = new HashSet<>();
        for (int turn = 0; turn < Contender.CACHING.size(); turn++) {
            inOneRound.add(Bench.order(Contender.CACHING, 0, turn).get(0));
        }
        assertThat(inOneRound).hasSameSizeAs(Contender.CACHING);
    }

    @Test
    void shouldHaveDistinctNamesInEachBenchmark() {
        assertThat(Contender.CACHING).extracting(Contender::id).doesNotHaveDuplicates();
        assertThat(Contender.UNCACHED).extracting(Contender::id).doesNotHaveDuplicates();
    }

    @Test
    void shouldCountFilesAndBytes(@TempDir final Path directory) throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve("inner")).resolve("file"), "12345");
        Files.writeString(directory.resolve("other"), "678");
        Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
        assertThat(Tree.read(directory)).isEqualTo(new Tree(2, 8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--only rake,ruby | --only: 'ruby' is not one of go-list, rake, symfony",
                "--systems zfs | --systems: 'zfs' is not one of native, transfuse, transfuse-cached, sshfs, bindfs,",
                "--rounds 0 | --rounds has to be at least 1",
                "--rounds many | Invalid value for option '--rounds'",
                "--quick | Unknown option: '--quick'"
            })
    void shouldRefuseWhatItDoesNotKnow(final String arguments, final String message, @TempDir final Path directory) {
        final List<String> all = new ArrayList<>(List.of(arguments.split(" ")));
        for (final String option : List.of("--transfuse", "--compiled", "--work", "--workloads")) {
            all.addAll(List.of(option, directory.toString()));
        }
        final StringWriter errors = new StringWriter();
        final CommandLine commandLine = Bench.commandLine(new WorkloadsBench()).setErr(new PrintWriter(errors));

        assertThat(commandLine.execute(all.toArray(String[]::new))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains(message);
        assertThat(directory).isEmptyDirectory();
    }
}
