package io.millrace.transport.agent;

import io.millrace.ring.Parker;
import io.millrace.ring.ThreadParker;
import org.agrona.concurrent.IdleStrategy;

/**
 * For a virtual thread, which nobody takes its carrier from: after many turns that found work it sleeps for a moment, so that a
 * few connections under constant load don't keep all others waiting. To yield is not enough: a carrier serves what yielded to it
 * before what others have woken. One thread.
 */
final class TurnTakingIdleStrategy implements IdleStrategy {
    /** Some ten milliseconds; a sleep takes about a tenth of one. */
    static final int TURNS = 1_024;

    private final IdleStrategy strategy;
    private final Parker parker = new ThreadParker();
    private int turns;

    TurnTakingIdleStrategy(final IdleStrategy strategy) {
        this.strategy = strategy;
    }

    @Override
    public void idle(final int workCount) {
        strategy.idle(workCount);
        if (workCount > 0 && ++turns == TURNS) {
            turns = 0;
            parker.park(1);
        }
    }

    @Override
    public void idle() {
        strategy.idle();
    }

    @Override
    public void reset() {
        strategy.reset();
    }

    @Override
    public String alias() {
        return "turn-taking-" + strategy.alias();
    }
}
