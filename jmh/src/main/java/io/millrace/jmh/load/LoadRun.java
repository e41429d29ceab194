package io.millrace.jmh.load;

import io.millrace.jmh.connection.Fleet;
import io.millrace.jmh.connection.Fleets;
import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Opens a fleet in this JVM and measures one step after the other on it. One thread, but for what says otherwise. */
final class LoadRun implements AutoCloseable {
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long HEAD_START_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final LoadPlan plan;
    private final Fleet fleet;
    private final Queue<Sink> sinks = new ConcurrentLinkedQueue<>();
    private final List<Link.Sender> senders = new ArrayList<>();
    private final List<Payload> payloads = new ArrayList<>();
    private final Latencies latencies;
    private volatile Schedule schedule;
    private volatile CountDownLatch measured = new CountDownLatch(0);
    private volatile Throwable failure;

    LoadRun(final LoadPlan plan) throws Exception {
        this(plan, Fleets.of(plan.peer(), plan.security()));
    }

    LoadRun(final LoadPlan plan, final Fleet.Factory peer) throws Exception {
        this.plan = plan;
        latencies = new Latencies(plan.connections());
        fleet = peer.open(this::sink, () -> (buffer, offset, bytes, reply) -> {
            throw new IllegalStateException("nobody replies here");
        });
        try {
            for (int i = 0; i < plan.connections(); i++) {
                senders.add(fleet.connect());
                payloads.add(new Payload(i, plan.length()));
            }
        } catch (final Exception ex) {
            fleet.close();
            throw new IOException("connection " + (senders.size() + 1) + " failed: " + ex, ex);
        }
    }

    private Link.Receiver sink() {
        final Sink sink = new Sink(this, plan.length());
        sinks.add(sink);
        return sink;
    }

    /** Any thread. */
    Schedule schedule() {
        return schedule;
    }

    /** Any thread. */
    Latencies latencies() {
        return latencies;
    }

    /** Any thread: the first cause counts. */
    void fail(final Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** Any thread. */
    boolean failed() {
        return failure != null;
    }

    /** A sender's thread stays until the usage of all threads has been read. */
    void senderDone() {
        try {
            measured.await();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Sends at a rate, and takes stock when the time is over.
     *
     * @param rate       messages a second, 0 for as many as are accepted.
     * @param durationMs how long.
     * @param intervals  gets the latencies of each second.
     */
    LoadStep step(final double rate, final long durationMs, final IntervalLog intervals) throws InterruptedException {
        final long startNs = System.nanoTime() + HEAD_START_NS;
        final long endNs = startNs + TimeUnit.MILLISECONDS.toNanos(durationMs);
        final long[] base = payloads.stream().mapToLong(Payload::count).toArray();
        final long before = received();
        schedule = new Schedule(startNs, endNs, startNs + LEAD_NS, rate, plan.connections(), base);
        latencies.take();
        measured = new CountDownLatch(1);
        final List<Generator> generators = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();
        final Usage usage;
        final long received;
        final Histogram all = Latencies.empty();
        try {
            for (int i = 0; i < plan.senders(); i++) {
                final Generator generator = new Generator(this, schedule, share(i), senders, payloads, plan.length());
                generators.add(generator);
                final Thread thread = new Thread(generator, "sender-" + i);
                thread.setDaemon(true);
                threads.add(thread);
            }
            final Usage start = Usage.now();
            threads.forEach(Thread::start);
            long atNs = startNs;
            while (atNs != endNs && !failed()) {
                atNs = Math.min(atNs + INTERVAL_NS, endNs);
                sleepUntil(atNs);
                if (atNs != endNs) {
                    all.add(intervals.add(latencies.take()));
                }
            }
            received = received() - before;
            usage = Usage.now().since(start);
        } finally {
            measured.countDown();
        }
        for (final Thread thread : threads) {
            thread.join(TimeUnit.NANOSECONDS.toMillis(DRAIN_NS));
        }
        final long sent = generators.stream().mapToLong(Generator::sent).sum();
        awaitArrival(before + sent);
        addUnsent();
        all.add(intervals.add(latencies.take()));
        return LoadStep.of(
                plan,
                schedule,
                sent,
                received,
                usage,
                generators.stream().mapToDouble(Generator::threadCpuNs).sum(),
                generators.stream().mapToDouble(Generator::offerCpuNs).sum(),
                all);
    }

    /** What was due and never sent counts with the time that it has waited by the end, which is the least it would have taken. */
    private void addUnsent() {
        final Schedule over = schedule;
        if (over.unpaced()) {
            return;
        }
        for (int i = 0; i < plan.connections(); i++) {
            long dueNs = over.dueNsOfTotal(i, payloads.get(i).count());
            for (long next = payloads.get(i).count() + 1; dueNs - over.endNs() < 0; next++) {
                if (dueNs - over.recordFromNs() >= 0) {
                    latencies.record(i, over.endNs() - dueNs);
                }
                dueNs = over.dueNsOfTotal(i, next);
            }
        }
    }

    private int[] share(final int sender) {
        return IntStream.range(0, plan.connections())
                .filter(connection -> connection % plan.senders() == sender)
                .toArray();
    }

    private long received() {
        return sinks.stream().mapToLong(Sink::count).sum();
    }

    private void sleepUntil(final long atNs) {
        while (atNs - System.nanoTime() > 0 && !failed()) {
            LockSupport.parkNanos(this, Math.max(1, atNs - System.nanoTime()));
        }
    }

    private void awaitArrival(final long total) {
        final long fromNs = System.nanoTime();
        while (received() < total) {
            if (failed()) {
                break;
            }
            if (System.nanoTime() - fromNs > DRAIN_NS) {
                throw new IllegalStateException("messages are missing: arrived=" + received() + " sent=" + total);
            }
            LockSupport.parkNanos(this, GLANCE_NS);
        }
        if (failed()) {
            throw new IllegalStateException("the run failed: " + failure.getMessage(), failure);
        }
        if (received() != total) {
            throw new IllegalStateException("too many arrived: arrived=" + received() + " sent=" + total);
        }
    }

    @Override
    public void close() throws IOException {
        fleet.close();
    }
}
