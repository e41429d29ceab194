package io.millrace.jmh.load;

import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.Payload;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One sender thread with its share of the connections. It sends each message when it is due and not earlier, and late
 * ones at once, in order: what it is behind is part of their latency.
 */
final class Generator implements Runnable {
    /** Longer waits are slept through, but for the last part: a sleep ends some 60 µs late. */
    private static final long SLEEP_ABOVE_NS = TimeUnit.MICROSECONDS.toNanos(250);

    private static final long SLEEP_ENDS_EARLY_NS = TimeUnit.MICROSECONDS.toNanos(120);

    /** One message in so many has the CPU of its offer measured. */
    private static final int SAMPLE_EVERY = 64;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final LoadRun run;
    private final Schedule schedule;
    private final int[] connections;
    private final List<Link.Sender> senders;
    private final List<Payload> payloads;
    private final int length;
    private long nowNs;
    private long sent;
    private long sampledCpuNs;
    private long samples;
    private long sampleAt;
    private long clockCpuNs;
    private long threadCpuNs;

    Generator(
            final LoadRun run,
            final Schedule schedule,
            final int[] connections,
            final List<Link.Sender> senders,
            final List<Payload> payloads,
            final int length) {
        this.run = run;
        this.schedule = schedule;
        this.connections = connections;
        this.senders = senders;
        this.payloads = payloads;
        this.length = length;
    }

    /** Messages sent; after the thread has ended, as all that follows. */
    long sent() {
        return sent;
    }

    /** All CPU of this thread. */
    long threadCpuNs() {
        return threadCpuNs;
    }

    /** CPU inside the peer's offer, from samples. */
    double offerCpuNs() {
        return samples == 0 ? 0 : Math.max(0.0, (sampledCpuNs - clockCpuNs) / (double) samples) * sent;
    }

    @Override
    public void run() {
        try {
            if (schedule.unpaced()) {
                flood();
            } else {
                keepSchedule();
            }
        } catch (final IOException | RuntimeException | Error ex) {
            run.fail(ex);
        } finally {
            threadCpuNs = THREADS.getCurrentThreadCpuTime();
            run.senderDone();
        }
    }

    private void keepSchedule() throws IOException {
        for (long index = 0; true; index++) {
            for (final int connection : connections) {
                final long dueNs = schedule.dueNs(connection, index);
                if (dueNs - schedule.endNs() >= 0 || !waitUntil(dueNs)) {
                    return;
                }
                while (!offer(connection)) {
                    Thread.yield();
                    nowNs = System.nanoTime();
                    if (ended()) {
                        return;
                    }
                }
            }
        }
    }

    /** False if the step has ended, which it does for one who is far behind. */
    private boolean waitUntil(final long dueNs) {
        while (dueNs - nowNs > 0) {
            nowNs = System.nanoTime();
            final long left = dueNs - nowNs;
            if (left > SLEEP_ABOVE_NS) {
                LockSupport.parkNanos(this, left - SLEEP_ENDS_EARLY_NS);
            } else if (left > 0) {
                // Others may have the core meanwhile: there are more threads than cores.
                Thread.yield();
            }
        }
        if (sent % SAMPLE_EVERY == 0) {
            nowNs = System.nanoTime();
        }
        return !ended();
    }

    private boolean ended() {
        return nowNs - schedule.endNs() >= 0 || run.failed();
    }

    private void flood() throws IOException {
        long lookAt = 0;
        while (true) {
            boolean any = false;
            for (final int connection : connections) {
                any |= offer(connection);
            }
            if (!any) {
                Thread.yield();
            }
            // Reading the clock for each message would bound the rate.
            if (!any || sent >= lookAt) {
                lookAt = sent + SAMPLE_EVERY;
                nowNs = System.nanoTime();
                if (ended()) {
                    return;
                }
            }
        }
    }

    private boolean offer(final int connection) throws IOException {
        final Payload payload = payloads.get(connection);
        final boolean sample = sent >= sampleAt;
        if (sample) {
            // Not again for what is refused.
            sampleAt = sent + SAMPLE_EVERY;
        }
        final long before = sample ? THREADS.getCurrentThreadCpuTime() : 0;
        if (!senders.get(connection).offer(payload.stamped(), 0, length)) {
            return false;
        }
        if (sample) {
            final long after = THREADS.getCurrentThreadCpuTime();
            sampledCpuNs += after - before;
            // What asking for the time costs by itself.
            clockCpuNs += THREADS.getCurrentThreadCpuTime() - after;
            samples++;
        }
        payload.sent();
        sent++;
        return true;
    }
}
