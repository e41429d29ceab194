package io.millrace.jmh.connection;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A number on cache lines of its own. The harness keeps so what one thread writes for each message, or looks at: beside
 * anything else of the heap it would slow now one peer and now another, by where a collection has put it.
 */
final class PaddedLong {
    /** On both sides: two lines, for processors fetch them in pairs. */
    static final int PADDING = 16;

    private final AtomicLongArray cells = new AtomicLongArray(PADDING + 1 + PADDING);

    /** The writer: its own value. */
    long plain() {
        return cells.getPlain(PADDING);
    }

    long acquire() {
        return cells.getAcquire(PADDING);
    }

    void release(final long value) {
        cells.setRelease(PADDING, value);
    }
}
