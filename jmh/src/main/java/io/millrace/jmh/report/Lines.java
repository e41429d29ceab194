package io.millrace.jmh.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lines over an axis of decades: percentiles, numbers of connections. The other axis has decades, too, or begins at 0. */
final class Lines {
    private static final int WIDTH = Bars.WIDTH;
    private static final int HEIGHT = 210;
    private static final int LEFT = 44;
    private static final int BOTTOM = 186;
    private static final int TOP = 16;
    private static final int LEGEND_ROW = 16;
    private static final int MARK = 22;
    private static final int STEPS = 4;

    /** A line of so few points shows each, and one point is no line. */
    private static final int MOST_DOTS = 12;

    /**
     * A line.
     *
     * @param name   to show.
     * @param style  number of its colour.
     * @param dashes of it.
     * @param points x and y by turns, x growing.
     */
    record Line(String name, int style, String dashes, List<double[]> points) {}

    /**
     * A mark at an axis.
     *
     * @param at   its place.
     * @param text of it.
     */
    record Tick(double at, String text) {}

    private Lines() {}

    static String svg(
            final String title,
            final String unit,
            final List<Line> lines,
            final List<Tick> ticks,
            final boolean decades,
            final String style) {
        final int height = HEIGHT + lines.size() * LEGEND_ROW;
        final Markup svg = Charts.open(WIDTH, height, title, style);
        final double[] ys = lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(point -> point[1])
                .toArray();
        double least = Double.MAX_VALUE;
        double most = 0;
        for (final double y : ys) {
            least = Math.min(least, y);
            most = Math.max(most, y);
        }
        final List<Tick> levels = decades ? decades(least, most) : steps(most);
        final double low = levels.get(0).at();
        final double high = levels.get(levels.size() - 1).at();
        for (final Tick level : levels) {
            final String y = Charts.number(y(level.at(), low, high, decades));
            svg.leaf("line", "x1", LEFT, "x2", WIDTH, "y1", y, "y2", y, "class", "grid");
            svg.text("text", level.text(), "x", LEFT - 6, "y", y, "dy", 4, "text-anchor", "end", "class", "soft");
        }
        svg.text("text", unit, "x", 0, "y", 9, "class", "soft");
        final double first = ticks.get(0).at();
        final double last = ticks.get(ticks.size() - 1).at();
        for (int i = 0; i < ticks.size(); i++) {
            final Tick tick = ticks.get(i);
            final String x = Charts.number(x(tick.at(), first, last));
            svg.leaf("line", "x1", x, "x2", x, "y1", TOP, "y2", BOTTOM, "class", "grid");
            final String anchor = i == ticks.size() - 1 ? "end" : i == 0 ? "start" : "middle";
            svg.text("text", tick.text(), "x", x, "y", BOTTOM + 15, "text-anchor", anchor, "class", "soft");
        }
        int legend = HEIGHT + 8;
        for (final Line line : lines) {
            final String points = line.points().stream()
                    .map(point -> Charts.number(x(point[0], first, last)) + ","
                            + Charts.number(y(point[1], low, high, decades)))
                    .collect(Collectors.joining(" "));
            svg.leaf(
                    "polyline",
                    "points",
                    points,
                    "class",
                    "line l" + line.style(),
                    "stroke-dasharray",
                    line.dashes().isEmpty() ? "none" : line.dashes());
            if (line.points().size() <= MOST_DOTS) {
                line.points()
                        .forEach(point -> svg.leaf(
                                "circle",
                                "cx",
                                Charts.number(x(point[0], first, last)),
                                "cy",
                                Charts.number(y(point[1], low, high, decades)),
                                "r",
                                3,
                                "class",
                                "c" + line.style()));
            }
            svg.leaf(
                    "line",
                    "x1",
                    LEFT,
                    "x2",
                    LEFT + MARK,
                    "y1",
                    legend,
                    "y2",
                    legend,
                    "class",
                    "line l" + line.style(),
                    "stroke-dasharray",
                    line.dashes().isEmpty() ? "none" : line.dashes());
            svg.text("text", line.name(), "x", LEFT + MARK + 6, "y", legend + 4);
            svg.line();
            legend += LEGEND_ROW;
        }
        return svg.close().toString();
    }

    private static double x(final double at, final double first, final double last) {
        final double part = last == first ? 0.5 : Math.log(at / first) / Math.log(last / first);
        return LEFT + part * (WIDTH - LEFT);
    }

    private static double y(final double at, final double low, final double high, final boolean decades) {
        final double part = decades ? Math.log(at / low) / Math.log(high / low) : (at - low) / (high - low);
        return BOTTOM - part * (BOTTOM - TOP);
    }

    private static List<Tick> decades(final double least, final double most) {
        final List<Tick> levels = new ArrayList<>();
        final double from = Math.floor(Math.log10(Math.max(least, 1e-3)));
        final double to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(most, 1e-3))));
        for (double exponent = from; exponent <= to; exponent++) {
            final double level = Math.pow(10, exponent);
            levels.add(new Tick(level, level >= 1 ? Figures.atAxis(level) : Figures.of(level)));
        }
        return levels;
    }

    private static List<Tick> steps(final double most) {
        final double rough = Math.max(most, 1e-9) / STEPS;
        final double decade = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = decade * 10;
        for (final double factor : new double[] {1, 2, 2.5, 5}) {
            if (decade * factor >= rough) {
                step = decade * factor;
                break;
            }
        }
        final List<Tick> levels = new ArrayList<>();
        for (int i = 0; i <= STEPS; i++) {
            levels.add(new Tick(i * step, i == 0 ? "0" : Figures.of(i * step)));
        }
        return levels;
    }
}
