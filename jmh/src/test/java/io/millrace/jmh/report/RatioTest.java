package io.millrace.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void shouldDivideMeansOfRounds() {
        // The mean of means, so that a round with more values weighs no more.
        final Ratio ratio =
                Ratio.of(List.of(new double[] {10, 10, 10, 10}, new double[] {20}), List.of(new double[] {5}));
        assertEquals(3, ratio.value());
        assertTrue(ratio.low() <= 3 && 3 <= ratio.high(), ratio.toString());
    }

    @Test
    void shouldHaveNoIntervalWhenEachSideHasOneValue() {
        final Ratio ratio = Ratio.of(List.of(new double[] {3}), List.of(new double[] {2}));
        assertEquals(1.5, ratio.value());
        assertFalse(ratio.hasInterval());
    }

    @Test
    void shouldBeThePointWhenNothingVaries() {
        final List<double[]> same = List.of(new double[] {4, 4}, new double[] {4, 4});
        assertEquals(new Ratio(1, 1, 1), Ratio.of(same, same));
    }

    @Test
    void shouldGiveTheSameIntervalForTheSameFigures() {
        final List<double[]> a = rounds(new Random(1), 3, 3, 100, 0.1, 0.05);
        final List<double[]> b = rounds(new Random(2), 3, 3, 50, 0.1, 0.05);
        assertEquals(Ratio.of(a, b), Ratio.of(a, b));
    }

    /** What varies between JVMs must widen the interval, however alike the values of each are. */
    @Test
    void shouldWidenWhenRoundsDisagree() {
        final List<double[]> alike = List.of(new double[] {99, 101}, new double[] {99, 101}, new double[] {99, 101});
        final List<double[]> apart = List.of(new double[] {79, 81}, new double[] {99, 101}, new double[] {119, 121});
        final Ratio narrow = Ratio.of(alike, alike);
        final Ratio wide = Ratio.of(apart, alike);
        assertTrue(wide.high() - wide.low() > 5 * (narrow.high() - narrow.low()), wide + " " + narrow);
    }

    /** With ten JVMs a 95 % interval has to hold the true quotient in nine of ten runs at least. */
    @Test
    void shouldHoldTheTrueQuotientNearlyAlways() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final int runs = 60;
        int held = 0;
        for (int i = 0; i < runs; i++) {
            final Ratio ratio = Ratio.of(rounds(random, 10, 3, 200, 0.15, 0.1), rounds(random, 10, 3, 20, 0.15, 0.1));
            if (ratio.low() <= 10 && 10 <= ratio.high()) {
                held++;
            }
        }
        // Some 93 % expected; fewer than three quarters come by chance less than once in a hundred thousand runs.
        assertTrue(held >= 45, "held=" + held + " of=" + runs + " seed=" + seed);
    }

    private static List<double[]> rounds(
            final Random random,
            final int rounds,
            final int values,
            final double mean,
            final double between,
            final double within) {
        final List<double[]> made = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            final double middle = mean * (1 + between * random.nextGaussian());
            final double[] round = new double[values];
            for (int j = 0; j < values; j++) {
                round[j] = middle * (1 + within * random.nextGaussian());
            }
            made.add(round);
        }
        return made;
    }
}
