package io.millrace.transport.agent;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * Lets so many through in a second, and so many at once after a pause. Counts in the time that it owes, so that no
 * fraction of a token is ever lost. One thread.
 */
final class TokenBucket {
    private final NanoClock clock;
    private final long tokenNs;
    private final long fullNs;
    private long savedNs;
    private long lastNs;

    /**
     * Makes a bucket that is full.
     *
     * @param perSecond tokens: from 1 to 10^9.
     * @param burst     tokens it holds: at least 1.
     */
    TokenBucket(final NanoClock clock, final int perSecond, final int burst) {
        this.clock = clock;
        tokenNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        fullNs = tokenNs * burst;
        savedNs = fullNs;
        lastNs = clock.nanoTime();
    }

    boolean tryTake() {
        final long nowNs = clock.nanoTime();
        // The longest pause first: adding it to what is saved could overflow.
        savedNs = Math.min(fullNs, savedNs + Math.min(fullNs, nowNs - lastNs));
        lastNs = nowNs;
        if (savedNs < tokenNs) {
            return false;
        }
        savedNs -= tokenNs;
        return true;
    }
}
