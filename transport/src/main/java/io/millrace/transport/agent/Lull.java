package io.millrace.transport.agent;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/** Tells when an agent has had nothing to do for so long that its thread is not worth its stack. The agent's thread. */
final class Lull {
    /**
     * Of two messages further apart each finds a thread of its own. That costs less than to wake one that waits: with 1,000 connections,
     * of which each has a message every two seconds, 280 and 350 us of CPU a message at both ends instead of 420, and a median of 115 and
     * 146 us instead of 173; the 99th percentile was better once and worse once (JDK 25, two runs in turn).
     */
    static final long SHORT_NS = TimeUnit.SECONDS.toNanos(1);

    /** When to look again, if the thread could not be spared. */
    static final long AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int MEMORY = 2;

    private final long keepAliveNs;
    private final int memory;
    private final NanoClock clock;
    private boolean lasts;
    private boolean isLong;
    private long startNs;
    private long longFromNs;
    /** Of the lulls to come, how many are taken for long from their beginning. */
    private int expectedLong;

    private Lull(final long keepAliveNs, final int memory, final NanoClock clock) {
        this.keepAliveNs = keepAliveNs;
        this.memory = memory;
        this.clock = clock;
    }

    /** One that is long once it has lasted for so long. */
    static Lull lasting(final long keepAliveNs, final NanoClock clock) {
        return new Lull(keepAliveNs, 0, clock);
    }

    /**
     * One that is so, too, at once if one of the last two was longer than {@link #SHORT_NS}: the last of two is that between a request and
     * its answer.
     */
    static Lull expecting(final long keepAliveNs, final NanoClock clock) {
        return new Lull(keepAliveNs, MEMORY, clock);
    }

    /** Whether the agent ever does without a thread. */
    static boolean isFor(final DrivenAgent agent, final long keepAliveNs) {
        return keepAliveNs != Long.MAX_VALUE && agent.mayDetach();
    }

    /** There was something to do. */
    void end() {
        isLong = false;
        if (lasts) {
            lasts = false;
            if (memory > 0) {
                expectedLong = clock.nanoTime() - startNs >= SHORT_NS ? memory : Math.max(0, expectedLong - 1);
            }
        }
    }

    /** There was nothing to do: whether it has been so for long enough, or is going to be, as the last {@link #leftNs()} found. */
    boolean isLong() {
        return isLong;
    }

    /** The thread could not be spared: looks again in a while. */
    void lookAgain() {
        isLong = false;
        longFromNs = clock.nanoTime() + AGAIN_NS;
    }

    /** For the calling thread, which does not sleep beyond the time when it can be spared. */
    IdleStrategy strategy(final Rest rest) {
        return rest.atMost(this::leftNs).onThisThread();
    }

    /** How long a thread that is about to sleep may do so: 0 if it can be spared. A thread that stays awake reads no clock for it. */
    long leftNs() {
        final long nowNs = clock.nanoTime();
        if (!lasts) {
            lasts = true;
            startNs = nowNs;
            longFromNs = expectedLong > 0 ? nowNs : nowNs + keepAliveNs;
        }
        isLong = nowNs - longFromNs >= 0;
        return isLong ? 0 : longFromNs - nowNs;
    }
}
