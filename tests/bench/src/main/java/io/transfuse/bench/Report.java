package io.transfuse.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The workloads' results as a page: a bar chart for each, the figures, and where they come from. It needs nothing else. */
final class Report {
    private static final int LABELS = 190;
    private static final int BARS = 400;
    private static final int VALUES = 150;
    private static final int WIDTH = LABELS + BARS + VALUES;
    private static final int BAR = 14;
    private static final int BETWEEN_BARS = 2;
    private static final int BETWEEN_GROUPS = 16;
    private static final int AXIS = 24;

    private static final String STYLE = """
            :root {
              color-scheme: light dark;
              --page: #fcfcfb; --text: #1a1a19; --faint: #63625e; --line: #e3e2dd;
              --first: #d9822b; --repeated: #2a6fc4;
            }
            @media (prefers-color-scheme: dark) {
              :root {
                --page: #1a1a19; --text: #f2f1ec; --faint: #a9a8a2; --line: #3a3936;
                --first: #e0954a; --repeated: #5b9bea;
              }
            }
            body {
              margin: 2rem auto; max-width: 56rem; padding: 0 1rem;
              background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif;
            }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 0.25rem; }
            p { margin: 0.25rem 0 0.75rem; } .faint { color: var(--faint); }
            svg { display: block; width: 100%; height: auto; }
            svg text { font: 13px system-ui, sans-serif; fill: var(--text); }
            svg .tick { fill: var(--faint); font-size: 12px; }
            svg line { stroke: var(--line); }
            .first { fill: var(--first); } .repeated { fill: var(--repeated); }
            .key { display: inline-block; width: 0.8em; height: 0.8em; margin: 0 0.35em 0 1em; border-radius: 2px; }
            .key:first-child { margin-left: 0; }
            .key.first { background: var(--first); } .key.repeated { background: var(--repeated); }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; font-size: 0.875rem; width: 100%; }
            th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
            th { text-align: left; font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; }
            """;

    private final Results<Step> results;
    private final Map<String, Object> facts;
    private final Set<Application> applications = new LinkedHashSet<>();
    private final StringBuilder out = new StringBuilder();

    private Report(final Results<Step> results, final Map<String, Object> facts) {
        this.results = results;
        this.facts = facts;
        results.rows().forEach(step -> applications.add(step.application()));
    }

    /**
     * The page.
     *
     * @param facts are listed under the charts as they are
     */
    static String of(final Results<Step> results, final Map<String, Object> facts) {
        return new Report(results, facts).render();
    }

    private String render() {
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<title>Workloads on shared directories</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>Workloads on shared directories</h1>\n")
                .append("<p>The time of programs whose files are on each file system: on a fresh mount, and again."
                        + " Medians, and multiples of the native directory's; shorter is better."
                        + " The host has all files in its page cache.</p>\n")
                .append("<p><span class=\"key first\"></span>first run on a fresh mount"
                        + "<span class=\"key repeated\"></span>repeated</p>\n");
        applications.forEach(this::chart);
        figures();
        failures();
        facts();
        return out.append("</body>\n</html>\n").toString();
    }

    private List<Step> steps(final Application application) {
        return results.rows().stream()
                .filter(step -> step.application() == application)
                .toList();
    }

    private void chart(final Application application) {
        final List<Step> steps = steps(application);
        final double longest = steps.stream()
                .flatMap(step -> results.contenders().stream().map(contender -> milliseconds(step, contender)))
                .filter(value -> !value.isNaN())
                .max(Double::compare)
                .orElse(1.0);
        final double tick = tick(longest);
        final double scale = BARS / Math.max(longest, tick);
        final int group = steps.size() * (BAR + BETWEEN_BARS) + BETWEEN_GROUPS;
        final int bottom = results.contenders().size() * group;

        out.append("<h2>").append(escaped(application.title())).append("</h2>\n");
        out.append(String.format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s, milliseconds\">%n",
                WIDTH, bottom + AXIS, escaped(application.title())));
        for (double at = 0; at <= longest * 1.0001; at += tick) {
            final double x = LABELS + at * scale;
            out.append(
                    String.format(Locale.ROOT, "<line x1=\"%.1f\" y1=\"0\" x2=\"%.1f\" y2=\"%d\"/>%n", x, x, bottom));
            out.append(String.format(
                    Locale.ROOT,
                    "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    x,
                    bottom + 16,
                    number(at)));
        }
        out.append(String.format(
                "<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"end\">ms</text>%n", WIDTH, bottom + 16));
        int top = 0;
        for (final Contender contender : results.contenders()) {
            out.append(String.format(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                    LABELS - 10, top + (group + BETWEEN_BARS) / 2 + 4, escaped(contender.title())));
            int y = top + BETWEEN_GROUPS / 2;
            for (final Step step : steps) {
                bar(step, contender, y, scale);
                y += BAR + BETWEEN_BARS;
            }
            top += group;
        }
        out.append("</svg>\n");
    }

    private void bar(final Step step, final Contender contender, final int y, final double scale) {
        final double value = milliseconds(step, contender);
        final double width = Double.isNaN(value) ? 0 : value * scale;
        if (width > 0) {
            out.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\">"
                            + "<title>%s, %s: %s ms</title></rect>%n",
                    step.variant(),
                    LABELS,
                    y,
                    width,
                    BAR,
                    escaped(contender.title()),
                    step.variant(),
                    number(value)));
        }
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
                LABELS + width + 6,
                y + BAR - 3,
                Double.isNaN(value) ? absence(step, contender) : number(value) + " ms" + multiple(step, contender)));
    }

    /** How many times as long as on the directory itself, where that says something. */
    private String multiple(final Step step, final Contender contender) {
        final double ratio = ratio(step, contender, Contender.NATIVE);
        return contender == Contender.NATIVE || Double.isNaN(ratio) ? "" : " · " + times(ratio);
    }

    private void figures() {
        out.append(
                "<h2>The figures</h2>\n<p class=\"faint\">Medians in milliseconds, and as multiples of the native"
                        + " directory's and of Transfuse's in mode consistent.</p>\n<div class=\"wide\"><table>\n<tr><th></th><th></th>");
        for (final String heading :
                List.of("first", "/ native", "/ consistent", "repeated", "/ native", "/ consistent")) {
            out.append("<th class=\"number\">").append(heading).append("</th>");
        }
        out.append("</tr>\n");
        for (final Application application : applications) {
            for (final Contender contender : results.contenders()) {
                out.append("<tr><td>")
                        .append(escaped(application.id()))
                        .append("</td><td>")
                        .append(escaped(contender.title()))
                        .append("</td>");
                for (final Step step : steps(application)) {
                    final double value = milliseconds(step, contender);
                    numberCell(Double.isNaN(value) ? absence(step, contender) : number(value));
                    numberCell(times(ratio(step, contender, Contender.NATIVE)));
                    numberCell(times(ratio(step, contender, Contender.TRANSFUSE)));
                }
                out.append("</tr>\n");
            }
        }
        out.append("</table></div>\n");
    }

    private void numberCell(final String text) {
        out.append("<td class=\"number\">").append(text).append("</td>");
    }

    private void failures() {
        final StringBuilder list = new StringBuilder();
        for (final Step step : results.rows()) {
            for (final Contender contender : results.contenders()) {
                results.failure(step, contender).ifPresent(reason -> list.append("<li>")
                        .append(escaped(
                                step.title() + ", " + step.variant() + ", " + contender.title() + ": " + reason))
                        .append("</li>\n"));
            }
        }
        if (!list.isEmpty()) {
            out.append("<h2>What failed</h2>\n<ul>\n").append(list).append("</ul>\n");
        }
    }

    private void facts() {
        out.append("<h2>Where the figures come from</h2>\n<div class=\"wide\"><table>\n");
        facts.forEach((name, value) -> {
            if (value instanceof Map) {
                ((Map<?, ?>) value).forEach((key, each) -> fact(name + ": " + key, each));
            } else {
                fact(name, value);
            }
        });
        out.append("</table></div>\n");
    }

    private void fact(final String name, final Object value) {
        out.append("<tr><th>")
                .append(escaped(name))
                .append("</th><td>")
                .append(escaped(String.valueOf(value)))
                .append("</td></tr>\n");
    }

    private double milliseconds(final Step step, final Contender contender) {
        return step.inUnit(results.median(step, contender));
    }

    private double ratio(final Step step, final Contender contender, final Contender base) {
        return results.contenders().contains(base) ? results.ratio(step, contender, base) : Double.NaN;
    }

    private String absence(final Step step, final Contender contender) {
        return results.failure(step, contender).isPresent() ? "failed" : "not measured";
    }

    /** The distance of the axis's marks: 1, 2 or 5 times a power of ten, for two to five of them. */
    static double tick(final double longest) {
        final double power = Math.pow(10, Math.floor(Math.log10(longest)));
        for (final double factor : new double[] {0.2, 0.5, 1, 2}) {
            if (longest / (power * factor) <= 5) {
                return power * factor;
            }
        }
        return power * 5;
    }

    private static String times(final double ratio) {
        return Double.isNaN(ratio) ? "–" : String.format(Locale.ROOT, ratio >= 10 ? "%.0f×" : "%.2f×", ratio);
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, value >= 100 || value == Math.rint(value) ? "%.0f" : "%.1f", value);
    }

    private static String escaped(final String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
