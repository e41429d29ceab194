package io.millrace.transport.agent;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.ring.Doorbell;
import io.millrace.ring.SpinBudget;
import io.millrace.transport.Waiting;
import java.util.function.LongSupplier;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * What an agent's thread does between turns that found nothing to do.
 *
 * @param waiting   how to.
 * @param doorbell  to sleep on.
 * @param mayParkNs as in {@link Doorbell#sleep}.
 */
public record Rest(Waiting waiting, Doorbell doorbell, LongSupplier mayParkNs) {
    /**
     * For a platform thread.
     *
     * @return a new strategy.
     */
    public IdleStrategy onPlatformThread() {
        return switch (waiting) {
            case ADAPTIVE -> adaptive(AdaptiveIdleStrategy.DEFAULT_MAX_SPINS, AdaptiveIdleStrategy.DEFAULT_MAX_YIELDS);
            case SPINNING -> BusySpinIdleStrategy.INSTANCE;
            case PARKING -> adaptive(0, 0);
        };
    }

    private IdleStrategy adaptive(final int maxSpins, final int maxYields) {
        return new AdaptiveIdleStrategy(maxSpins, maxYields, SpinBudget.shared(), doorbell, mayParkNs);
    }
}
