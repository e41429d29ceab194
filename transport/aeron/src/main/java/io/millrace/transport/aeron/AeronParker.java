package io.millrace.transport.aeron;

import io.millrace.ring.Parker;
import io.millrace.ring.ThreadParker;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Sleeps until somebody wakes it or it finds a message: nobody tells of those, so it looks, the more rarely the longer nothing
 * has come.
 */
final class AeronParker implements Parker {
    private static final long LEAST_NS = TimeUnit.MICROSECONDS.toNanos(20);

    /** A nap is this part of the silence before it. */
    private static final int PART = 8;

    private final ThreadParker parker = new ThreadParker();
    private final BooleanSupplier hasMessage;
    private final long maxNapNs;
    private volatile boolean woken;

    /** The sleeper's: when something last came. */
    private long quietSinceNs = System.nanoTime();

    AeronParker(final long maxNapNs, final BooleanSupplier hasMessage) {
        this.maxNapNs = maxNapNs;
        this.hasMessage = hasMessage;
    }

    @Override
    public void park(final long maxNs) {
        final long startNs = System.nanoTime();
        long nowNs = startNs;
        while (!woken && nowNs - startNs < maxNs && !Thread.currentThread().isInterrupted()) {
            if (hasMessage.getAsBoolean()) {
                quietSinceNs = nowNs;
                break;
            }
            final long napNs = Math.max(LEAST_NS, Math.min(maxNapNs, (nowNs - quietSinceNs) / PART));
            parker.park(Math.min(napNs, maxNs - (nowNs - startNs)));
            nowNs = System.nanoTime();
        }
        woken = false;
    }

    /** Something came without a sleep in between. */
    void stir() {
        quietSinceNs = System.nanoTime();
    }

    @Override
    public void unpark() {
        woken = true;
        parker.unpark();
    }
}
