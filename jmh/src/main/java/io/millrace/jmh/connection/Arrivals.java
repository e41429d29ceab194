package io.millrace.jmh.connection;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The server of a one-way run: checks and counts. The link's thread calls {@link #onMessage}; the benchmark's thread
 * sleeps in {@link #await} until enough has arrived, so that it takes no core from the link.
 */
public final class Arrivals implements Link.Receiver {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Payload.Check check;
    private final Thread waiter = Thread.currentThread();
    private volatile Throwable failure;
    private volatile long wanted = Long.MAX_VALUE;
    private final PaddedLong count = new PaddedLong();

    /**
     * Made by the thread that is going to wait.
     *
     * @param senders how many there are.
     * @param length  of each message in bytes.
     */
    public Arrivals(final int senders, final int length) {
        check = new Payload.Check(senders, length);
    }

    @Override
    public void onMessage(final ByteBuffer buffer, final int offset, final int length, final Link.Sender reply) {
        try {
            check.onMessage(buffer, offset, length);
        } catch (final RuntimeException ex) {
            fail(ex);
            throw ex;
        }
        final long now = count.plain() + 1;
        count.release(now);
        if (now == wanted) {
            LockSupport.unpark(waiter);
        }
    }

    /**
     * Ends the run. Any thread.
     *
     * @param cause what happened.
     */
    public void fail(final Throwable cause) {
        failure = cause;
        LockSupport.unpark(waiter);
    }

    /**
     * Messages that have arrived. Any thread.
     *
     * @return their number.
     */
    public long count() {
        return count.acquire();
    }

    /**
     * Waits until that many have arrived since the beginning.
     *
     * @param total of all messages.
     * @throws IllegalStateException if a message was wrong, or is missing for half a minute.
     */
    public void await(final long total) {
        wanted = total;
        final long startNs = System.nanoTime();
        while (count() < total) {
            if (failure != null) {
                throw new IllegalStateException("the run failed", failure);
            }
            if (System.nanoTime() - startNs > DEADLINE_NS) {
                throw new IllegalStateException("messages are missing: arrived=" + count() + " expected=" + total);
            }
            LockSupport.parkNanos(this, GLANCE_NS);
        }
    }
}
