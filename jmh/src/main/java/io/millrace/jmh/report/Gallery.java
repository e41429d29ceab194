package io.millrace.jmh.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** Draws the plan's charts of what was measured. */
final class Gallery {
    private static final double US = 1e3;
    private static final double HUNDRED = 100;
    private static final double LAST_SHARE = 10_000;
    private static final int POINTS_A_DECADE = 20;
    private static final List<Lines.Tick> PERCENTILES = List.of(
            new Lines.Tick(2, "50 %"),
            new Lines.Tick(10, "90"),
            new Lines.Tick(100, "99"),
            new Lines.Tick(1_000, "99.9"),
            new Lines.Tick(LAST_SHARE, "99.99"));

    private final Plan plan;
    private final RawFolder raw;
    private final Palette palette;

    Gallery(final Plan plan, final RawFolder raw) {
        this.plan = plan;
        this.raw = raw;
        palette = new Palette(List.copyOf(plan.peers().keySet()));
    }

    /** The picture, empty if nothing of it was measured; a style makes it one that can stand alone. */
    Optional<String> draw(final Plan.Chart chart, final String style) throws IOException {
        final List<Series> found = raw.all(chart.benchmark(), chart.params(), chart.metric());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        return switch (chart.kind()) {
            case "bars" -> Optional.of(bars(chart, found, style));
            case "lines" -> Optional.of(lines(chart, found, style));
            case "percentiles" -> percentiles(chart, found, style);
            default -> throw new IllegalArgumentException("no such chart: kind=" + chart.kind());
        };
    }

    private String bars(final Plan.Chart chart, final List<Series> found, final String style) {
        final Comparator<Series> byValue = Comparator.comparingDouble(Series::mean);
        final List<Bars.Bar> bars = found.stream()
                .sorted("less".equals(chart.better()) ? byValue : byValue.reversed())
                .map(series -> new Bars.Bar(
                        plan.nameOf(series.peer()),
                        palette.classOf(series.peer()),
                        series.mean() / chart.scale(),
                        series.least() / chart.scale(),
                        series.most() / chart.scale(),
                        Palette.isOurs(series.peer())))
                .toList();
        return Bars.svg(chart.title(), caption(chart) + "; thin: least to most", bars, style);
    }

    private static String caption(final Plan.Chart chart) {
        return chart.unit() + ("less".equals(chart.better()) ? ", less is better" : ", more is better");
    }

    private String lines(final Plan.Chart chart, final List<Series> found, final String style) {
        final Map<String, List<double[]>> points = new LinkedHashMap<>();
        final List<Double> xs = new ArrayList<>();
        for (final Series series : found) {
            final double x = Double.parseDouble(series.params().get(chart.x()));
            xs.add(x);
            points.computeIfAbsent(series.peer(), any -> new ArrayList<>())
                    .add(new double[] {x, series.mean() / chart.scale()});
        }
        final List<Lines.Tick> ticks = xs.stream()
                .distinct()
                .sorted()
                .map(x -> new Lines.Tick(x, Figures.atAxis(x)))
                .toList();
        points.values().forEach(list -> list.sort(Comparator.comparingDouble(point -> point[0])));
        return Lines.svg(chart.title(), caption(chart), named(points), ticks, "less".equals(chart.better()), style);
    }

    private Optional<String> percentiles(final Plan.Chart chart, final List<Series> found, final String style)
            throws IOException {
        final Map<String, List<double[]>> points = new LinkedHashMap<>();
        for (final Series series : found) {
            final Histogram histogram = raw.histogram(series);
            if (histogram.getTotalCount() == 0) {
                continue;
            }
            final List<double[]> curve = new ArrayList<>();
            final double step = Math.pow(10, 1.0 / POINTS_A_DECADE);
            for (double share = 2; share <= LAST_SHARE * 1.0001; share *= step) {
                curve.add(new double[] {share, histogram.getValueAtPercentile(HUNDRED - HUNDRED / share) / US});
            }
            points.put(series.peer(), curve);
        }
        return points.isEmpty()
                ? Optional.empty()
                : Optional.of(Lines.svg(chart.title(), caption(chart), named(points), PERCENTILES, true, style));
    }

    private List<Lines.Line> named(final Map<String, List<double[]>> points) {
        return points.entrySet().stream()
                .map(entry -> new Lines.Line(
                        plan.nameOf(entry.getKey()),
                        Integer.parseInt(palette.classOf(entry.getKey()).substring(1)),
                        palette.dashesOf(entry.getKey()),
                        entry.getValue()))
                .toList();
    }
}
