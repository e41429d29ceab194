package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.opentest4j.AssertionFailedError;

/** Runs threads that start together, and fails if one throws or does not end in time. */
final class Race {
    private static final long TIMEOUT_S = 60;

    @FunctionalInterface
    interface Body {
        void run(int thread) throws Exception;
    }

    private Race() {}

    static void run(final int count, final Body body) {
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
                assertTrue(!thread.isAlive(), "a thread did not end");
            }
        } catch (final InterruptedException ex) {
            throw new AssertionFailedError("interrupted", ex);
        }
        if (failure.get() != null) {
            throw new AssertionFailedError("a thread failed: " + failure.get(), failure.get());
        }
    }
}
