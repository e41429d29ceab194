package io.millrace.transport;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What happened on a transport so far. Any thread; wait-free. */
public final class TransportCounters {
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong acceptErrors = new AtomicLong();
    private final AtomicLong handlerErrors = new AtomicLong();
    private final Map<CloseReason, AtomicLong> closed = new EnumMap<>(CloseReason.class);

    /** Makes counters that stand at zero. */
    public TransportCounters() {
        for (final CloseReason reason : CloseReason.values()) {
            closed.put(reason, new AtomicLong());
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
     * Connections that could not be accepted, for want of descriptors or threads.
     *
     * @return the count.
     */
    public long acceptErrors() {
        return acceptErrors.get();
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

    /** Counts a connection that could not be accepted. */
    public void onAcceptError() {
        acceptErrors.incrementAndGet();
    }

    /** Counts an exception of a closing handler. */
    public void onHandlerError() {
        handlerErrors.incrementAndGet();
    }
}
