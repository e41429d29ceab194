package io.millrace.jmh.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The client of a ping-pong: answers every echo with the next ping, on the link's own thread, as a service would. The
 * benchmark's thread sends the first one and sleeps until the last is back.
 */
public final class RoundTrips implements Link.Receiver {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Histogram histogram = new Histogram(DEADLINE_NS, 3);
    private final Payload payload;
    private final Payload.Check check;
    private final int length;
    private final Thread waiter = Thread.currentThread();
    private long sentNs;
    private int left;
    private volatile boolean done;
    private volatile Throwable failure;

    /**
     * Made by the thread that is going to wait.
     *
     * @param length of a message in bytes.
     */
    public RoundTrips(final int length) {
        payload = new Payload(0, length);
        check = new Payload.Check(1, length);
        this.length = length;
    }

    /**
     * Nanoseconds of every round trip; the caller's between runs.
     *
     * @return the histogram.
     */
    public Histogram histogram() {
        return histogram;
    }

    /**
     * Does a number of round trips, one after the other.
     *
     * @param sender of the pings.
     * @param count  of them.
     * @throws IOException if the link breaks.
     */
    public void run(final Link.Sender sender, final int count) throws IOException {
        left = count;
        done = false;
        send(sender);
        final long startNs = System.nanoTime();
        while (!done) {
            if (failure != null) {
                throw new IllegalStateException("the run failed", failure);
            }
            if (System.nanoTime() - startNs > DEADLINE_NS) {
                throw new IllegalStateException("no echo: outstanding=" + left);
            }
            LockSupport.parkNanos(this, GLANCE_NS);
        }
    }

    private void send(final Link.Sender sender) throws IOException {
        final ByteBuffer message = payload.stamped();
        payload.sent();
        sentNs = System.nanoTime();
        if (!sender.offer(message, 0, length)) {
            throw new IllegalStateException("no room for one message");
        }
    }

    @Override
    public void onMessage(final ByteBuffer buffer, final int offset, final int messageLength, final Link.Sender reply)
            throws IOException {
        try {
            histogram.recordValue(System.nanoTime() - sentNs);
            check.onMessage(buffer, offset, messageLength);
            if (--left > 0) {
                send(reply);
            } else {
                done = true;
                LockSupport.unpark(waiter);
            }
        } catch (final IOException | RuntimeException ex) {
            failure = ex;
            LockSupport.unpark(waiter);
            throw ex;
        }
    }
}
