package io.transfuse.bench;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long it took, for each file system and kind of change, until the guest saw what the host had done. */
final class Freshness {
    /** Seen later than this it was not seen in time, in nanoseconds: 99 % have to be. */
    static final long MOSTLY_WITHIN = TimeUnit.MILLISECONDS.toNanos(50);

    /** And this all of them. */
    static final long ALWAYS_WITHIN = TimeUnit.SECONDS.toNanos(1);

    private static final int DIGITS = 3;
    private static final String ALL = "all";

    private final Map<Contender, Map<HostChange, Histogram>> histograms = new EnumMap<>(Contender.class);

    Freshness(final List<Contender> contenders) {
        for (final Contender contender : contenders) {
            final Map<HostChange, Histogram> ofContender = new EnumMap<>(HostChange.class);
            for (final HostChange change : HostChange.values()) {
                ofContender.put(change, new Histogram(DIGITS));
            }
            histograms.put(contender, ofContender);
        }
    }

    /** Notes that a change was seen {@code nanos} after it had been made. */
    void add(final Contender contender, final HostChange change, final long nanos) {
        histograms.get(contender).get(change).recordValue(Math.max(0, nanos));
    }

    private static Histogram all(final Map<HostChange, Histogram> ofContender) {
        final Histogram sum = new Histogram(DIGITS);
        ofContender.values().forEach(sum::add);
        return sum;
    }

    /** How many took longer, as far as the histogram tells times apart: what it holds for the same is not longer. */
    private static long above(final Histogram histogram, final long nanos) {
        return histogram.getTotalCount() == 0
                ? 0
                : histogram.getCountBetweenValues(histogram.nextNonEquivalentValue(nanos), Long.MAX_VALUE);
    }

    /** For people, at the terminal; times in milliseconds. */
    String table() {
        final StringBuilder out = new StringBuilder("From the end of the host's call until the guest saw it, in ms\n");
        out.append(String.format(
                "%-18s %-18s %8s %9s %9s %9s %9s %8s %7s%n",
                "change", "system", "changes", "p50", "p99", "p99.9", "max", ">50 ms", ">1 s"));
        for (final HostChange change : HostChange.values()) {
            histograms.forEach((contender, of) -> row(out, change.title(), contender, of.get(change)));
        }
        histograms.forEach((contender, of) -> row(out, ALL, contender, all(of)));
        return out.toString();
    }

    private static void row(
            final StringBuilder out, final String title, final Contender contender, final Histogram histogram) {
        out.append(String.format(
                Locale.ROOT,
                "%-18s %-18s %8d %9.3f %9.3f %9.3f %9.3f %8d %7d%n",
                title,
                contender.id(),
                histogram.getTotalCount(),
                Percentiles.millis(histogram.getValueAtPercentile(50)),
                Percentiles.millis(histogram.getValueAtPercentile(99)),
                Percentiles.millis(histogram.getValueAtPercentile(99.9)),
                Percentiles.millis(histogram.getMaxValue()),
                above(histogram, MOSTLY_WITHIN),
                above(histogram, ALWAYS_WITHIN)));
    }

    /** For programs; times in nanoseconds. */
    Map<String, Object> fields() {
        final Map<String, Object> fields = new LinkedHashMap<>();
        histograms.forEach((contender, of) -> {
            final Map<String, Object> rows = new LinkedHashMap<>();
            rows.put(ALL, fields(all(of)));
            of.forEach((change, histogram) -> rows.put(change.title(), fields(histogram)));
            fields.put(contender.id(), rows);
        });
        return fields;
    }

    private static Map<String, Object> fields(final Histogram histogram) {
        final Map<String, Object> fields = Percentiles.fields("changes", histogram);
        fields.put("above50ms", above(histogram, MOSTLY_WITHIN));
        fields.put("above1s", above(histogram, ALWAYS_WITHIN));
        return fields;
    }
}
