package io.transfuse.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * Every measurement, in nanoseconds, and what is derived from them.
 *
 * @param <R> what is measured
 */
final class Results<R extends Row> {
    private final List<R> rows;
    private final List<Contender> contenders;
    private final Map<R, Map<Contender, List<Double>>> measured = new LinkedHashMap<>();
    private final Map<R, Map<Contender, String>> failures = new LinkedHashMap<>();

    Results(final List<R> rows, final List<Contender> contenders) {
        this.rows = List.copyOf(rows);
        this.contenders = List.copyOf(contenders);
        for (final R row : rows) {
            final Map<Contender, List<Double>> cells = new EnumMap<>(Contender.class);
            contenders.forEach(contender -> cells.put(contender, new ArrayList<>()));
            measured.put(row, cells);
            failures.put(row, new EnumMap<>(Contender.class));
        }
    }

    List<R> rows() {
        return rows;
    }

    List<Contender> contenders() {
        return contenders;
    }

    void add(final R row, final Contender contender, final double nanoseconds) {
        measured.get(row).get(contender).add(nanoseconds);
    }

    /** Says that the contender could not do it, or did it wrong. It has no result then; the first reason is kept. */
    void fail(final R row, final Contender contender, final String reason) {
        failures.get(row).putIfAbsent(contender, reason);
    }

    Optional<String> failure(final R row, final Contender contender) {
        return Optional.ofNullable(failures.get(row).get(contender));
    }

    /** All that was measured, in order. */
    List<Double> measured(final R row, final Contender contender) {
        return Collections.unmodifiableList(measured.get(row).get(contender));
    }

    /** The median of what was measured; not a number if nothing was or the contender failed. */
    double median(final R row, final Contender contender) {
        final double[] sorted = measured(row, contender).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        if (sorted.length == 0 || failure(row, contender).isPresent()) {
            return Double.NaN;
        }
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The time of one as a multiple of the time of the other: above 1 if it is slower. Of the medians; not a number if
     * either has none.
     */
    double ratio(final R row, final Contender contender, final Contender base) {
        return median(row, contender) / median(row, base);
    }

    /** The geometric mean of the ratios over the rows chosen; empty if none is, not a number if a ratio is not. */
    OptionalDouble meanRatio(final Contender contender, final Contender base, final Predicate<R> chosen) {
        return rows.stream().filter(chosen).mapToDouble(row -> Math.log(ratio(row, contender, base))).average().stream()
                .map(Math::exp)
                .findFirst();
    }
}
