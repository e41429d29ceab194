package io.millrace.transport.agent;

import io.millrace.transport.ConnectionCounters;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counters of one connection. Those of the connection's thread have it for their one writer; those of refusals have
 * many, and are counted off the fast path.
 */
final class CounterCells implements ConnectionCounters {
    // The connection's thread.
    static final int MESSAGES_IN = 0;
    static final int BYTES_IN = 1;
    static final int MESSAGES_OUT = 2;
    static final int BYTES_OUT = 3;
    static final int SLOW_CONSUMER = 4;
    static final int IDLE = 5;
    static final int HEARTBEATS = 6;
    // Any thread.
    static final int BACK_PRESSURED = 7;
    static final int DROPPED = 8;
    static final int TOO_LONG = 9;
    private static final int CELLS = 10;

    private final AtomicLongArray cells = new AtomicLongArray(CELLS);

    /** The connection's thread. */
    void add(final int cell, final long count) {
        cells.setRelease(cell, cells.getPlain(cell) + count);
    }

    /** The connection's thread. */
    void set(final int cell, final long value) {
        cells.setRelease(cell, value);
    }

    /** Any thread. */
    void increment(final int cell) {
        cells.getAndIncrement(cell);
    }

    /** The connection's thread: its own counters only. */
    long own(final int cell) {
        return cells.getPlain(cell);
    }

    @Override
    public long messagesIn() {
        return cells.getAcquire(MESSAGES_IN);
    }

    @Override
    public long bytesIn() {
        return cells.getAcquire(BYTES_IN);
    }

    @Override
    public long messagesOut() {
        return cells.getAcquire(MESSAGES_OUT);
    }

    @Override
    public long bytesOut() {
        return cells.getAcquire(BYTES_OUT);
    }

    @Override
    public long backPressured() {
        return cells.getAcquire(BACK_PRESSURED);
    }

    @Override
    public long dropped() {
        return cells.getAcquire(DROPPED);
    }

    @Override
    public long tooLong() {
        return cells.getAcquire(TOO_LONG);
    }

    @Override
    public long slowConsumer() {
        return cells.getAcquire(SLOW_CONSUMER);
    }

    @Override
    public long idle() {
        return cells.getAcquire(IDLE);
    }

    @Override
    public long heartbeats() {
        return cells.getAcquire(HEARTBEATS);
    }

    @Override
    public String toString() {
        return "messagesIn=" + messagesIn() + " messagesOut=" + messagesOut();
    }
}
