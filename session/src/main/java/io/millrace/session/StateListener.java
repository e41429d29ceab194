package io.millrace.session;

/**
 * Told of every edge of a {@link StateCell}, once and in order.
 *
 * @param <S> type of the states.
 */
@FunctionalInterface
public interface StateListener<S> {
    /**
     * Called for one edge, outside any retry loop and with nothing held: it may read and move the cell. Calls to one
     * listener never overlap; each happens before the next, on the thread of one of the movers.
     *
     * @param from the state before.
     * @param to   the state after; the cell may have moved on since.
     */
    void onEdge(S from, S to);
}
