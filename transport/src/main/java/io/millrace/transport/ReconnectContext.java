package io.millrace.transport;

import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * How a {@link ReconnectingConnection} tries again: before each attempt it waits for a time drawn at random from zero to a
 * bound that doubles with each attempt ("full jitter"), so that many clients of one server do not come back together.
 * Set it up on one thread; {@link #conclude()} freezes it, after which any thread may read it. Setters check their value
 * at once.
 */
public final class ReconnectContext {
    /** The value of a limit that does not limit, which both are unless set. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private long firstDelayNs = TimeUnit.MILLISECONDS.toNanos(100);
    private long maxDelayNs = TimeUnit.SECONDS.toNanos(30);
    private long healthyNs = TimeUnit.SECONDS.toNanos(10);
    private int maxAttempts = UNLIMITED;
    private long maxTimeNs = Long.MAX_VALUE;
    private LongUnaryOperator jitter = ReconnectContext::anyUpTo;
    private boolean concluded;

    /** Makes a context with the defaults. */
    public ReconnectContext() {}

    /**
     * Checks the values against one another and freezes them. Idempotent; {@link Transport} does it.
     *
     * @return this.
     * @throws IllegalArgumentException if the first delay is longer than the longest.
     */
    public ReconnectContext conclude() {
        if (firstDelayNs > maxDelayNs) {
            throw new IllegalArgumentException("firstDelayNs must not be over maxDelayNs: firstDelayNs=" + firstDelayNs
                    + " maxDelayNs=" + maxDelayNs);
        }
        concluded = true;
        return this;
    }

    /**
     * Bound of the first delay.
     *
     * @return nanoseconds: 100 ms unless set.
     */
    public long firstDelayNs() {
        return firstDelayNs;
    }

    /**
     * Sets the bound of the first delay.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public ReconnectContext firstDelayNs(final long ns) {
        checkOpen();
        firstDelayNs = Ranges.positive("firstDelayNs", ns);
        return this;
    }

    /**
     * Bound of any delay.
     *
     * @return nanoseconds: 30 s unless set.
     */
    public long maxDelayNs() {
        return maxDelayNs;
    }

    /**
     * Sets the bound of any delay.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public ReconnectContext maxDelayNs(final long ns) {
        checkOpen();
        maxDelayNs = Ranges.positive("maxDelayNs", ns);
        return this;
    }

    /**
     * How long a connection must have been open for attempts and delays to start over when it is lost.
     *
     * @return nanoseconds: 10 s unless set.
     */
    public long healthyNs() {
        return healthyNs;
    }

    /**
     * Sets how long a connection must have been open for attempts and delays to start over.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public ReconnectContext healthyNs(final long ns) {
        checkOpen();
        healthyNs = Ranges.positive("healthyNs", ns);
        return this;
    }

    /**
     * How many attempts in a row may come to nothing, the very first included, before it gives up.
     *
     * @return the limit.
     */
    public int maxAttempts() {
        return maxAttempts;
    }

    /**
     * Sets how many attempts in a row may come to nothing.
     *
     * @param attempts from 1 on.
     * @return this.
     */
    public ReconnectContext maxAttempts(final int attempts) {
        checkOpen();
        maxAttempts = Ranges.within("maxAttempts", attempts, 1, UNLIMITED);
        return this;
    }

    /**
     * How long it may go without a healthy connection: a loss after that makes it give up.
     *
     * @return nanoseconds.
     */
    public long maxTimeNs() {
        return maxTimeNs;
    }

    /**
     * Sets how long it may go without a healthy connection.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public ReconnectContext maxTimeNs(final long ns) {
        checkOpen();
        maxTimeNs = Ranges.positive("maxTimeNs", ns);
        return this;
    }

    /**
     * Draws the delays.
     *
     * @return makes a delay of its bound.
     */
    public LongUnaryOperator jitter() {
        return jitter;
    }

    /**
     * Sets what draws the delays.
     *
     * @param draw makes a delay of its bound, in nanoseconds: from zero to the bound; what lies outside is moved to the nearer
     *             end. Any thread. If it throws, the connection ends for good, as if it had given up.
     * @return this.
     */
    public ReconnectContext jitter(final LongUnaryOperator draw) {
        checkOpen();
        jitter = Objects.requireNonNull(draw, "jitter");
        return this;
    }

    private static long anyUpTo(final long bound) {
        final ThreadLocalRandom random = ThreadLocalRandom.current();
        return bound == Long.MAX_VALUE ? random.nextLong() >>> 1 : random.nextLong(bound + 1);
    }

    private void checkOpen() {
        Ranges.notConcluded(concluded);
    }
}
