package io.transfuse.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsTest {
    private static final Case STAT = new Case(Workload.STAT, 1);
    private static final Case READ = new Case(Workload.SEQ_READ, 8);

    private Results<Case> results;

    @BeforeEach
    void measure() {
        results = new Results<>(List.of(STAT, READ), List.of(Contender.NATIVE, Contender.TRANSFUSE, Contender.SSHFS));
        rounds(STAT, Contender.NATIVE, 3_000, 1_000, 2_000);
        rounds(STAT, Contender.TRANSFUSE, 8_000, 8_000, 9_000_000);
        rounds(STAT, Contender.SSHFS, 16_000, 16_000, 16_000);
        rounds(READ, Contender.NATIVE, 1_000_000);
        rounds(READ, Contender.TRANSFUSE, 1_000_000);
        rounds(READ, Contender.SSHFS, 8_000_000);
    }

    private void rounds(final Case one, final Contender contender, final double... nanos) {
        for (final double each : nanos) {
            results.add(one, contender, each);
        }
    }

    @Test
    void shouldTakeTheMiddleOfAnOddNumberOfRounds() {
        assertThat(results.median(STAT, Contender.NATIVE)).isEqualTo(2_000);
        assertThat(results.median(STAT, Contender.TRANSFUSE)).isEqualTo(8_000);
    }

    @Test
    void shouldTakeTheMeanOfTheTwoMiddleOnesOfAnEvenNumber() {
        rounds(STAT, Contender.NATIVE, 5_000);
        assertThat(results.median(STAT, Contender.NATIVE)).isEqualTo(2_500);
    }

    @Test
    void shouldDivideMedians() {
        assertThat(results.ratio(STAT, Contender.TRANSFUSE, Contender.NATIVE)).isEqualTo(4);
        assertThat(results.ratio(STAT, Contender.SSHFS, Contender.TRANSFUSE)).isEqualTo(2);
    }

    @Test
    void shouldTakeTheGeometricMeanOfRatios() {
        // 2 and 8
        assertThat(results.meanRatio(Contender.SSHFS, Contender.TRANSFUSE, one -> true)
                        .orElseThrow())
                .isCloseTo(4, within(1e-9));
        assertThat(results.meanRatio(Contender.SSHFS, Contender.TRANSFUSE, one -> one.callers() == 8)
                        .orElseThrow())
                .isCloseTo(8, within(1e-9));
        assertThat(results.meanRatio(Contender.SSHFS, Contender.TRANSFUSE, one -> false))
                .isEmpty();
    }

    @Test
    void shouldHaveNoNumberForWhatFailed(@TempDir final Path directory) throws IOException {
        results.fail(READ, Contender.SSHFS, "it was \"wrong\"");
        results.fail(READ, Contender.SSHFS, "and later, too");

        assertThat(results.failure(READ, Contender.SSHFS)).hasValue("it was \"wrong\"");
        assertThat(results.median(READ, Contender.SSHFS)).isNaN();
        assertThat(Table.of(results, "callers").lines().map(line -> line.trim().replaceAll(" +", " ")))
                .contains("sequential read 8 MB/s 1049 1049 failed", "geometric mean 1 4.00 8.00")
                .contains("geometric mean 8 1.00 -", "geometric mean all 2.00 -");

        final Path file = directory.resolve("bench.json");
        BenchFile.write(file, Map.of(), results, "nanosecondsPerOperation");
        final JsonNode read =
                new ObjectMapper().readTree(file.toFile()).path("cases").path(1);
        assertThat(read.path("median").path("sshfs").isNull()).isTrue();
        assertThat(read.path("failed").path("sshfs").asText()).isEqualTo("it was \"wrong\"");
    }

    @Test
    void shouldHaveNoNumberForWhatWasNotMeasured() {
        final Results<Case> empty = new Results<>(List.of(STAT), List.of(Contender.NATIVE));
        assertThat(empty.median(STAT, Contender.NATIVE)).isNaN();
        assertThat(Table.of(empty, "callers").trim()).endsWith("-");
    }

    @Test
    void shouldConvertToTheUnitOfTheWorkload() {
        assertThat(Workload.STAT.inUnit(2_500)).isEqualTo(2.5);
        // 1 MiB in 1 ms
        assertThat(Workload.SEQ_READ.inUnit(1_000_000)).isCloseTo(1048.576, within(1e-9));
    }

    @Test
    void shouldPrintMediansAndRatios() {
        assertThat(Table.of(results, "callers").lines().map(line -> line.trim().replaceAll(" +", " ")))
                .containsExactly(
                        "Medians",
                        "case callers native transfuse sshfs",
                        "stat 1 us/op 2.00 8.00 16.00",
                        "sequential read 8 MB/s 1049 1049 131.07",
                        "",
                        "Time as a multiple of the native directory's (1 = as fast)",
                        "case callers transfuse sshfs",
                        "stat 1 4.00 8.00",
                        "sequential read 8 1.00 8.00",
                        "geometric mean 1 4.00 8.00",
                        "geometric mean 8 1.00 8.00",
                        "geometric mean all 2.00 8.00",
                        "",
                        "Time as a multiple of Transfuse's in mode consistent (above 1: slower than that)",
                        "case callers sshfs",
                        "stat 1 2.00",
                        "sequential read 8 8.00",
                        "geometric mean 1 2.00",
                        "geometric mean 8 8.00",
                        "geometric mean all 4.00");
    }

    @Test
    void shouldPrintMediansAloneWithoutAnythingToCompareWith() {
        final Results<Case> alone = new Results<>(List.of(STAT), List.of(Contender.SSHFS));
        alone.add(STAT, Contender.SSHFS, 1_000);
        assertThat(Table.of(alone, "callers")).startsWith("Medians").doesNotContain("multiple");
    }

    @Test
    void shouldWriteAFileThatHoldsEveryRound(@TempDir final Path directory) throws IOException {
        final Path file = directory.resolve("not/there/yet.json");
        BenchFile.write(file, Map.of("started", "2026-01-01T00:00:00Z"), results, "nanosecondsPerOperation");

        final JsonNode root = new ObjectMapper().readTree(file.toFile());
        assertThat(root.path("format").asInt()).isEqualTo(1);
        assertThat(root.path("started").asText()).isEqualTo("2026-01-01T00:00:00Z");
        final JsonNode stat = root.path("cases").path(0);
        assertThat(stat.path("workload").asText()).isEqualTo("stat");
        assertThat(stat.path("median").path("transfuse").asDouble()).isEqualTo(8);
        assertThat(stat.path("timeRelativeToNative").path("transfuse").asDouble())
                .isEqualTo(4);
        assertThat(stat.path("nanosecondsPerOperation").path("transfuse")).hasSize(3);
        assertThat(root.path("geometricMeanOfTimeRelativeTo")
                        .path("transfuse")
                        .path("sshfs")
                        .asDouble())
                .isCloseTo(4, within(1e-9));
    }
}
