package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThreadParkerTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final ThreadParker parker = new ThreadParker();

    @Test
    void shouldReturnAtOnceWhenUnparkedBeforeFirstPark() {
        parker.unpark();

        assertTimeoutPreemptively(DEADLINE, () -> parker.park(Long.MAX_VALUE));
    }

    @Test
    void shouldReturnWhenTimeIsOver() {
        assertTimeoutPreemptively(DEADLINE, () -> parker.park(1));
    }

    @Test
    void shouldReturnAndStayInterruptedWhenInterrupted() {
        assertTimeoutPreemptively(DEADLINE, () -> {
            Thread.currentThread().interrupt();
            parker.park(Long.MAX_VALUE);
            assertTrue(Thread.interrupted());
        });
    }

    @Test
    void shouldEndParkWhenUnparkedByAnotherThread() throws InterruptedException {
        final AtomicBoolean go = new AtomicBoolean();
        final Thread sleeper = new Thread(() -> {
            while (!go.get()) {
                parker.park(Long.MAX_VALUE);
            }
        });
        sleeper.setDaemon(true);
        sleeper.start();
        while (sleeper.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        go.set(true);
        parker.unpark();

        sleeper.join(DEADLINE.toMillis());
        assertFalse(sleeper.isAlive());
    }

    @Test
    void shouldRunOnceWhatADetachedThreadLeftAndLeaveNoPermit() {
        final AtomicInteger runs = new AtomicInteger();
        assertTrue(parker.tryDetach(Long.MAX_VALUE, runs::incrementAndGet));
        assertEquals(0, runs.get());
        parker.unpark();
        assertEquals(1, runs.get());
        assertTrue(parker.tryDetach(Long.MAX_VALUE, runs::incrementAndGet), "a permit was left");
        parker.unpark();
        parker.unpark();

        assertEquals(2, runs.get());
        assertTimeoutPreemptively(DEADLINE, () -> parker.park(Long.MAX_VALUE));
    }

    @Test
    void shouldNotDetachWhenUnparkedBefore() {
        parker.unpark();

        assertFalse(parker.tryDetach(Long.MAX_VALUE, () -> {
            throw new AssertionError("nobody detached");
        }));
        parker.unpark();
    }

    @Test
    void shouldNotDetachForATimeThatNobodyMeasures() {
        assertFalse(parker.tryDetach(Long.MAX_VALUE - 1, () -> {
            throw new AssertionError("nobody detached");
        }));
        parker.unpark();
    }

    /** One comes last, whatever the order: it is run by the thread that unparks, or finds the permit. */
    @Test
    @SuppressWarnings("ThreadPriorityCheck") // On one core the other has to come to run.
    void shouldHandOverToWhoeverUnparksWithoutLosingATurn() throws InterruptedException {
        final int turns = 20_000;
        final AtomicInteger resumed = new AtomicInteger();
        final AtomicInteger stayed = new AtomicInteger();
        final AtomicInteger turn = new AtomicInteger();
        final Thread waker = new Thread(() -> {
            for (int i = 1; i <= turns; i++) {
                while (turn.get() < i) {
                    Thread.yield();
                }
                parker.unpark();
                while (resumed.get() + stayed.get() < i) {
                    Thread.yield();
                }
            }
        });
        waker.setDaemon(true);
        waker.start();
        for (int i = 1; i <= turns; i++) {
            turn.set(i);
            if (!parker.tryDetach(Long.MAX_VALUE, resumed::incrementAndGet)) {
                parker.park(Long.MAX_VALUE);
                stayed.incrementAndGet();
            }
            while (resumed.get() + stayed.get() < i) {
                Thread.yield();
            }
        }
        waker.join(DEADLINE.toMillis());

        assertEquals(turns, resumed.get() + stayed.get());
    }
}
