package io.millrace.jmh.connection;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** How a driver, and whoever polls, is set up. */
enum AeronUse {
    /** Nothing is set: a thread for each of the driver's parts. */
    DEFAULTS,
    /** One thread for all of the driver, yielding threads, longer datagrams, claims: the quickest to answer on two cores. */
    YIELDING,
    /**
     * The same, but threads back off, as Aeron's do where nothing is said: the most messages one way on two cores, where two that yield
     * sometimes keep a core for themselves.
     */
    BACKING_OFF;

    boolean isTuned() {
        return this != DEFAULTS;
    }

    IdleStrategy idleStrategy() {
        return this == YIELDING ? YieldingIdleStrategy.INSTANCE : new BackoffIdleStrategy();
    }
}
