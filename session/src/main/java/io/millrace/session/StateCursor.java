package io.millrace.session;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.ring.Doorbell;
import io.millrace.ring.SpinBudget;
import io.millrace.ring.ThreadParker;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Walks the states of a {@link StateCell} one by one: made before something is set off, it misses no state of what
 * follows. It keeps the states ahead of it from being collected, so drop it when done. One thread at a time.
 *
 * @param <S> type of the states.
 */
public final class StateCursor<S> {
    private final StateCell<S> cell;
    private StateNode<S> at;

    StateCursor(final StateCell<S> cell, final StateNode<S> at) {
        this.cell = cell;
        this.at = at;
    }

    /**
     * The state the cursor stands on. Wait-free.
     *
     * @return a state that the cell has, or had.
     */
    public S state() {
        return at.value;
    }

    /**
     * Steps to the next state. Wait-free.
     *
     * @return false if the cell has not moved on, and the cursor neither.
     */
    public boolean advance() {
        final StateNode<S> next = cell.after(at);
        if (next == null) {
            return false;
        }
        at = next;
        return true;
    }

    /**
     * Steps to the first wanted state, beginning with the one it stands on. Blocking: spins, yields, then parks.
     *
     * @param wanted    the states to wait for.
     * @param timeoutNs longest wait in nanoseconds; 0 or less only looks at what is there. States that the cell already
     *                  has had by then are looked at all the same.
     * @return the first such state, where the cursor then stands, or null when the time is over.
     * @throws InterruptedException if the thread is interrupted before it finds one.
     */
    public S await(final Predicate<? super S> wanted, final long timeoutNs) throws InterruptedException {
        Objects.requireNonNull(wanted, "wanted");
        return find(wanted) || (timeoutNs > 0 && sleepUntil(wanted, timeoutNs)) ? at.value : null;
    }

    /** For debugging: the phase it stands on, and whether the cell has moved on, not the state. Its thread; wait-free. */
    @Override
    public String toString() {
        return "StateCursor phase=" + cell.phaseOf(state()) + " behind=" + (cell.node() != at);
    }

    /** Up to the state that the cell has now: a mover may be faster, and neither time nor interrupt would be looked at. */
    private boolean find(final Predicate<? super S> wanted) {
        final StateNode<S> last = cell.node();
        while (!wanted.test(at.value)) {
            if (at == last || !advance()) {
                return false;
            }
        }
        return true;
    }

    private boolean sleepUntil(final Predicate<? super S> wanted, final long timeoutNs) throws InterruptedException {
        final long beginNs = cell.clock().nanoTime();
        final Doorbell doorbell = new Doorbell(new ThreadParker());
        final AdaptiveIdleStrategy idle = new AdaptiveIdleStrategy(
                AdaptiveIdleStrategy.DEFAULT_MAX_SPINS,
                AdaptiveIdleStrategy.DEFAULT_MAX_YIELDS,
                SpinBudget.shared(),
                doorbell,
                () -> cell.after(at) != null ? 0 : timeoutNs - (cell.clock().nanoTime() - beginNs));
        final Runnable waker = doorbell::ring;
        cell.wakers().add(waker);
        try {
            while (true) {
                if (advance()) {
                    if (find(wanted)) {
                        return true;
                    }
                    idle.reset();
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (cell.clock().nanoTime() - beginNs >= timeoutNs) {
                    return false;
                }
                idle.idle();
            }
        } finally {
            idle.reset();
            cell.wakers().remove(waker);
        }
    }
}
