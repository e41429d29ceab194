package io.millrace.tests.session;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** One budget for all Lincheck tests of the session structures: any lock they took would fail the check for it. */
final class Lincheck {
    private static final int ITERATIONS = Integer.getInteger("millrace.lincheck.iterations", 2);

    private Lincheck() {}

    static void modelCheck(final Class<?> test) {
        modelCheck(test, ITERATIONS, 500);
    }

    /** For a test whose operations are long: the proof profile, with its more scenarios, plays each of them more, too. */
    static void modelCheckBriefly(final Class<?> test) {
        modelCheck(test, Math.max(2, ITERATIONS / 4), 25 * ITERATIONS);
    }

    private static void modelCheck(final Class<?> test, final int iterations, final int invocations) {
        new ModelCheckingOptions()
                .iterations(iterations)
                .invocationsPerIteration(invocations)
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(3)
                .actorsAfter(1)
                .checkObstructionFreedom(true)
                // More than the 32 slots of a node, so that a walk over them does not count as waiting.
                .loopIterationsBeforeThreadSwitch(40)
                .check(test);
    }
}
