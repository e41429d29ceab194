package io.millrace.jmh.report;

import java.util.Locale;

/** Numbers for people: three digits that count. */
final class Figures {
    private static final double MANY = 1_000;
    private static final double HUNDRED = 100;
    private static final double TEN = 10;
    private static final double SMALL = 0.095;

    private Figures() {}

    static String of(final double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        final double size = Math.abs(value);
        final String format;
        if (size >= HUNDRED) {
            format = "%,.0f";
        } else if (size >= TEN) {
            format = "%.1f";
        } else if (size >= SMALL || size == 0) {
            format = "%.2f";
        } else {
            format = "%.2g";
        }
        return String.format(Locale.ROOT, format, value);
    }

    /** With its unit, scaled to thousands or millions where that reads better. */
    static String of(final double value, final String unit) {
        if (unit.endsWith("/s") && value >= MANY * MANY) {
            return of(value / MANY / MANY) + " M/s";
        }
        if (unit.endsWith("/s") && value >= TEN * MANY) {
            return of(value / MANY) + " k/s";
        }
        if ("µs".equals(unit) && value >= TEN * MANY) {
            return of(value / MANY) + " ms";
        }
        return of(value) + " " + unit;
    }

    /** For an axis, where many digits have no room: {@code 50 k}, {@code 1.6 M}. */
    static String atAxis(final double value) {
        if (value >= MANY * MANY) {
            return shortest(value / MANY / MANY) + " M";
        }
        return value >= TEN * MANY ? shortest(value / MANY) + " k" : plain(value);
    }

    private static String shortest(final double value) {
        return plain(Math.round(value * TEN) / TEN);
    }

    static String of(final Ratio ratio) {
        return of(ratio.value()) + (ratio.hasInterval() ? " (" + of(ratio.low()) + "–" + of(ratio.high()) + ")" : "");
    }

    /** Without zeros behind. */
    static String plain(final double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(value);
    }
}
