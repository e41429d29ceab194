package io.millrace.jmh.load;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads and writes rates in messages a second: a number, with k or M behind it, or {@code max}, which is 0. */
final class Rate implements ITypeConverter<Double> {
    private static final double KILO = 1e3;

    @Override
    public Double convert(final String text) {
        final String lower = text.trim().toLowerCase(Locale.ROOT);
        if ("max".equals(lower)) {
            return 0.0;
        }
        final double unit = lower.endsWith("k") ? KILO : lower.endsWith("m") ? KILO * KILO : 1;
        try {
            final double rate = Double.parseDouble(unit == 1 ? lower : lower.substring(0, lower.length() - 1)) * unit;
            if (rate >= 1) {
                return rate;
            }
        } catch (final NumberFormatException ex) {
            // The same sentence says it.
        }
        throw new TypeConversionException("'" + text + "' is no rate: want 100000, 100k or max");
    }

    /** As {@link #convert} reads it. */
    static String text(final double rate) {
        return rate == 0 ? "max" : Double.toString(rate);
    }
}
