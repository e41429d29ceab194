package io.millrace.session;

/** How counters are spread: a pair of cache lines, for the prefetcher fetches them in pairs, for each of a few threads. */
final class Stripe {
    static final int LONGS = 16;
    /** Many more than threads that run at once: two that meet on a stripe cost each other more than all the rest. */
    static final int COUNT = 64;

    private Stripe() {}

    static int mine() {
        return (int) Thread.currentThread().getId() & (COUNT - 1);
    }
}
