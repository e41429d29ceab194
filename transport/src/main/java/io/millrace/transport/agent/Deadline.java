package io.millrace.transport.agent;

/** One moment that may be set, on a clock that the caller reads. */
class Deadline {
    private long atNs;
    private boolean set;

    void at(final long ns) {
        atNs = ns;
        set = true;
    }

    void clear() {
        set = false;
    }

    boolean isSet() {
        return set;
    }

    boolean isOver(final long nowNs) {
        return set && nowNs - atNs >= 0;
    }

    /** Nanoseconds left: 0 if over, {@link Long#MAX_VALUE} if not set. */
    long leftNs(final long nowNs) {
        return set ? Math.max(0, atNs - nowNs) : Long.MAX_VALUE;
    }
}
