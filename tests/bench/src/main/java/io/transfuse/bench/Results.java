package io.transfuse.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** Every measurement, in nanoseconds an operation, and what is derived from them. */
final class Results {
    private final List<Case> cases;
    private final List<Contender> contenders;
    private final Map<Case, Map<Contender, List<Double>>> measured = new LinkedHashMap<>();

    Results(final List<Case> cases, final List<Contender> contenders) {
        this.cases = List.copyOf(cases);
        this.contenders = List.copyOf(contenders);
        for (final Case one : cases) {
            final Map<Contender, List<Double>> row = new EnumMap<>(Contender.class);
            contenders.forEach(contender -> row.put(contender, new ArrayList<>()));
            measured.put(one, row);
        }
    }

    List<Case> cases() {
        return cases;
    }

    List<Contender> contenders() {
        return contenders;
    }

    void add(final Case one, final Contender contender, final double nanosPerOperation) {
        measured.get(one).get(contender).add(nanosPerOperation);
    }

    /** The rounds, in the order in which they were measured. */
    List<Double> rounds(final Case one, final Contender contender) {
        return Collections.unmodifiableList(measured.get(one).get(contender));
    }

    double median(final Case one, final Contender contender) {
        final double[] sorted = rounds(one, contender).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The time of one as a multiple of the time of the other: above 1 if it is slower. Of the medians. */
    double ratio(final Case one, final Contender contender, final Contender base) {
        return median(one, contender) / median(one, base);
    }

    /** The geometric mean of the ratios over the cases chosen; empty if none is. */
    OptionalDouble meanRatio(final Contender contender, final Contender base, final Predicate<Case> chosen) {
        return cases.stream()
                .filter(chosen)
                .mapToDouble(one -> Math.log(ratio(one, contender, base)))
                .average()
                .stream()
                .map(Math::exp)
                .findFirst();
    }
}
