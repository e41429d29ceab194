package io.millrace.ring;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many threads may spin at once. Spinners that outnumber the cores fight the very threads they wait for: three of
 * them on two cores made a round trip thirteen times slower than yielding did.
 */
public final class SpinBudget {
    private static final SpinBudget SHARED =
            new SpinBudget(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    private final AtomicInteger left;

    /**
     * Makes a budget.
     *
     * @param spinners at once: not negative; 0 for none.
     * @throws IllegalArgumentException if negative.
     */
    public SpinBudget(final int spinners) {
        if (spinners < 0) {
            throw new IllegalArgumentException("a budget is not negative: spinners=" + spinners);
        }
        left = new AtomicInteger(spinners);
    }

    /**
     * The budget of the process: half its cores, at least one.
     *
     * @return the shared budget.
     */
    public static SpinBudget shared() {
        return SHARED;
    }

    /**
     * Takes a place if one is free. Any thread; lock-free.
     *
     * @return whether the caller may spin, and then has to {@link #exit()}.
     */
    public boolean tryEnter() {
        int places = left.getAcquire();
        while (places > 0) {
            final int seen = left.compareAndExchange(places, places - 1);
            if (seen == places) {
                return true;
            }
            places = seen;
        }
        return false;
    }

    /** Gives a place back. Any thread; wait-free. */
    public void exit() {
        left.getAndIncrement();
    }

    /** For debugging. Any thread; wait-free. */
    @Override
    public String toString() {
        return "SpinBudget left=" + left.get();
    }
}
