package io.millrace.transport.agent;

import io.millrace.transport.ReconnectContext;

/**
 * How a run of failed attempts goes on. Immutable.
 *
 * @param attempts made since the last healthy connection.
 * @param sinceNs  when the first of them began.
 */
record Backoff(int attempts, long sinceNs) {
    private static final int MOST_DOUBLINGS = 62;

    static Backoff fresh(final long nowNs) {
        return new Backoff(0, nowNs);
    }

    Backoff attempted() {
        return new Backoff(attempts + 1, sinceNs);
    }

    boolean isOver(final ReconnectContext settings, final long nowNs) {
        return attempts >= settings.maxAttempts() || nowNs - sinceNs >= settings.maxTimeNs();
    }

    /** Until the next attempt: a draw from zero to a bound that doubles with each. */
    long delayNs(final ReconnectContext settings) {
        final int doublings = Math.min(Math.max(0, attempts - 1), MOST_DOUBLINGS);
        final long first = settings.firstDelayNs();
        final long most = settings.maxDelayNs();
        final long bound = first > most >> doublings ? most : first << doublings;
        return Math.max(0, Math.min(bound, settings.jitter().applyAsLong(bound)));
    }
}
