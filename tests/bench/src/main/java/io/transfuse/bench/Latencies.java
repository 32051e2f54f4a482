package io.transfuse.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** How long it took, for each file system, from a save on the host until a program of the guest was told of it. */
final class Latencies {
    private static final int DIGITS = 3;

    private final Map<Contender, Histogram> histograms = new LinkedHashMap<>();

    Latencies(final List<Contender> contenders) {
        contenders.forEach(contender -> histograms.put(contender, new Histogram(DIGITS)));
    }

    /** Notes one time, in nanoseconds. */
    void add(final Contender contender, final long nanos) {
        histograms.get(contender).recordValue(Math.max(0, nanos));
    }

    /** For people, at the terminal; times in milliseconds. */
    String table() {
        final StringBuilder out = new StringBuilder("From the host's close until inotify told the guest, in ms\n");
        out.append(String.format(
                "%-18s %8s %9s %9s %9s %9s %9s%n", "system", "saves", "p50", "p90", "p99", "p99.9", "max"));
        histograms.forEach((contender, histogram) -> out.append(String.format(
                Locale.ROOT,
                "%-18s %8d %9.3f %9.3f %9.3f %9.3f %9.3f%n",
                contender.id(),
                histogram.getTotalCount(),
                Percentiles.millis(histogram.getValueAtPercentile(50)),
                Percentiles.millis(histogram.getValueAtPercentile(90)),
                Percentiles.millis(histogram.getValueAtPercentile(99)),
                Percentiles.millis(histogram.getValueAtPercentile(99.9)),
                Percentiles.millis(histogram.getMaxValue()))));
        return out.toString();
    }

    /** For programs; times in nanoseconds. */
    Map<String, Object> fields() {
        final Map<String, Object> fields = new LinkedHashMap<>();
        histograms.forEach(
                (contender, histogram) -> fields.put(contender.id(), Percentiles.fields("saves", histogram)));
        return fields;
    }
}
