package io.millrace.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about. */
public final class Await {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);

    private Await() {}

    /** Returns as soon as it is so, or fails. */
    public static void until(final BooleanSupplier condition) {
        until(condition, "not in time");
    }

    /** Returns as soon as it is so, or fails with these words. */
    @SuppressWarnings("ThreadPriorityCheck")
    public static void until(final BooleanSupplier condition, final String failure) {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNs < DEADLINE_NS, failure);
            Thread.yield();
        }
    }
}
