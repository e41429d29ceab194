package io.millrace.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * One immutable state that moves along declared edges. A reader loads it once and works on that value: there is no field
 * that can turn null between its check and its use, for there is no field but this one.
 *
 * <p>Any thread. {@link #value()} is wait-free; moves are lock-free, except that the mover also runs the listeners, see
 * {@link #onEdge}; {@link #await} blocks.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>{@code current}: moved by compare-and-set (volatile), loaded with acquire by {@link #value()}: who sees a state
 *       sees everything that was written before the move to it. It is replaced by a node of its own state once, by
 *       compare-and-set, too: a move either comes before that, or fails and is made again as one of the history.
 *   <li>A sleeper writes "asleep" (volatile) and then looks for a later state; a mover moves and then reads "asleep". All
 *       are volatile, so one of the two sees the other: no edge is slept through.
 * </ul>
 *
 * @param <S> type of the states: immutable. States are compared by identity.
 */
@SuppressWarnings("UnusedVariable") // Read through the VarHandle.
public final class StateCell<S> {
    private static final VarHandle CURRENT;

    static {
        try {
            CURRENT = MethodHandles.lookup().findVarHandle(StateCell.class, "current", Object.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final StateEdges<? super S, ?> edges;
    private final NanoClock clock;
    private final SnapshotSet<Runnable> wakers = new SnapshotSet<>();
    /** The state alone, until somebody wants its history; from then on, a node of that. */
    private Object current;

    /**
     * Makes a cell on the system's clock.
     *
     * @param initial state, not null.
     * @param edges   that it may move along.
     */
    public StateCell(final S initial, final StateEdges<? super S, ?> edges) {
        this(initial, edges, SystemNanoClock.INSTANCE);
    }

    /**
     * Makes a cell.
     *
     * @param initial state, not null.
     * @param edges   that it may move along.
     * @param clock   that deadlines are read from, in nanoseconds.
     */
    public StateCell(final S initial, final StateEdges<? super S, ?> edges, final NanoClock clock) {
        this.edges = Objects.requireNonNull(edges, "edges");
        this.clock = Objects.requireNonNull(clock, "clock");
        CURRENT.setRelease(this, Objects.requireNonNull(initial, "initial"));
    }

    /**
     * The state now. Wait-free: one load, and one more once somebody has asked for a cursor, waited, or listened.
     *
     * @return the state, never null.
     */
    public S value() {
        return stateOf(CURRENT.getAcquire(this));
    }

    /**
     * Moves if the state is still the one expected, then tells the listeners. Lock-free.
     *
     * @param expected state, compared by identity.
     * @param next     state.
     * @return whether it moved; false changes nothing.
     * @throws IllegalStateException if no edge leads from one to the other, whatever the state is; nothing changed.
     */
    public boolean compareAndSet(final S expected, final S next) {
        requireEdge(Objects.requireNonNull(expected, "expected"), Objects.requireNonNull(next, "next"));
        Object now = CURRENT.getVolatile(this);
        while (stateOf(now) == expected) {
            if (move(now, next)) {
                return true;
            }
            now = CURRENT.getVolatile(this);
        }
        return false;
    }

    /**
     * Moves to what a function makes of the state, then tells the listeners. Lock-free.
     *
     * @param function of the state now: pure, for it runs again if another thread moved first. Returning its argument
     *                 moves nothing.
     * @return the state that it moved to, or found good.
     * @throws IllegalStateException if no edge leads there; nothing changed.
     */
    public S update(final UnaryOperator<S> function) {
        while (true) {
            final Object now = CURRENT.getVolatile(this);
            final S state = stateOf(now);
            final S next = Objects.requireNonNull(function.apply(state), "next");
            if (next == state) {
                return next;
            }
            requireEdge(state, next);
            if (move(now, next)) {
                return next;
            }
        }
    }

    /**
     * A reader of every state from now on, none left out. Wait-free, the first time lock-free.
     *
     * @return a cursor that stands on the state now.
     */
    public StateCursor<S> cursor() {
        return new StateCursor<>(this, node());
    }

    /**
     * Waits for a state, beginning with the one now; a state that is left again at once is seen all the same. Blocking.
     *
     * @param wanted    the states to wait for.
     * @param timeoutNs longest wait in nanoseconds; 0 or less only looks.
     * @return the first such state, or null when the time is over.
     * @throws InterruptedException if the thread is interrupted before it finds one.
     */
    public S await(final Predicate<? super S> wanted, final long timeoutNs) throws InterruptedException {
        return cursor().await(wanted, timeoutNs);
    }

    /**
     * Adds a listener for every edge from now on. Lock-free, and calls no listener: one that throws is added all the same.
     *
     * <p>It is called by the threads that move the cell, one at a time: a mover that finds the listener busy leaves its
     * edge to the thread inside and goes on, and a listener that moves the cell hears of it after it returns. So no edge
     * is lost and nobody waits, but the bound on a mover's work is the others': it delivers all edges that come before
     * it finds none left, and, where others move faster than the listener returns, does not come back from its move while they
     * do. Edges that wait, behind a listener that is slow or does not return, are kept in memory.
     *
     * <p>If a listener throws, it is called for the next edge all the same, the other listeners too, and then the mover's
     * call throws the first error, with up to eight others as suppressed ones, and the number of those beyond.
     *
     * @param listener to call.
     * @return closing it ends the calls; one that runs may still finish.
     */
    public Registration onEdge(final StateListener<? super S> listener) {
        return register(new EdgeDelivery<>(this, Objects.requireNonNull(listener, "listener")));
    }

    /** Has movers run a delivery from now on. */
    Registration register(final EdgeDelivery<S> delivery) {
        wakers.add(delivery);
        delivery.begin();
        // A delivery keeps every state after the one that it stands on: a registration that is closed lets go of it.
        final AtomicReference<EdgeDelivery<S>> held = new AtomicReference<>(delivery);
        return () -> {
            final EdgeDelivery<S> open = held.getAndSet(null);
            if (open != null) {
                end(open);
            }
        };
    }

    /** For debugging: the phase, and how many listen or wait, not the state. Wait-free. */
    @Override
    public String toString() {
        return "StateCell phase=" + phaseOf(value()) + " listeners="
                + wakers.snapshot().size();
    }

    private void end(final EdgeDelivery<S> delivery) {
        delivery.close();
        wakers.remove(delivery);
    }

    Object phaseOf(final S state) {
        return edges.phaseOf(state);
    }

    NanoClock clock() {
        return clock;
    }

    SnapshotSet<Runnable> wakers() {
        return wakers;
    }

    /** The state after a node, or null if there is none yet. */
    StateNode<S> after(final StateNode<S> node) {
        final StateNode<S> next = node.next();
        if (next != null) {
            return next;
        }
        final StateNode<S> last = node();
        if (last == node) {
            return null;
        }
        last.link();
        return node.next();
    }

    private boolean move(final Object from, final S to) {
        // A state alone has nobody to wake: who wants to be woken asks for a node first, and then this fails.
        return from instanceof StateNode<?> ? move(nodeOf(from), to) : CURRENT.compareAndSet(this, from, to);
    }

    private boolean move(final StateNode<S> from, final S to) {
        // A node is linked before it gets a successor: so linking the last one completes the whole history.
        from.link();
        final StateNode<S> node = new StateNode<>(to, from);
        if (!CURRENT.compareAndSet(this, from, node)) {
            return false;
        }
        node.link();
        wake();
        return true;
    }

    private void wake() {
        final List<Runnable> woken = wakers.snapshot();
        Throwable first = null;
        for (int i = 0; i < woken.size(); i++) {
            try {
                woken.get(i).run();
            } catch (final Throwable ex) {
                first = Errors.join(first, ex);
            }
        }
        Errors.rethrow(first);
    }

    private void requireEdge(final S from, final S to) {
        if (!edges.permits(from, to)) {
            throw new IllegalStateException("not a legal edge: from=" + from + " to=" + to);
        }
    }

    /** The state now as a node, so that its history is kept from here on. */
    StateNode<S> node() {
        while (true) {
            final Object now = CURRENT.getVolatile(this);
            if (now instanceof StateNode<?>) {
                return nodeOf(now);
            }
            final StateNode<S> first = new StateNode<>(stateOf(now), null);
            if (CURRENT.compareAndSet(this, now, first)) {
                return first;
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <S> StateNode<S> nodeOf(final Object now) {
        return (StateNode<S>) now;
    }

    @SuppressWarnings("unchecked")
    private S stateOf(final Object now) {
        return now instanceof StateNode<?> ? ((StateNode<S>) now).value : (S) now;
    }
}
