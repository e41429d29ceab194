package io.millrace.jmh.report;

import java.util.List;

/** One line a target: where the quotient and its interval lie beside it, on an axis of decades; right is better. */
final class Forest {
    private static final int WIDTH = Bars.WIDTH;
    private static final int ROW = 30;
    private static final int LABEL_Y = 11;
    private static final int LINE_Y = 20;
    private static final int FOOT = 20;
    private static final double LEAST = 0.1;
    private static final double MOST = 10;
    private static final double[] TICKS = {LEAST, 0.2, 0.5, 1, 2, 5, MOST};

    /**
     * A target.
     *
     * @param name  of the work.
     * @param value of its target that was reached: 1 is just enough.
     * @param low   of the interval.
     * @param high  likewise.
     * @param style of the mark.
     */
    record Mark(String name, double value, double low, double high, String style) {
        static Mark of(final Result result) {
            final Plan.Row row = result.row();
            final Ratio ratio = result.ratio().orElseThrow();
            final String name = row.title() + " / " + row.against();
            final String style = Page.style(result.verdict());
            return row.atLeast() != null
                    ? new Mark(
                            name,
                            ratio.value() / row.atLeast(),
                            ratio.low() / row.atLeast(),
                            ratio.high() / row.atLeast(),
                            style)
                    : new Mark(
                            name,
                            row.atMost() / ratio.value(),
                            row.atMost() / ratio.high(),
                            row.atMost() / ratio.low(),
                            style);
        }
    }

    private Forest() {}

    static String svg(final String title, final List<Mark> marks, final String style) {
        final int height = marks.size() * ROW + FOOT;
        final Markup svg = Charts.open(WIDTH, height, title, style);
        for (final double tick : TICKS) {
            final String x = Charts.number(x(tick));
            svg.leaf("line", "x1", x, "x2", x, "y1", 0, "y2", height - FOOT, "class", tick == 1 ? "whisker" : "grid");
            final String anchor = tick == LEAST ? "start" : tick == MOST ? "end" : "middle";
            svg.text("text", Figures.plain(tick), "x", x, "y", height - 6, "text-anchor", anchor, "class", "soft");
        }
        int y = 0;
        for (final Mark mark : marks) {
            svg.text("text", mark.name(), "x", 2, "y", y + LABEL_Y, "class", "small");
            svg.leaf(
                    "line",
                    "x1",
                    Charts.number(x(mark.low())),
                    "x2",
                    Charts.number(x(mark.high())),
                    "y1",
                    y + LINE_Y,
                    "y2",
                    y + LINE_Y,
                    "class",
                    "range r-" + mark.style());
            svg.leaf(
                    "circle",
                    "cx",
                    Charts.number(x(mark.value())),
                    "cy",
                    y + LINE_Y,
                    "r",
                    5,
                    "class",
                    "m-" + mark.style());
            svg.line();
            y += ROW;
        }
        return svg.close().toString();
    }

    private static double x(final double value) {
        final double inside = Math.max(LEAST, Math.min(value, MOST));
        return 6 + Math.log(inside / LEAST) / Math.log(MOST / LEAST) * (WIDTH - 12);
    }
}
