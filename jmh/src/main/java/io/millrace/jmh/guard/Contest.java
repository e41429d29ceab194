package io.millrace.jmh.guard;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Ours against a peer's, in rounds that take turns, so that whatever slows the machine for a while slows both.
 *
 * @param name  of what is done.
 * @param peer  that does it, too.
 * @param usual ratio of ours over the peer's, on two cores.
 * @param ours  to be guarded.
 * @param peers to compare it with.
 */
record Contest(String name, String peer, double usual, Side ours, Side peers) {
    static final int ROUNDS = 5;
    /** How much longer than a round the warm-up is, and how much shorter the beginning of a round that does not count. */
    private static final int FACTOR = 4;

    /** Measures all rounds, each side's as long as that. */
    Verdict decide(final long roundNs, final Supplier<Others.Look> looks) throws Exception {
        rate(peers, FACTOR * roundNs);
        rate(ours, FACTOR * roundNs);
        final Others.Look before = looks.get();
        final double[] oursPerSecond = new double[ROUNDS];
        final double[] peersPerSecond = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            peersPerSecond[i] = rate(peers, roundNs);
            oursPerSecond[i] = rate(ours, roundNs);
        }
        final double others =
                Others.share(before, looks.get(), Runtime.getRuntime().availableProcessors());
        return Verdict.of(name, peer, usual, oursPerSecond, peersPerSecond, others);
    }

    private static double rate(final Side side, final long forNs) throws Exception {
        side.start();
        try {
            work(side, forNs / FACTOR);
            return work(side, forNs);
        } finally {
            side.stop();
        }
    }

    /** Operations a second. */
    private static double work(final Side side, final long forNs) throws Exception {
        final long startNs = System.nanoTime();
        long operations = 0;
        long passedNs;
        do {
            operations += side.work();
            passedNs = System.nanoTime() - startNs;
        } while (passedNs < forNs);
        return operations * (double) TimeUnit.SECONDS.toNanos(1) / passedNs;
    }
}
