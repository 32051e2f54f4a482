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

    /** The facts come first, as they are; what follows is derived from the results. */
    static void write(final Path file, final Map<String, Object> facts, final Results results) throws IOException {
        final Map<String, Object> root = new LinkedHashMap<>();
        root.put("format", FORMAT);
        root.putAll(facts);
        final List<Object> cases = new ArrayList<>();
        results.cases().forEach(one -> cases.add(describe(one, results)));
        root.put("cases", cases);
        final Map<String, Object> means = new LinkedHashMap<>();
        for (final Contender base : List.of(Contender.NATIVE, Contender.TRANSFUSE)) {
            if (results.contenders().contains(base)) {
                means.put(base.id(), each(results, contender -> results.meanRatio(contender, base, one -> true)
                        .orElse(Double.NaN)));
            }
        }
        root.put("geometricMeanOfTimeRelativeTo", means);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(
                file,
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(root));
    }

    private static Map<String, Object> describe(final Case one, final Results results) {
        final Workload workload = one.workload();
        final Map<String, Object> row = new LinkedHashMap<>();
        row.put("workload", workload.id());
        row.put("callers", one.callers());
        row.put("unit", workload.unit());
        row.put("median", each(results, contender -> workload.inUnit(results.median(one, contender))));
        for (final Contender base : List.of(Contender.NATIVE, Contender.TRANSFUSE)) {
            if (results.contenders().contains(base)) {
                row.put(
                        base == Contender.NATIVE ? "timeRelativeToNative" : "timeRelativeToTransfuse",
                        each(results, contender -> results.ratio(one, contender, base)));
            }
        }
        final Map<String, Object> rounds = new LinkedHashMap<>();
        results.contenders().forEach(contender -> rounds.put(contender.id(), results.rounds(one, contender)));
        row.put("nanosecondsPerOperation", rounds);
        return row;
    }

    private static Map<String, Double> each(final Results results, final ToDoubleFunction<Contender> value) {
        final Map<String, Double> values = new LinkedHashMap<>();
        results.contenders().forEach(contender -> values.put(contender.id(), value.applyAsDouble(contender)));
        return values;
    }
}
