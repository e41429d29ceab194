package io.millrace.ring;

import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * Spins while the {@link SpinBudget} allows, then yields, then sleeps on a {@link Doorbell}. Waking a thread costs far
 * more than a message, so it parks late; an idle thread ends up parked for as long as it may. One thread.
 */
public final class AdaptiveIdleStrategy implements IdleStrategy {
    /** Turns to spin before yielding, by default. */
    public static final int DEFAULT_MAX_SPINS = 50;

    /** Turns to yield before parking, by default. */
    public static final int DEFAULT_MAX_YIELDS = 50;

    private final int maxSpins;
    private final int maxYields;
    private final SpinBudget budget;
    private final Doorbell doorbell;
    private final LongSupplier mayParkNs;
    private int turns;
    private boolean spinning;

    /**
     * Makes a strategy.
     *
     * @param maxSpins  turns to spin: not negative.
     * @param maxYields turns to yield after those: not negative.
     * @param budget    of spinning threads.
     * @param doorbell  to sleep on.
     * @param mayParkNs as in {@link Doorbell#sleep}.
     * @throws IllegalArgumentException if a number of turns is negative.
     */
    public AdaptiveIdleStrategy(
            final int maxSpins,
            final int maxYields,
            final SpinBudget budget,
            final Doorbell doorbell,
            final LongSupplier mayParkNs) {
        if (maxSpins < 0 || maxYields < 0) {
            throw new IllegalArgumentException(
                    "turns are not negative: maxSpins=" + maxSpins + " maxYields=" + maxYields);
        }
        this.maxSpins = maxSpins;
        this.maxYields = maxYields;
        this.budget = budget;
        this.doorbell = doorbell;
        this.mayParkNs = mayParkNs;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // Yielding is what this class is for.
    public void idle() {
        final int turn = turns++;
        if (turn == 0) {
            spinning = budget.tryEnter();
        }
        if (spinning && turn < maxSpins) {
            Thread.onSpinWait();
        } else if (turn < maxSpins + maxYields) {
            stopSpinning();
            Thread.yield();
        } else {
            reset();
            doorbell.sleep(mayParkNs);
        }
    }

    @Override
    public void reset() {
        stopSpinning();
        turns = 0;
    }

    private void stopSpinning() {
        if (spinning) {
            spinning = false;
            budget.exit();
        }
    }

    @Override
    public String alias() {
        return "adaptive";
    }
}
