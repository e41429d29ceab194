package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.ring.Doorbell;
import io.millrace.ring.Parker;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.Waiting;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Test;

class RestTest {
    /** Turns that a virtual thread stays awake: on one core each would keep the other from its only carrier. */
    private static final int AWAKE = Runtime.getRuntime().availableProcessors() > 1 ? 20 : 0;

    private final Rest spinning = new Rest(Waiting.SPINNING, new Doorbell(new ThreadParker()), () -> 0);

    private static Doorbell counting(final AtomicInteger sleeps) {
        return new Doorbell(new Parker() {
            @Override
            public void park(final long maxNs) {
                sleeps.incrementAndGet();
            }

            @Override
            public void unpark() {
                throw new AssertionError("nobody rings");
            }
        });
    }

    @Test
    void shouldSpinOnAPlatformThreadThatIsToSpin() {
        assertSame(BusySpinIdleStrategy.INSTANCE, spinning.onThisThread());
    }

    @Test
    void shouldYieldOnAnyThreadThatIsToYield() {
        final Rest yielding = new Rest(Waiting.YIELDING, new Doorbell(new ThreadParker()), () -> 0);
        assertSame(YieldingIdleStrategy.INSTANCE, yielding.onPlatformThread());
        assertSame(YieldingIdleStrategy.INSTANCE, yielding.onVirtualThread());
    }

    /** Whoever spins there keeps others from the thread that carries both. */
    @Test
    void shouldYieldOnAVirtualThreadThatIsToSpin() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "no virtual threads here");
        final CompletableFuture<IdleStrategy> made = new CompletableFuture<>();
        final Runnable maker = () -> made.complete(spinning.onThisThread());
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, maker);
        assertEquals(YieldingIdleStrategy.INSTANCE, made.get(30, TimeUnit.SECONDS));
    }

    /** It keeps its carrier meanwhile. */
    @Test
    void shouldStayAwakeForTwentyTurnsAtTheMostOnAVirtualThreadAndForNoneOnTheOnlyCore() {
        final AtomicInteger sleeps = new AtomicInteger();
        final Doorbell doorbell = counting(sleeps);
        final IdleStrategy strategy = new Rest(Waiting.ADAPTIVE, doorbell, () -> 1).onVirtualThread();
        for (int turn = 0; turn < AWAKE; turn++) {
            strategy.idle(0);
            assertEquals(0, sleeps.get(), "slept on turn " + turn);
        }
        strategy.idle(0);
        assertEquals(1, sleeps.get());
    }

    /** There are more of them than carriers, whose queues are never empty while the others yield. */
    @Test
    void shouldLetAVirtualThreadRunThatAPlatformThreadStartsWhileOthersAlwaysHaveWork() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "no virtual threads here");
        final Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        final int busy = 3 * Runtime.getRuntime().availableProcessors();
        final Rest rest = new Rest(Waiting.ADAPTIVE, new Doorbell(new ThreadParker()), () -> 0);
        final CountDownLatch working = new CountDownLatch(1);
        final CountDownLatch ran = new CountDownLatch(1);
        final AtomicBoolean stop = new AtomicBoolean();
        try {
            for (int i = 0; i < busy; i++) {
                start.invoke(null, (Runnable) () -> {
                    final IdleStrategy strategy = rest.onThisThread();
                    while (!stop.get()) {
                        working.countDown();
                        strategy.idle(1);
                    }
                });
            }
            assertTrue(working.await(30, TimeUnit.SECONDS));
            start.invoke(null, (Runnable) ran::countDown);
            assertTrue(ran.await(30, TimeUnit.SECONDS), "it never came to run");
        } finally {
            stop.set(true);
        }
    }

    @Test
    void shouldSleepAtOnceOnlyWhileItIsInNoHurry() {
        final AtomicInteger sleeps = new AtomicInteger();
        final AtomicBoolean hurries = new AtomicBoolean();
        final Doorbell doorbell = counting(sleeps);
        final Rest rest =
                new Rest(Waiting.ADAPTIVE, doorbell, () -> 1, hurries::get, AdaptiveIdleStrategy.DEFAULT_LONG_SLEEP_NS);
        final IdleStrategy platform = rest.onPlatformThread();
        for (final IdleStrategy strategy : AWAKE > 0 ? List.of(platform, rest.onVirtualThread()) : List.of(platform)) {
            sleeps.set(0);
            hurries.set(false);
            strategy.idle(0);
            strategy.idle(0);
            assertEquals(2, sleeps.get());
            strategy.idle(1);
            hurries.set(true);
            strategy.idle(0);
            assertEquals(2, sleeps.get());
            while (sleeps.get() == 2) {
                strategy.idle(0);
            }
        }
    }
}
