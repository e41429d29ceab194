package io.millrace.transport;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What happened on a transport so far. Any thread; wait-free, but for {@link #totals()}. */
public final class TransportCounters {
    private final EndedConnections ended;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong handlerErrors = new AtomicLong();
    private final Map<CloseReason, AtomicLong> closed = new EnumMap<>(CloseReason.class);
    private final Map<RefusalReason, AtomicLong> refused = new EnumMap<>(RefusalReason.class);

    /** Makes counters that stand at zero, of connections that count only once they have ended. */
    public TransportCounters() {
        this(List::of);
    }

    /**
     * Makes counters that stand at zero.
     *
     * @param living the counters of all connections that live at a moment: an immutable snapshot, each of them once; any
     *     thread.
     */
    public TransportCounters(final Supplier<? extends Collection<? extends ConnectionCounters>> living) {
        ended = new EndedConnections(living);
        for (final CloseReason reason : CloseReason.values()) {
            closed.put(reason, new AtomicLong());
        }
        for (final RefusalReason reason : RefusalReason.values()) {
            refused.put(reason, new AtomicLong());
        }
    }

    /**
     * Connections that became ready to use.
     *
     * @return the count.
     */
    public long opened() {
        return opened.get();
    }

    /**
     * Connections that ended for one reason, whether or not they ever opened.
     *
     * @param reason of the end.
     * @return the count.
     */
    public long closed(final CloseReason reason) {
        return closed.get(reason).get();
    }

    /**
     * Peers that listeners refused for one reason.
     *
     * @param reason of the refusal.
     * @return the count.
     */
    public long refused(final RefusalReason reason) {
        return refused.get(reason).get();
    }

    /**
     * Exceptions that {@link ConnectionHandler#onClose}, {@link ReconnectHandler#onEnd}, a
     * {@link ReconnectContext#jitter()} or a {@link Conversation} that is told of its end threw: there is nothing left to
     * close for them.
     *
     * @return the count.
     */
    public long handlerErrors() {
        return handlerErrors.get();
    }

    /**
     * What happened on all connections together, the living and the ended: each counts exactly once, also while it ends.
     * Only refusals of offers that were on their way when their connection ended may be missing. Any thread; lock-free,
     * up to the connections that live.
     *
     * @return the sums, which never change.
     */
    public ConnectionTotals totals() {
        return ended.totals();
    }

    /**
     * Adds what happened on a connection that ends, and lets it leave the living.
     *
     * @param last  counters, which do not change any more.
     * @param leave takes the connection away from the living.
     */
    public void onEnded(final ConnectionCounters last, final Runnable leave) {
        ended.end(last, leave);
    }

    /** Counts a connection that became ready. */
    public void onOpened() {
        opened.incrementAndGet();
    }

    /**
     * Counts a connection that ended.
     *
     * @param reason of the end.
     */
    public void onClosed(final CloseReason reason) {
        closed.get(reason).incrementAndGet();
    }

    /**
     * Counts a peer that was refused.
     *
     * @param reason of the refusal.
     */
    public void onRefused(final RefusalReason reason) {
        refused.get(reason).incrementAndGet();
    }

    /** Counts an exception of a closing handler. */
    public void onHandlerError() {
        handlerErrors.incrementAndGet();
    }

    private static String some(final Map<?, AtomicLong> counts) {
        return counts.entrySet().stream()
                .filter(each -> each.getValue().get() != 0)
                .toList()
                .toString();
    }

    @Override
    public String toString() {
        return "opened=" + opened + " closed=" + some(closed) + " refused=" + some(refused) + " handlerErrors="
                + handlerErrors;
    }
}
