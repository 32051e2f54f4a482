package io.transfuse.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The results for programs; tests/bench/README.md describes the format. */
final class BenchFile {
    private static final int FORMAT = 1;

    private BenchFile() {}

    /**
     * Writes the file, and the directories above it.
     *
     * @param facts come first, as they are; what follows is derived from the results
     * @param measurements the name of the list of everything that was measured of a row
     */
    static <R extends Row> void write(
            final Path file, final Map<String, Object> facts, final Results<R> results, final String measurements)
            throws IOException {
        final Map<String, Object> derived = new LinkedHashMap<>();
        final List<Object> rows = new ArrayList<>();
        results.rows().forEach(row -> rows.add(describe(row, results, measurements)));
        derived.put("cases", rows);
        final Map<String, Object> means = new LinkedHashMap<>();
        for (final Contender base : List.of(Contender.NATIVE, Contender.TRANSFUSE)) {
            if (results.contenders().contains(base)) {
                means.put(base.id(), each(results, contender -> results.meanRatio(contender, base, row -> true)
                        .orElse(Double.NaN)));
            }
        }
        derived.put("geometricMeanOfTimeRelativeTo", means);
        write(file, facts, derived);
    }

    /**
     * Writes the file, and the directories above it.
     *
     * @param facts come first
     * @param results what was measured, by the names of the format
     */
    static void write(final Path file, final Map<String, Object> facts, final Map<String, Object> results)
            throws IOException {
        final Map<String, Object> root = new LinkedHashMap<>();
        root.put("format", FORMAT);
        root.putAll(facts);
        root.putAll(results);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(
                file,
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(root));
    }

    private static <R extends Row> Map<String, Object> describe(
            final R row, final Results<R> results, final String measurements) {
        final Map<String, Object> described = new LinkedHashMap<>(row.fields());
        described.put("median", each(results, contender -> row.inUnit(results.median(row, contender))));
        for (final Contender base : List.of(Contender.NATIVE, Contender.TRANSFUSE)) {
            if (results.contenders().contains(base)) {
                described.put(
                        base == Contender.NATIVE ? "timeRelativeToNative" : "timeRelativeToTransfuse",
                        each(results, contender -> results.ratio(row, contender, base)));
            }
        }
        final Map<String, Object> measured = new LinkedHashMap<>();
        final Map<String, String> failed = new LinkedHashMap<>();
        for (final Contender contender : results.contenders()) {
            measured.put(contender.id(), results.measured(row, contender));
            results.failure(row, contender).ifPresent(reason -> failed.put(contender.id(), reason));
        }
        described.put(measurements, measured);
        if (!failed.isEmpty()) {
            described.put("failed", failed);
        }
        return described;
    }

    /** Null stands for what is not a number, which JSON has no word for. */
    private static <R extends Row> Map<String, Double> each(
            final Results<R> results, final ToDoubleFunction<Contender> value) {
        final Map<String, Double> values = new LinkedHashMap<>();
        for (final Contender contender : results.contenders()) {
            final double number = value.applyAsDouble(contender);
            values.put(contender.id(), Double.isNaN(number) ? null : Double.valueOf(number));
        }
        return values;
    }
}
