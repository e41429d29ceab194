package io.millrace.transport.agent;

import org.agrona.concurrent.NanoClock;

/** One moment that may be set. The clock is read only while it is. */
final class Deadline {
    private final NanoClock clock;
    private long atNs;
    private boolean set;

    Deadline(final NanoClock clock) {
        this.clock = clock;
    }

    void in(final long ns) {
        atNs = clock.nanoTime() + ns;
        set = true;
    }

    void clear() {
        set = false;
    }

    boolean isOver() {
        return set && clock.nanoTime() - atNs >= 0;
    }

    /** Nanoseconds left: 0 if over, {@link Long#MAX_VALUE} if not set. */
    long leftNs() {
        return set ? Math.max(0, atNs - clock.nanoTime()) : Long.MAX_VALUE;
    }
}
