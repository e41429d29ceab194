package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.opentest4j.AssertionFailedError;

/** Runs threads that start together, and fails if one throws or does not end in time. The scenarios use it, too. */
public final class Race {
    private static final long TIMEOUT_S = 120;

    /** What each thread does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs on one thread.
         *
         * @param thread from 0.
         * @throws Exception to fail the race.
         */
        void run(int thread) throws Exception;
    }

    private Race() {}

    /**
     * Runs a body on some threads at once, and waits for all.
     *
     * @param count of threads.
     * @param body  that each runs.
     */
    public static void run(final int count, final Body body) {
        final CyclicBarrier start = new CyclicBarrier(count);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final int index = i;
            final Thread thread = new Thread(() -> {
                try {
                    start.await(TIMEOUT_S, TimeUnit.SECONDS);
                    body.run(index);
                } catch (final Throwable ex) {
                    failure.compareAndSet(null, ex);
                }
            });
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        try {
            for (final Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(TIMEOUT_S));
                assertFalse(thread.isAlive(), "a thread did not end");
            }
        } catch (final InterruptedException ex) {
            throw new AssertionFailedError("interrupted", ex);
        }
        if (failure.get() != null) {
            throw new AssertionFailedError("a thread failed: " + failure.get(), failure.get());
        }
    }
}
