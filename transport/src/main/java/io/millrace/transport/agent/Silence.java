package io.millrace.transport.agent;

/**
 * Notices that a count has not moved for a time. Whoever moves the count reads no clock for it: the first look after
 * the move does.
 */
final class Silence extends Deadline {
    /** 0 notices nothing. */
    private long intervalNs;

    private long lastCount;

    /** With an interval of 0 it notices nothing. */
    Silence(final long intervalNs) {
        this.intervalNs = intervalNs;
    }

    /** Listens from now on. */
    void begin(final long nowNs, final long count) {
        lastCount = count;
        if (intervalNs > 0) {
            at(nowNs + intervalNs);
        }
    }

    /** Listens no more until the count moves. */
    void rest() {
        clear();
    }

    /** Listens no more, whatever the count does. */
    void end() {
        intervalNs = 0;
        clear();
    }

    /** Whether the count has moved since the last look; then the interval begins again. */
    boolean isBroken(final long nowNs, final long count) {
        if (count == lastCount) {
            return false;
        }
        begin(nowNs, count);
        return true;
    }

    /** Whether the count has moved since the last look; the interval goes on. */
    boolean hasMoved(final long count) {
        final boolean moved = count != lastCount;
        lastCount = count;
        return moved;
    }

    /** Whether an interval is over; the next one then begins. To be asked after {@link #isBroken}. */
    @Override
    boolean isOver(final long nowNs) {
        final boolean over = super.isOver(nowNs);
        if (over) {
            at(nowNs + intervalNs);
        }
        return over;
    }
}
