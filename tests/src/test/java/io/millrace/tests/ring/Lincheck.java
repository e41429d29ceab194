package io.millrace.tests.ring;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** One budget for all Lincheck tests. */
final class Lincheck {
    private static final int ITERATIONS = Integer.getInteger("millrace.lincheck.iterations", 2);

    private Lincheck() {}

    static void modelCheck(final Class<?> test, final int threads) {
        new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(500)
                .threads(threads)
                .actorsBefore(threads == 2 ? 0 : 3)
                .actorsPerThread(threads == 2 ? 4 : 3)
                .actorsAfter(threads == 2 ? 0 : 3)
                .checkObstructionFreedom(true)
                .check(test);
    }

    static void stress(final Class<?> test, final int threads) {
        new StressOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(1_000)
                .threads(threads)
                .actorsPerThread(3)
                .check(test);
    }
}
