package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
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
}
