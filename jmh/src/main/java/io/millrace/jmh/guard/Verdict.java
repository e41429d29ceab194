package io.millrace.jmh.guard;

import java.util.Arrays;
import java.util.Locale;

/**
 * What the rounds of a contest say: it fails if the median of their ratios is less than half of what is usual, so that neither
 * one disturbed round nor the difference between two machines fails it. If others took more than {@link #MOST_OTHERS} of the
 * machine, a ratio that is too low says nothing, and fails nothing.
 *
 * @param name           of what was done.
 * @param peer           that did it, too.
 * @param usual          ratio of ours over the peer's.
 * @param oursPerSecond  the median of ours.
 * @param peersPerSecond the median of the peer's.
 * @param median         of the rounds' ratios.
 * @param least          of them.
 * @param most           of them.
 * @param others         the part of the machine that other processes took meanwhile, from 0 to 1.
 */
record Verdict(
        String name,
        String peer,
        double usual,
        double oursPerSecond,
        double peersPerSecond,
        double median,
        double least,
        double most,
        double others) {
    /** With one core of two taken away, whatever needs two threads at once has lost half. */
    static final double MOST_OTHERS = 0.2;

    static final String HEADER =
            line("ours over a peer", "median", "least", "most", "usual", "at least", "others %", "");

    static Verdict of(
            final String name,
            final String peer,
            final double usual,
            final double[] ours,
            final double[] peers,
            final double others) {
        if (ours.length == 0 || ours.length != peers.length) {
            throw new IllegalArgumentException("rounds: ours=" + ours.length + " peers=" + peers.length);
        }
        final double[] ratios = new double[ours.length];
        for (int i = 0; i < ratios.length; i++) {
            if (!(ours[i] > 0 && peers[i] > 0)) {
                throw new IllegalArgumentException("a side has done nothing: round=" + i + " ours=" + ours[i] + " "
                        + peer + "=" + peers[i] + " contest=" + name);
            }
            ratios[i] = ours[i] / peers[i];
        }
        Arrays.sort(ratios);
        return new Verdict(
                name,
                peer,
                usual,
                median(ours),
                median(peers),
                median(ratios),
                ratios[0],
                ratios[ratios.length - 1],
                others);
    }

    private static double median(final double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double floor() {
        return usual / 2;
    }

    boolean holds() {
        return median >= floor();
    }

    /** Whether the ratio is too low, and nobody else is to blame. */
    boolean fails() {
        return !holds() && others <= MOST_OTHERS;
    }

    /** A row of the table under {@link #HEADER}. */
    String row() {
        return line(
                name + ", over " + peer,
                number(median),
                number(least),
                number(most),
                number(usual),
                number(floor()),
                number(100 * others),
                holds() ? "" : fails() ? "  FAILED" : "  disturbed: says nothing");
    }

    /** Says in one line what failed. */
    String complaint() {
        return name + " is " + number(median) + " times " + peer + " (" + number(least) + " to " + number(most)
                + " in its rounds; " + rate(oursPerSecond) + " against " + rate(peersPerSecond) + " a second), usually "
                + number(usual) + ": less than half";
    }

    private static String line(
            final String name,
            final String median,
            final String least,
            final String most,
            final String usual,
            final String floor,
            final String others,
            final String note) {
        return String.format(
                Locale.ROOT, "%-62s %8s %8s %8s %8s %8s %8s%s", name, median, least, most, usual, floor, others, note);
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static String rate(final double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
