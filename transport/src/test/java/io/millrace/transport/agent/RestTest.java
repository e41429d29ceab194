package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.Waiting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Test;

class RestTest {
    private final Rest spinning = new Rest(Waiting.SPINNING, new Doorbell(new ThreadParker()), () -> 0);

    @Test
    void shouldSpinOnAPlatformThreadThatIsToSpin() {
        assertSame(BusySpinIdleStrategy.INSTANCE, spinning.onThisThread());
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
}
