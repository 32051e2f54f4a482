package io.transfuse.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;

/**
 * The results for people, at the terminal.
 *
 * @param <R> what is measured
 */
final class Table<R extends Row> {
    private static final int NARROWEST_COLUMN = 15;

    private final Results<R> results;
    private final String variant;
    private final StringBuilder out = new StringBuilder();

    private Table(final Results<R> results, final String variant) {
        this.results = results;
        this.variant = variant;
    }

    /**
     * The table.
     *
     * @param variant the heading of the rows' variants
     */
    static <R extends Row> String of(final Results<R> results, final String variant) {
        return new Table<>(results, variant).render();
    }

    private String render() {
        title("Medians", results.contenders());
        rows(results.contenders(), true, (row, contender) -> row.inUnit(results.median(row, contender)));
        ratios(Contender.NATIVE, "Time as a multiple of the native directory's (1 = as fast)");
        ratios(Contender.TRANSFUSE, "Time as a multiple of Transfuse's in mode consistent (above 1: slower than that)");
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
        rows(others, false, (row, contender) -> results.ratio(row, contender, base));
        for (final String each :
                results.rows().stream().map(Row::variant).distinct().toList()) {
            mean(each, others, base, row -> row.variant().equals(each));
        }
        mean("all", others, base, row -> true);
    }

    private void title(final String title, final List<Contender> columns) {
        out.append(title).append('\n');
        label("case", variant, "");
        columns.forEach(contender -> cell(contender, contender.id()));
        out.append('\n');
    }

    private void rows(
            final List<Contender> columns, final boolean units, final ToDoubleBiFunction<R, Contender> value) {
        for (final R row : results.rows()) {
            label(row.title(), row.variant(), units ? row.unit() : "");
            for (final Contender contender : columns) {
                cell(
                        contender,
                        results.failure(row, contender).isPresent()
                                ? "failed"
                                : number(value.applyAsDouble(row, contender)));
            }
            out.append('\n');
        }
    }

    private void mean(
            final String each, final List<Contender> columns, final Contender base, final Predicate<R> chosen) {
        label("geometric mean", each, "");
        for (final Contender contender : columns) {
            final OptionalDouble mean = results.meanRatio(contender, base, chosen);
            cell(contender, mean.isPresent() ? number(mean.getAsDouble()) : "");
        }
        out.append('\n');
    }

    private void label(final String name, final String which, final String unit) {
        out.append(String.format("%-26s %8s  %-8s", name, which, unit));
    }

    private void cell(final Contender contender, final String text) {
        final int width = Math.max(NARROWEST_COLUMN, contender.id().length() + 2);
        out.append(" ".repeat(Math.max(1, width - text.length()))).append(text);
    }

    private static String number(final double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, value >= 1000 ? "%.0f" : "%.2f", value);
    }
}
