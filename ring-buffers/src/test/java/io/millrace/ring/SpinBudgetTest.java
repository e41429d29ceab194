package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SpinBudgetTest {
    @Test
    void shouldLetInNoMoreThanItHasPlaces() {
        final SpinBudget budget = new SpinBudget(2);
        assertTrue(budget.tryEnter());
        assertTrue(budget.tryEnter());
        assertFalse(budget.tryEnter());

        budget.exit();

        assertTrue(budget.tryEnter());
        assertFalse(budget.tryEnter());
    }

    @Test
    void shouldLetNobodyInWhenEmpty() {
        assertFalse(new SpinBudget(0).tryEnter());
        final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> new SpinBudget(-1));
        assertTrue(refused.getMessage().contains("spinners=-1"), refused.getMessage());
    }

    @Test
    void shouldShareOneBudgetInProcess() {
        assertSame(SpinBudget.shared(), SpinBudget.shared());
    }

    @Test
    void shouldNeverExceedPlacesWhenManyThreadsEnter() throws Exception {
        final SpinBudget budget = new SpinBudget(2);
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = CompletableFuture.runAsync(() -> {
                for (int turn = 0; turn < 20_000; turn++) {
                    if (budget.tryEnter()) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        budget.exit();
                    }
                }
            });
        }
        CompletableFuture.allOf(threads).get(60, TimeUnit.SECONDS);

        assertTrue(most.get() <= 2, "inside=" + most);
        assertTrue(budget.tryEnter());
        assertTrue(budget.tryEnter());
        assertEquals(0, inside.get());
    }
}
