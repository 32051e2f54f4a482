package io.transfuse.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What is told of times that were noted in nanoseconds. */
final class Percentiles {
    private Percentiles() {}

    static double millis(final long nanos) {
        return nanos / 1e6;
    }

    /**
     * For programs; times in nanoseconds.
     *
     * @param counted the name of how many there are
     */
    static Map<String, Object> fields(final String counted, final Histogram histogram) {
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(counted, histogram.getTotalCount());
        fields.put("p50", histogram.getValueAtPercentile(50));
        fields.put("p90", histogram.getValueAtPercentile(90));
        fields.put("p99", histogram.getValueAtPercentile(99));
        fields.put("p99.9", histogram.getValueAtPercentile(99.9));
        fields.put("max", histogram.getMaxValue());
        fields.put("mean", histogram.getMean());
        return fields;
    }
}
