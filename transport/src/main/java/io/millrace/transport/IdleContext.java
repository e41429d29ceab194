package io.millrace.transport;

import java.util.concurrent.TimeUnit;

/**
 * What becomes of a connection on which nothing happens: whom it tells, what it asks the peer, and when it lets its buffers
 * go. Set it up on one thread; {@link #conclude()} freezes it, after which any thread may read it. Setters check their
 * value at once.
 */
public final class IdleContext {
    private long readIdleTimeoutNs;
    private long writeIdleTimeoutNs;
    private long idleTimeoutNs;
    private long heartbeatIntervalNs;
    private int heartbeatMissedLimit = 3;
    private long bufferIdleTimeoutNs = TimeUnit.SECONDS.toNanos(1);
    private boolean concluded;

    /** Makes a context with the defaults. */
    public IdleContext() {}

    /**
     * Freezes the values. Idempotent; {@link ConnectionContext#conclude()} does it.
     *
     * @return this.
     */
    public IdleContext conclude() {
        concluded = true;
        return this;
    }

    /**
     * How long nothing may come before {@link ConnectionHandler#onIdle} is told.
     *
     * @return nanoseconds; 0, unless set, for never.
     */
    public long readIdleTimeoutNs() {
        return readIdleTimeoutNs;
    }

    /**
     * Sets how long nothing may come before the handler is told.
     *
     * @param ns nanoseconds: not negative; 0 for never.
     * @return this.
     */
    public IdleContext readIdleTimeoutNs(final long ns) {
        checkOpen();
        readIdleTimeoutNs = Ranges.notNegative("readIdleTimeoutNs", ns);
        return this;
    }

    /**
     * How long nothing may be sent before {@link ConnectionHandler#onIdle} is told.
     *
     * @return nanoseconds; 0, unless set, for never.
     */
    public long writeIdleTimeoutNs() {
        return writeIdleTimeoutNs;
    }

    /**
     * Sets how long nothing may be sent before the handler is told.
     *
     * @param ns nanoseconds: not negative; 0 for never.
     * @return this.
     */
    public IdleContext writeIdleTimeoutNs(final long ns) {
        checkOpen();
        writeIdleTimeoutNs = Ranges.notNegative("writeIdleTimeoutNs", ns);
        return this;
    }

    /**
     * How long nothing may come or be sent before {@link ConnectionHandler#onIdle} is told.
     *
     * @return nanoseconds; 0, unless set, for never.
     */
    public long idleTimeoutNs() {
        return idleTimeoutNs;
    }

    /**
     * Sets how long nothing may come or be sent before the handler is told.
     *
     * @param ns nanoseconds: not negative; 0 for never.
     * @return this.
     */
    public IdleContext idleTimeoutNs(final long ns) {
        checkOpen();
        idleTimeoutNs = Ranges.notNegative("idleTimeoutNs", ns);
        return this;
    }

    /**
     * How long the peer may say nothing before it is asked for a sign of life: by the protocol's
     * {@link Protocol#heartbeat()}, or by the handler in {@link ConnectionHandler#onIdle}. A WebSocket pings at the end of each such
     * interval, silent peer or not, to measure how long the answer takes; any bytes from the peer count as life.
     *
     * @return nanoseconds; 0, unless set, for no heartbeats.
     */
    public long heartbeatIntervalNs() {
        return heartbeatIntervalNs;
    }

    /**
     * Sets how long the peer may say nothing before it is asked for a sign of life.
     *
     * @param ns nanoseconds: not negative; 0 for no heartbeats.
     * @return this.
     */
    public IdleContext heartbeatIntervalNs(final long ns) {
        checkOpen();
        heartbeatIntervalNs = Ranges.notNegative("heartbeatIntervalNs", ns);
        return this;
    }

    /**
     * How many heartbeats in a row the peer may leave unanswered. At the end of the next interval the connection is closed.
     *
     * @return the limit: 3 unless set.
     */
    public int heartbeatMissedLimit() {
        return heartbeatMissedLimit;
    }

    /**
     * Sets how many heartbeats in a row the peer may leave unanswered.
     *
     * @param limit from 1 to 1,000.
     * @return this.
     */
    public IdleContext heartbeatMissedLimit(final int limit) {
        checkOpen();
        heartbeatMissedLimit = Ranges.within("heartbeatMissedLimit", limit, 1, 1000);
        return this;
    }

    /**
     * How long nothing may come or be sent before the connection lets its buffers go.
     *
     * @return nanoseconds: 1 s unless set; 0 for never.
     */
    public long bufferIdleTimeoutNs() {
        return bufferIdleTimeoutNs;
    }

    /**
     * Sets how long nothing may come or be sent before the connection lets its buffers go.
     *
     * @param ns nanoseconds: not negative; 0 for never.
     * @return this.
     */
    public IdleContext bufferIdleTimeoutNs(final long ns) {
        checkOpen();
        bufferIdleTimeoutNs = Ranges.notNegative("bufferIdleTimeoutNs", ns);
        return this;
    }

    private void checkOpen() {
        Ranges.notConcluded(concluded);
    }
}
