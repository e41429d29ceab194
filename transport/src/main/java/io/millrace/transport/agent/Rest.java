package io.millrace.transport.agent;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.ring.Doorbell;
import io.millrace.ring.SpinBudget;
import io.millrace.transport.Waiting;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * What an agent's thread does between turns that found nothing to do.
 *
 * @param waiting     how to.
 * @param doorbell    to sleep on.
 * @param mayParkNs   as in {@link Doorbell#sleep}.
 * @param hurries     whether {@link Waiting#ADAPTIVE} is to be adaptive now; otherwise it sleeps at once. Null for always.
 * @param longSleepNs as in {@link AdaptiveIdleStrategy}.
 */
public record Rest(
        Waiting waiting, Doorbell doorbell, LongSupplier mayParkNs, BooleanSupplier hurries, long longSleepNs) {

    /**
     * Turns that a virtual thread stays awake: spinning, if the budget allows, and some 20 µs at the most, for it keeps its carrier,
     * and its carrier a core that others may need. To yield is dearer: with an empty queue each yield wakes another carrier, which takes
     * the thread over. Two cores, JDK 25: round trips p50 12 to 14 µs and p99 150 to 220, with yields alone 14 to 15 and 330 to 350; ten
     * connections with 100,000 messages/s p99 21 to 33 ms, with yields 63 to 67. Of 50 yields, 61 to 133; with 40 spins once 108.
     *
     * <p>On one core there is one carrier, and none that looks further helps whom it waits for: a carrier serves what has yielded to
     * it before what others have woken. Round trips on one core, JDK 25: 57 and 58 µs, with the 20 turns 147 and 147.
     */
    private static final int VIRTUAL_TURNS = Runtime.getRuntime().availableProcessors() > 1 ? 20 : 0;

    private static final SpinBudget NO_SPINS = new SpinBudget(0);

    /** Null where the JDK has no virtual threads. */
    private static final MethodHandle IS_VIRTUAL = findIsVirtual();

    /**
     * One that is always in a hurry, and learns to sleep at once.
     *
     * @param waiting   how to.
     * @param doorbell  to sleep on.
     * @param mayParkNs as in {@link Doorbell#sleep}.
     */
    public Rest(final Waiting waiting, final Doorbell doorbell, final LongSupplier mayParkNs) {
        this(waiting, doorbell, mayParkNs, null, AdaptiveIdleStrategy.DEFAULT_LONG_SLEEP_NS);
    }

    private static MethodHandle findIsVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (final NoSuchMethodException | IllegalAccessException ex) {
            return null;
        }
    }

    /**
     * The same with shorter sleeps.
     *
     * @param maxNs longest sleep, in nanoseconds: positive.
     * @return a rest whose sleeps end in time.
     */
    public Rest atMost(final LongSupplier maxNs) {
        return new Rest(
                waiting, doorbell, () -> Math.min(mayParkNs.getAsLong(), maxNs.getAsLong()), hurries, longSleepNs);
    }

    /** Whether who waits so ever sleeps. */
    static boolean sleeps(final Waiting waiting) {
        return waiting == Waiting.ADAPTIVE || waiting == Waiting.PARKING;
    }

    /**
     * For the calling thread.
     *
     * @return a new strategy.
     */
    public IdleStrategy onThisThread() {
        return isVirtual(Thread.currentThread()) ? onVirtualThread() : onPlatformThread();
    }

    private static boolean isVirtual(final Thread thread) {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (final Throwable ex) {
            throw new IllegalStateException("Thread.isVirtual throws nothing", ex);
        }
    }

    /**
     * For a platform thread.
     *
     * @return a new strategy.
     */
    public IdleStrategy onPlatformThread() {
        return switch (waiting) {
            case ADAPTIVE ->
                phased(adaptive(
                        AdaptiveIdleStrategy.DEFAULT_MAX_SPINS,
                        AdaptiveIdleStrategy.DEFAULT_MAX_YIELDS,
                        SpinBudget.shared()));
            case SPINNING -> BusySpinIdleStrategy.INSTANCE;
            case YIELDING -> YieldingIdleStrategy.INSTANCE;
            case PARKING -> adaptive(0, 0, NO_SPINS);
        };
    }

    /**
     * For a virtual thread, which must not keep its carrier for long.
     *
     * @return a new strategy.
     */
    public IdleStrategy onVirtualThread() {
        return switch (waiting) {
            case ADAPTIVE -> new TurnTakingIdleStrategy(phased(adaptive(VIRTUAL_TURNS, 0, SpinBudget.shared())));
            case SPINNING, YIELDING -> YieldingIdleStrategy.INSTANCE;
            case PARKING -> new TurnTakingIdleStrategy(adaptive(0, 0, NO_SPINS));
        };
    }

    private IdleStrategy phased(final IdleStrategy hurried) {
        return hurries == null ? hurried : new PhasedIdleStrategy(hurried, hurries, doorbell, mayParkNs);
    }

    private IdleStrategy adaptive(final int maxSpins, final int maxYields, final SpinBudget budget) {
        return new AdaptiveIdleStrategy(maxSpins, maxYields, budget, doorbell, mayParkNs, longSleepNs);
    }
}
