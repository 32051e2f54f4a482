package io.transfuse.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;

/** The results for people. */
final class Table {
    private final Results results;
    private final StringBuilder out = new StringBuilder();

    private Table(final Results results) {
        this.results = results;
    }

    static String of(final Results results) {
        return new Table(results).render();
    }

    private String render() {
        title("Medians", results.contenders());
        rows(results.contenders(), (one, contender) -> one.workload().inUnit(results.median(one, contender)));
        ratios(Contender.NATIVE, "Time as a multiple of the native directory's (1 = as fast)");
        ratios(Contender.TRANSFUSE, "Time as a multiple of Transfuse's (above 1: Transfuse is faster)");
        return out.toString();
    }

    private void ratios(final Contender base, final String title) {
        if (!results.contenders().contains(base)) {
            return;
        }
        final List<Contender> others = results.contenders().stream()
                .filter(contender -> contender != base && (base == Contender.NATIVE || contender != Contender.NATIVE))
                .toList();
        if (others.isEmpty()) {
            return;
        }
        out.append('\n');
        title(title, others);
        rows(others, (one, contender) -> results.ratio(one, contender, base));
        for (final int callers :
                results.cases().stream().map(Case::callers).distinct().sorted().toList()) {
            mean("geometric mean", String.valueOf(callers), others, base, one -> one.callers() == callers);
        }
        mean("geometric mean", "all", others, base, one -> true);
    }

    private void title(final String title, final List<Contender> columns) {
        out.append(title).append('\n');
        label("case", "callers", "");
        for (final Contender contender : columns) {
            out.append(String.format("%15s", contender.id()));
        }
        out.append('\n');
    }

    private void rows(final List<Contender> columns, final ToDoubleBiFunction<Case, Contender> cell) {
        final boolean medians = columns.equals(results.contenders());
        for (final Case one : results.cases()) {
            label(
                    one.workload().title(),
                    String.valueOf(one.callers()),
                    medians ? one.workload().unit() : "");
            columns.forEach(contender -> number(cell.applyAsDouble(one, contender)));
            out.append('\n');
        }
    }

    private void mean(
            final String name,
            final String callers,
            final List<Contender> columns,
            final Contender base,
            final Predicate<Case> chosen) {
        label(name, callers, "");
        for (final Contender contender : columns) {
            final OptionalDouble mean = results.meanRatio(contender, base, chosen);
            mean.ifPresent(this::number);
        }
        out.append('\n');
    }

    private void label(final String name, final String callers, final String unit) {
        out.append(String.format("%-26s %7s  %-8s", name, callers, unit));
    }

    private void number(final double value) {
        out.append(String.format(Locale.ROOT, value >= 1000 ? "%15.0f" : "%15.2f", value));
    }
}
