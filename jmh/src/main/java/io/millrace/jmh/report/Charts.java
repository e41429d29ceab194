package io.millrace.jmh.report;

import java.util.Locale;

/** What all charts share: as wide as a phone, so that their letters are as large as the page's on every screen. */
final class Charts {
    private Charts() {}

    /** Begins a picture; a style makes it one that can stand alone. */
    static Markup open(final int width, final int height, final String title, final String style) {
        final Markup svg = new Markup();
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                style.isEmpty() ? "0 0 " + width + " " + height : "-8 -26 " + (width + 16) + " " + (height + 34),
                "role",
                "img",
                "aria-label",
                title);
        if (!style.isEmpty()) {
            svg.open("style").raw(style).close();
            svg.text("text", title, "x", 0, "y", -9, "class", "strong");
        }
        return svg.line();
    }

    static String number(final double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
