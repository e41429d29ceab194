package io.millrace.session;

/** How counters are spread: a pair of cache lines, for the prefetcher fetches them in pairs, for each of a few threads. */
final class Stripe {
    static final int LONGS = 16;
    static final int COUNT =
            Integer.highestOneBit(Math.min(64, Math.max(1, Runtime.getRuntime().availableProcessors() * 4 - 1)));

    private Stripe() {}

    static int mine() {
        return (int) Thread.currentThread().getId() & (COUNT - 1);
    }
}
