package io.millrace.jmh.report;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The quotient of two means, and an interval that holds it with 95 % confidence.
 *
 * <p>The interval is a hierarchical bootstrap's: JVMs are drawn with repetition, then values within each, and the quotient is
 * formed of each draw; its 2.5 and 97.5 percentiles are the bounds (Kalibera and Jones, "Rigorous Benchmarking in
 * Reasonable Time", ISMM 2013, advise to resample at each level of repetition). With two or three JVMs it is too narrow, but
 * says more than the spread of values does. One value a side has no interval.
 *
 * @param value the quotient.
 * @param low   the lower bound, or the value itself if nothing is known.
 * @param high  the upper bound likewise.
 */
record Ratio(double value, double low, double high) {
    private static final int DRAWS = 4_000;
    private static final double TAIL = 0.025;
    private static final long SEED = 20_131_123;

    static Ratio of(final List<double[]> above, final List<double[]> below) {
        final double value = mean(above) / mean(below);
        if (values(above) < 2 && values(below) < 2) {
            return new Ratio(value, value, value);
        }
        final SplittableRandom random = new SplittableRandom(SEED);
        final double[] draws = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            draws[i] = draw(above, random) / draw(below, random);
        }
        Arrays.sort(draws);
        return new Ratio(value, draws[(int) (TAIL * DRAWS)], draws[DRAWS - 1 - (int) (TAIL * DRAWS)]);
    }

    boolean hasInterval() {
        return low != high;
    }

    private static int values(final List<double[]> rounds) {
        return rounds.stream().mapToInt(round -> round.length).sum();
    }

    private static double mean(final List<double[]> rounds) {
        return rounds.stream()
                .mapToDouble(round -> Arrays.stream(round).average().orElseThrow())
                .average()
                .orElseThrow();
    }

    private static double draw(final List<double[]> rounds, final SplittableRandom random) {
        double sum = 0;
        for (int i = 0; i < rounds.size(); i++) {
            final double[] round = rounds.get(random.nextInt(rounds.size()));
            double inner = 0;
            for (int j = 0; j < round.length; j++) {
                inner += round[random.nextInt(round.length)];
            }
            sum += inner / round.length;
        }
        return sum / rounds.size();
    }
}
