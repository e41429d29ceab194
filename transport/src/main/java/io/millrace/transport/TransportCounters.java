package io.millrace.transport;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What happened on a transport so far. Any thread; wait-free. */
public final class TransportCounters {
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong handlerErrors = new AtomicLong();
    private final Map<CloseReason, AtomicLong> closed = new EnumMap<>(CloseReason.class);
    private final Map<RefusalReason, AtomicLong> refused = new EnumMap<>(RefusalReason.class);

    /** Makes counters that stand at zero. */
    public TransportCounters() {
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
     * Exceptions that {@link ConnectionHandler#onClose} threw: there is nothing left to close for them.
     *
     * @return the count.
     */
    public long handlerErrors() {
        return handlerErrors.get();
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
}
