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
     * A virtual thread that yields keeps its carrier on a core that others, senders for one, may need. With 50, ten connections with
     * 100,000 messages/s had a p99 of 61 to 133 ms on two cores, with 20 of 5 to 22; with 10, a round trip took 63 µs and not 13.
     */
    private static final int VIRTUAL_YIELDS = 20;

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
                phased(new AdaptiveIdleStrategy(
                        AdaptiveIdleStrategy.DEFAULT_MAX_SPINS,
                        AdaptiveIdleStrategy.DEFAULT_MAX_YIELDS,
                        SpinBudget.shared(),
                        doorbell,
                        mayParkNs,
                        longSleepNs));
            case SPINNING -> BusySpinIdleStrategy.INSTANCE;
            case YIELDING -> YieldingIdleStrategy.INSTANCE;
            case PARKING -> yielding(0);
        };
    }

    /**
     * For a virtual thread, which must not spin, nor keep its carrier for long.
     *
     * @return a new strategy.
     */
    public IdleStrategy onVirtualThread() {
        return switch (waiting) {
            case ADAPTIVE -> new TurnTakingIdleStrategy(phased(yielding(VIRTUAL_YIELDS)));
            case SPINNING, YIELDING -> YieldingIdleStrategy.INSTANCE;
            case PARKING -> new TurnTakingIdleStrategy(yielding(0));
        };
    }

    private IdleStrategy phased(final IdleStrategy hurried) {
        return hurries == null ? hurried : new PhasedIdleStrategy(hurried, hurries, doorbell, mayParkNs);
    }

    private IdleStrategy yielding(final int maxYields) {
        return new AdaptiveIdleStrategy(0, maxYields, NO_SPINS, doorbell, mayParkNs, longSleepNs);
    }
}
