package io.millrace.transport.channel.socket;

import io.millrace.ring.Parker;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The alarms of the shared poller under a model checker, which looks for a schedule in which a sleeper is never woken. */
@EnabledForJreRange(maxVersion = 24, disabledReason = "Lincheck takes too long on it, as for SharedPollerLincheckTest")
class AlarmsLincheckTest {
    private static final int INVOCATIONS = 300 * Integer.getInteger("millrace.lincheck.iterations", 2);
    private static final long LATER_NS = 30;
    private static final long NOW_NS = 20;
    private static final long SOON_NS = 10;

    /** Each sleeper wants to be woken later, thinks better of it, and sleeps; the first twice. One poller. */
    private static void play(final int sleepers) {
        final Alarms alarms = new Alarms();
        final AtomicInteger awake = new AtomicInteger(sleepers);
        final Thread[] threads = new Thread[sleepers];
        for (int i = 0; i < sleepers; i++) {
            final int sleeps = sleepers == 1 ? 2 : 1;
            threads[i] = new Thread(() -> sleep(alarms, awake, sleeps));
        }
        for (final Thread thread : threads) {
            thread.start();
        }
        while (awake.get() > 0) {
            alarms.firstNs();
            alarms.ring(NOW_NS);
            Thread.onSpinWait();
        }
        for (final Thread thread : threads) {
            join(thread);
        }
    }

    private static void sleep(final Alarms alarms, final AtomicInteger awake, final int sleeps) {
        final Parker parker = new ModelParker();
        final Watch watch = new Watch(parker);
        for (int i = 0; i < sleeps; i++) {
            alarms.set(watch, LATER_NS);
            alarms.set(watch, SOON_NS);
            parker.park(Long.MAX_VALUE);
        }
        awake.decrementAndGet();
    }

    private static void join(final Thread thread) {
        try {
            thread.join();
        } catch (final InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldWakeEverySleeperHoweverItsThreadsAreInterleaved(final int sleepers) {
        Lincheck.runConcurrentTest(INVOCATIONS, () -> play(sleepers));
    }
}
