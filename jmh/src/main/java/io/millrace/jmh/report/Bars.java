package io.millrace.jmh.report;

import java.util.List;

/** Horizontal bars with their values, and the least and the most as a whisker. */
final class Bars {
    static final int WIDTH = 380;
    private static final int ROW = 34;
    private static final int LABEL_Y = 12;
    private static final int BAR_Y = 17;
    private static final int BAR = 11;
    private static final int LEGEND = 14;

    /**
     * One bar.
     *
     * @param name  to show.
     * @param style class of its colour.
     * @param value its length.
     * @param least of the values.
     * @param most  of the values.
     * @param ours  printed bold.
     */
    record Bar(String name, String style, double value, double least, double most, boolean ours) {}

    private Bars() {}

    static String svg(final String title, final String unit, final List<Bar> bars, final String style) {
        final double longest = bars.stream().mapToDouble(Bar::most).max().orElse(1);
        final int height = bars.size() * ROW + LEGEND;
        final Markup svg = Charts.open(WIDTH, height, title, style);
        int y = 0;
        for (final Bar bar : bars) {
            final String weight = bar.ours() ? "strong" : "soft";
            svg.text("text", bar.name(), "x", 0, "y", y + LABEL_Y, "class", weight);
            svg.text(
                    "text",
                    Figures.of(bar.value()),
                    "x",
                    WIDTH,
                    "y",
                    y + LABEL_Y,
                    "text-anchor",
                    "end",
                    "class",
                    bar.ours() ? "strong" : "");
            final double width = Math.max(1, bar.value() / longest * WIDTH);
            svg.leaf(
                    "rect",
                    "x",
                    0,
                    "y",
                    y + BAR_Y,
                    "width",
                    Charts.number(width),
                    "height",
                    BAR,
                    "rx",
                    2,
                    "class",
                    bar.style());
            if (bar.most() > bar.least()) {
                final int middle = y + BAR_Y + BAR / 2;
                final String from = Charts.number(bar.least() / longest * WIDTH);
                final String to = Charts.number(bar.most() / longest * WIDTH);
                svg.leaf("line", "x1", from, "x2", to, "y1", middle, "y2", middle, "class", "whisker");
            }
            svg.line();
            y += ROW;
        }
        svg.text("text", unit, "x", WIDTH, "y", height - 2, "text-anchor", "end", "class", "soft");
        return svg.close().toString();
    }
}
