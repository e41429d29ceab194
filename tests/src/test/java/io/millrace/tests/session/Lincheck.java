package io.millrace.tests.session;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** One budget for all Lincheck tests of the session structures: any lock they took would fail the check for it. */
final class Lincheck {
    private static final int ITERATIONS = Integer.getInteger("millrace.lincheck.iterations", 8);

    private Lincheck() {}

    static void modelCheck(final Class<?> test) {
        new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(500)
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(3)
                .actorsAfter(1)
                .checkObstructionFreedom(true)
                .check(test);
    }
}
