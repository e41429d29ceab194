package io.millrace.session;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Carries the edges of a cell to one listener, each once and in order, with at most one thread inside: a mover either
 * becomes that thread or tells it that there is more.
 */
final class EdgeDelivery<S> implements Runnable {
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int MORE = 2;

    /** Begins as if a thread were inside: nobody delivers before it {@linkplain #begin() begins}. */
    private final AtomicInteger turn = new AtomicInteger(RUNNING);

    private final StateCell<S> cell;
    private final StateListener<? super S> listener;
    private volatile boolean closed;
    /** The last state delivered: belongs to the thread inside, and is handed on through {@code turn}. */
    private StateNode<S> at;

    EdgeDelivery(final StateCell<S> cell, final StateListener<? super S> listener) {
        this.cell = cell;
        this.listener = listener;
        at = cell.node();
    }

    /**
     * Edges from now on are delivered. To be called once, when movers can find it: whoever moves the cell during this call
     * left its edge to this thread, which passes over it, for the call comes behind it then.
     */
    void begin() {
        do {
            turn.set(RUNNING);
            at = cell.node();
        } while (!turn.compareAndSet(RUNNING, IDLE));
    }

    @Override
    public void run() {
        while (!turn.compareAndSet(IDLE, RUNNING)) {
            if (turn.get() == MORE || turn.compareAndSet(RUNNING, MORE)) {
                return;
            }
        }
        Throwable first = null;
        do {
            turn.set(RUNNING);
            first = deliver(first);
        } while (!turn.compareAndSet(RUNNING, IDLE));
        Errors.rethrow(first);
    }

    private Throwable deliver(final Throwable before) {
        Throwable first = before;
        StateNode<S> next = cell.after(at);
        while (next != null && !closed) {
            final StateNode<S> from = at;
            at = next;
            try {
                listener.onEdge(from.value, next.value);
            } catch (final Throwable ex) {
                first = Errors.join(first, ex);
            }
            next = cell.after(at);
        }
        return first;
    }

    void close() {
        closed = true;
    }
}
