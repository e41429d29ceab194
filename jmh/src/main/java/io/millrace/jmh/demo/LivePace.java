package io.millrace.jmh.demo;

import java.util.concurrent.TimeUnit;

/** When the senders keep to a rate, and when each sends as fast as it can. Immutable; any thread. */
record LivePace(long startNs) {
    /** Messages per second, of all senders together. */
    static final int RATE = 100_000;

    static final long STEADY_S = 20;
    static final long FLAT_OUT_S = 10;

    private static final long STEADY_NS = TimeUnit.SECONDS.toNanos(STEADY_S);
    private static final long CYCLE_NS = TimeUnit.SECONDS.toNanos(STEADY_S + FLAT_OUT_S);

    boolean isFlatOut(final long nowNs) {
        return (nowNs - startNs) % CYCLE_NS >= STEADY_NS;
    }
}
