package io.millrace.ring;

import java.util.Objects;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Spins while the {@link SpinBudget} allows, then yields, then sleeps on a {@link Doorbell}. Waking a thread costs far
 * more than a message, so it parks late; an idle thread ends up parked for as long as it may. One thread.
 *
 * <p>It learns whether staying awake pays: after two long sleeps running it sleeps at once, until a sleep was short. A thousand
 * connections of 20 messages a second each would else keep the cores busy with looking in vain, 50 times for each message.
 *
 * <p>It learns whether spinning pays. Where other work keeps the cores busy, the thread that has to make the work may be
 * waiting for the very core that this one spins on, and comes to run with the first yield: two connections of one ping-pong
 * spun 85 µs each before the other one could run. So when work came with the yields twice running, it yields at once, and tries
 * spinning again now and then. It begins without, for what lives shortly has others of its kind about: of connections over TLS that
 * answer once and end, four at a time, two cores made 510 and 455 a second when each began by spinning, and 610 and 565 since.
 */
public final class AdaptiveIdleStrategy implements IdleStrategy {
    /** Turns to spin before yielding, by default. */
    public static final int DEFAULT_MAX_SPINS = 50;

    /** Turns to yield before parking, by default. */
    public static final int DEFAULT_MAX_YIELDS = 50;

    /** Times in a row that work came with the yields, after which it does not spin. */
    static final int MAX_MISSES = 2;

    /** Waits without spinning before it first tries to spin. */
    static final int FIRST_WAITS_WITHOUT = 16;

    /** Waits without spinning before it tries to spin again: rare, for a try in vain may cost all its spins. */
    static final int WAITS_WITHOUT = 256;

    /** Sleeps in a row that were long, after which it does not stay awake. */
    static final int MAX_LONG_SLEEPS = 2;

    /**
     * What a long sleep is by default, in nanoseconds: about as long as spins and yields take, and the wake-up. A shorter one would have
     * been better spent awake.
     */
    public static final long DEFAULT_LONG_SLEEP_NS = 200_000;

    private final int maxSpins;
    private final int maxYields;
    private final SpinBudget budget;
    private final Doorbell doorbell;
    private final LongSupplier mayParkNs;
    private final long longSleepNs;
    private final NanoClock clock;
    private int turns;
    private boolean spinning;

    /** Whether it spun before it began to yield. */
    private boolean spun;

    private int misses;
    private int waitsWithout = FIRST_WAITS_WITHOUT;
    private int longSleeps;

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
        this(maxSpins, maxYields, budget, doorbell, mayParkNs, DEFAULT_LONG_SLEEP_NS);
    }

    /**
     * Makes a strategy.
     *
     * @param maxSpins    turns to spin: not negative.
     * @param maxYields   turns to yield after those: not negative.
     * @param budget      of spinning threads.
     * @param doorbell    to sleep on.
     * @param mayParkNs   as in {@link Doorbell#sleep}.
     * @param longSleepNs what a long sleep is, in nanoseconds: after two of them it sleeps at once. {@link Long#MAX_VALUE} for a
     *                    thread that is to stay awake before each sleep, whatever it has learnt.
     * @throws IllegalArgumentException if a number of turns is negative, or the sleep not positive.
     */
    public AdaptiveIdleStrategy(
            final int maxSpins,
            final int maxYields,
            final SpinBudget budget,
            final Doorbell doorbell,
            final LongSupplier mayParkNs,
            final long longSleepNs) {
        this(maxSpins, maxYields, budget, doorbell, mayParkNs, longSleepNs, SystemNanoClock.INSTANCE);
    }

    AdaptiveIdleStrategy(
            final int maxSpins,
            final int maxYields,
            final SpinBudget budget,
            final Doorbell doorbell,
            final LongSupplier mayParkNs,
            final long longSleepNs,
            final NanoClock clock) {
        if (maxSpins < 0 || maxYields < 0) {
            throw new IllegalArgumentException(
                    "turns are not negative: maxSpins=" + maxSpins + " maxYields=" + maxYields);
        }
        if (longSleepNs <= 0) {
            throw new IllegalArgumentException("a long sleep is positive: longSleepNs=" + longSleepNs);
        }
        this.maxSpins = maxSpins;
        this.maxYields = maxYields;
        this.budget = Objects.requireNonNull(budget, "budget");
        this.doorbell = Objects.requireNonNull(doorbell, "doorbell");
        this.mayParkNs = Objects.requireNonNull(mayParkNs, "mayParkNs");
        this.longSleepNs = longSleepNs;
        this.clock = clock;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            if (turns > 0) {
                learn();
            }
            reset();
        } else {
            idle();
        }
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // Yielding is what this class is for.
    public void idle() {
        final int turn = turns++;
        final boolean awake = longSleeps < MAX_LONG_SLEEPS && turn < (long) maxSpins + maxYields;
        if (turn == 0) {
            spinning = awake && waitsWithout == 0 && budget.tryEnter();
            spun = spinning;
        }
        if (!awake) {
            reset();
            sleep();
        } else if (spinning && turn < maxSpins) {
            Thread.onSpinWait();
        } else {
            stopSpinning();
            Thread.yield();
        }
    }

    private void sleep() {
        final long startNs = clock.nanoTime();
        doorbell.sleep(mayParkNs);
        longSleeps = clock.nanoTime() - startNs < longSleepNs ? 0 : Math.min(MAX_LONG_SLEEPS, longSleeps + 1);
    }

    /** Work has come after some turns without. */
    private void learn() {
        if (waitsWithout > 0) {
            waitsWithout--;
        } else if (spinning) {
            misses = 0;
        } else if (spun && ++misses == MAX_MISSES) {
            // One more miss, when it tries again, is enough.
            misses--;
            waitsWithout = WAITS_WITHOUT;
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
