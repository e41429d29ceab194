package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdaptiveIdleStrategyTest {
    private final FakeParker parker = new FakeParker();
    private final Doorbell doorbell = new Doorbell(parker);
    private final SpinBudget budget = new SpinBudget(1);

    private long nowNs;

    private AdaptiveIdleStrategy strategy(final int maxSpins, final int maxYields) {
        return strategy(maxSpins, maxYields, AdaptiveIdleStrategy.DEFAULT_LONG_SLEEP_NS);
    }

    /** One that is past the waits in which none spins. */
    private AdaptiveIdleStrategy strategy(final int maxSpins, final int maxYields, final long longSleepNs) {
        final AdaptiveIdleStrategy strategy = fresh(maxSpins, maxYields, longSleepNs);
        for (int i = 0; i < AdaptiveIdleStrategy.FIRST_WAITS_WITHOUT; i++) {
            strategy.idle(0);
            strategy.idle(1);
        }
        return strategy;
    }

    private AdaptiveIdleStrategy fresh(final int maxSpins, final int maxYields, final long longSleepNs) {
        return new AdaptiveIdleStrategy(maxSpins, maxYields, budget, doorbell, () -> 7, longSleepNs, () -> nowNs);
    }

    private boolean isBudgetFree() {
        final boolean free = budget.tryEnter();
        if (free) {
            budget.exit();
        }
        return free;
    }

    @Test
    void shouldParkOnlyWhenSpinsAndYieldsAreOver() {
        final AdaptiveIdleStrategy strategy = strategy(3, 2);
        for (int i = 0; i < 5; i++) {
            strategy.idle(0);
        }
        assertEquals(List.of(), parker.parks);

        strategy.idle(0);

        assertEquals(List.of(7L), parker.parks);
    }

    @Test
    void shouldBeginAnewWhenWorkWasDoneOrParkIsOver() {
        final AdaptiveIdleStrategy strategy = strategy(1, 1);
        strategy.idle(0);
        strategy.idle(0);
        strategy.idle(1);
        strategy.idle(0);
        strategy.idle(0);
        assertEquals(0, parker.parks.size());
        strategy.idle(0);
        assertEquals(1, parker.parks.size());
        strategy.idle(0);
        strategy.idle(0);
        assertEquals(1, parker.parks.size());
        strategy.idle(0);

        assertEquals(2, parker.parks.size());
    }

    @Test
    void shouldHoldPlaceInBudgetOnlyWhenSpinning() {
        final AdaptiveIdleStrategy strategy = strategy(2, 2);
        strategy.idle();
        strategy.idle();
        assertFalse(isBudgetFree());
        strategy.idle();
        assertTrue(isBudgetFree(), "yielding");
        strategy.idle();
        strategy.idle();
        assertTrue(isBudgetFree(), "parked");
        strategy.idle();
        assertFalse(isBudgetFree(), "spinning again");
        strategy.reset();

        assertTrue(isBudgetFree(), "reset");
    }

    @Test
    void shouldParkAfterAsManyTurnsWhenBudgetIsTaken() {
        budget.tryEnter();
        final AdaptiveIdleStrategy strategy = strategy(2, 2);
        for (int i = 0; i < 4; i++) {
            strategy.idle();
        }
        assertEquals(0, parker.parks.size());
        strategy.idle();

        assertEquals(1, parker.parks.size());
        assertFalse(isBudgetFree(), "gave back what it never had");
    }

    @Test
    void shouldHoldNoPlaceWhileParkedWhenThereAreNoYields() {
        final boolean[] free = new boolean[1];
        parker.whileParked = () -> free[0] = isBudgetFree();
        final AdaptiveIdleStrategy strategy = strategy(1, 0);
        strategy.idle();
        strategy.idle();

        assertEquals(1, parker.parks.size());
        assertTrue(free[0]);
    }

    /** Waits until work comes in the given turn; whether the first turn spun. */
    private boolean spinsUntilWorkInTurn(final AdaptiveIdleStrategy strategy, final int turns) {
        strategy.idle(0);
        final boolean spins = !isBudgetFree();
        for (int i = 1; i < turns; i++) {
            strategy.idle(0);
        }
        strategy.idle(1);
        return spins;
    }

    @Test
    void shouldBeginWithoutSpinningAndStayAwakeAsLong() {
        final AdaptiveIdleStrategy strategy = fresh(3, 5, AdaptiveIdleStrategy.DEFAULT_LONG_SLEEP_NS);
        for (int i = 0; i < AdaptiveIdleStrategy.FIRST_WAITS_WITHOUT; i++) {
            assertFalse(spinsUntilWorkInTurn(strategy, 8), "wait=" + i);
        }
        assertEquals(List.of(), parker.parks);
        assertTrue(spinsUntilWorkInTurn(strategy, 1));
    }

    @Test
    void shouldYieldAtOnceWhereWorkCameOnlyWithTheYieldsTwiceInARow() {
        final AdaptiveIdleStrategy strategy = strategy(3, 5);
        assertTrue(spinsUntilWorkInTurn(strategy, 4));
        assertTrue(spinsUntilWorkInTurn(strategy, 2), "one miss is none");
        assertTrue(spinsUntilWorkInTurn(strategy, 4));
        assertTrue(spinsUntilWorkInTurn(strategy, 4));
        for (int i = 0; i < AdaptiveIdleStrategy.WAITS_WITHOUT; i++) {
            assertFalse(spinsUntilWorkInTurn(strategy, 4), "wait=" + i);
        }
        assertTrue(spinsUntilWorkInTurn(strategy, 4), "tries again");
        assertFalse(spinsUntilWorkInTurn(strategy, 4), "in vain");
        for (int i = 1; i < AdaptiveIdleStrategy.WAITS_WITHOUT; i++) {
            spinsUntilWorkInTurn(strategy, 4);
        }
        assertTrue(spinsUntilWorkInTurn(strategy, 3), "tries again, and it pays");
        assertTrue(spinsUntilWorkInTurn(strategy, 4));
        assertTrue(spinsUntilWorkInTurn(strategy, 1), "one miss is none");
        assertEquals(List.of(), parker.parks);
    }

    @Test
    void shouldStillParkAfterAsManyTurnsWhereSpinningDoesNotPay() {
        final AdaptiveIdleStrategy strategy = strategy(3, 5);
        spinsUntilWorkInTurn(strategy, 4);
        spinsUntilWorkInTurn(strategy, 4);
        for (int i = 0; i < 8; i++) {
            strategy.idle(0);
        }
        assertEquals(List.of(), parker.parks);
        strategy.idle(0);

        assertEquals(List.of(7L), parker.parks);
    }

    @Test
    void shouldLearnNothingWithoutAPlaceInTheBudget() {
        budget.tryEnter();
        final AdaptiveIdleStrategy strategy = strategy(3, 5);
        spinsUntilWorkInTurn(strategy, 4);
        spinsUntilWorkInTurn(strategy, 4);
        budget.exit();

        assertTrue(spinsUntilWorkInTurn(strategy, 1));
    }

    /** Sleeps so long, after as many turns as there are. */
    private void sleeps(final AdaptiveIdleStrategy strategy, final int turns, final long ns) {
        final int parks = parker.parks.size();
        parker.whileParked = () -> nowNs += ns;
        for (int i = 0; i < turns; i++) {
            strategy.idle(0);
            assertEquals(parks, parker.parks.size(), "turn=" + i);
        }
        strategy.idle(0);
        assertEquals(parks + 1, parker.parks.size(), "sleeps after turns=" + turns);
        strategy.idle(1);
    }

    @Test
    void shouldSleepAtOnceAfterTwoLongSleepsUntilOneIsShort() {
        final AdaptiveIdleStrategy strategy = strategy(2, 3);
        final long longNs = AdaptiveIdleStrategy.DEFAULT_LONG_SLEEP_NS;
        sleeps(strategy, 5, longNs);
        sleeps(strategy, 5, longNs - 1);
        sleeps(strategy, 5, longNs);
        sleeps(strategy, 5, longNs);
        for (int i = 0; i < 1_000; i++) {
            sleeps(strategy, 0, longNs);
            assertTrue(isBudgetFree());
        }
        sleeps(strategy, 0, longNs - 1);
        sleeps(strategy, 5, longNs);
        sleeps(strategy, 5, longNs);
        sleeps(strategy, 0, longNs);
    }

    @Test
    void shouldStayAwakeBeforeEachSleepIfNoneIsLong() {
        final AdaptiveIdleStrategy strategy = strategy(2, 3, Long.MAX_VALUE);
        for (int i = 0; i < 10; i++) {
            sleeps(strategy, 5, TimeUnit.DAYS.toNanos(1));
        }
    }

    @Test
    void shouldThrowWhenALongSleepIsNotPositive() {
        final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> fresh(0, 0, 0));
        assertTrue(refused.getMessage().contains("longSleepNs=0"), refused.getMessage());
    }

    @Test
    void shouldThrowWhenAPartIsMissing() {
        final SpinBudget one = new SpinBudget(1);
        final Doorbell bell = new Doorbell(parker);
        assertThrows(NullPointerException.class, () -> new AdaptiveIdleStrategy(1, 1, null, bell, () -> 1));
        assertThrows(NullPointerException.class, () -> new AdaptiveIdleStrategy(1, 1, one, null, () -> 1));
        assertThrows(NullPointerException.class, () -> new AdaptiveIdleStrategy(1, 1, one, bell, null));
    }

    @Test
    void shouldThrowWhenTurnsAreNegative() {
        assertThrows(IllegalArgumentException.class, () -> strategy(-1, 0));
        final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> strategy(0, -1));
        assertTrue(refused.getMessage().contains("maxYields=-1"), refused.getMessage());
    }

    @Test
    void shouldStayAwakeForAsLongAsItIsTold() {
        final AdaptiveIdleStrategy strategy = strategy(Integer.MAX_VALUE, 50);
        for (int i = 0; i < 10; i++) {
            strategy.idle(0);
        }
        assertEquals(List.of(), parker.parks);
    }
}
