package io.millrace.jmh.load;

import io.millrace.jmh.connection.Fleet;
import io.millrace.jmh.connection.Fleets;
import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Opens a fleet, whose server may be in another JVM, and measures one step after the other on it. One thread, but for what
 * says otherwise.
 */
final class LoadRun implements AutoCloseable {
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long HEAD_START_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final LoadPlan plan;
    private final Fleet fleet;
    private final ServerEnd server;
    private final List<Link.Sender> senders = new ArrayList<>();
    private final List<Payload> payloads = new ArrayList<>();
    private volatile CountDownLatch measured = new CountDownLatch(0);
    private volatile Throwable failure;

    /** Both ends in this JVM. */
    LoadRun(final LoadPlan plan, final Fleet.Factory peer) throws Exception {
        this.plan = plan;
        final Sinks sinks = new Sinks(plan.connections(), plan.length(), this::fail);
        server = sinks;
        fleet = peer.open(sinks::open, LoadRun::noReply);
        connect();
    }

    /** The clients in this JVM. */
    LoadRun(final LoadPlan plan, final ServerEnd server, final Fleet clients) throws IOException {
        this.plan = plan;
        this.server = server;
        fleet = clients;
        connect();
    }

    static LoadRun of(final LoadPlan plan) throws Exception {
        if (!plan.serverJvm()) {
            return new LoadRun(plan, Fleets.of(plan.peer(), plan.security()));
        }
        final ServerJvm server = new ServerJvm(plan);
        try {
            return new LoadRun(plan, server, Fleets.apart(plan.peer()).dial(server.port(), LoadRun::noReply));
        } catch (final Exception ex) {
            server.close();
            throw ex;
        }
    }

    private static Link.Receiver noReply() {
        return (buffer, offset, bytes, reply) -> {
            throw new IllegalStateException("nobody replies here");
        };
    }

    private void connect() throws IOException {
        try {
            for (int i = 0; i < plan.connections(); i++) {
                senders.add(fleet.connect());
                payloads.add(new Payload(i, plan.length()));
            }
        } catch (final Exception ex) {
            close();
            throw new IOException("connection " + (senders.size() + 1) + " failed: " + ex, ex);
        }
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
    LoadStep step(final double rate, final long durationMs, final IntervalLog intervals)
            throws IOException, InterruptedException {
        final long before = server.received();
        final long startNs = System.nanoTime() + HEAD_START_NS;
        final long endNs = startNs + TimeUnit.MILLISECONDS.toNanos(durationMs);
        final long[] base = payloads.stream().mapToLong(Payload::count).toArray();
        final Schedule schedule = new Schedule(startNs, endNs, startNs + LEAD_NS, rate, plan.connections(), base);
        server.begin(schedule);
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
            final Usage start = usage();
            threads.forEach(Thread::start);
            long atNs = startNs;
            while (atNs != endNs && !failed()) {
                atNs = Math.min(atNs + INTERVAL_NS, endNs);
                sleepUntil(atNs);
                if (atNs != endNs) {
                    all.add(intervals.add(server.take()));
                }
            }
            received = server.received() - before;
            usage = usage().since(start);
        } finally {
            measured.countDown();
        }
        for (final Thread thread : threads) {
            thread.join(TimeUnit.NANOSECONDS.toMillis(DRAIN_NS));
        }
        final long sent = generators.stream().mapToLong(Generator::sent).sum();
        awaitArrival(before + sent);
        final Histogram last = server.take();
        addUnsent(schedule, last);
        all.add(intervals.add(last));
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
    private void addUnsent(final Schedule over, final Histogram latencies) {
        if (over.unpaced()) {
            return;
        }
        for (int i = 0; i < plan.connections(); i++) {
            long dueNs = over.dueNsOfTotal(i, payloads.get(i).count());
            for (long next = payloads.get(i).count() + 1; dueNs - over.endNs() < 0; next++) {
                if (dueNs - over.recordFromNs() >= 0) {
                    latencies.recordValue(Latencies.bounded(over.endNs() - dueNs));
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

    private Usage usage() throws IOException {
        return Usage.now().plus(server.usage());
    }

    private void sleepUntil(final long atNs) {
        while (atNs - System.nanoTime() > 0 && !failed()) {
            LockSupport.parkNanos(this, Math.max(1, atNs - System.nanoTime()));
        }
    }

    private void awaitArrival(final long total) throws IOException {
        final long fromNs = System.nanoTime();
        long received = server.received();
        while (received < total) {
            if (failed()) {
                break;
            }
            if (System.nanoTime() - fromNs > DRAIN_NS) {
                throw new IllegalStateException("messages are missing: arrived=" + received + " sent=" + total);
            }
            LockSupport.parkNanos(this, GLANCE_NS);
            received = server.received();
        }
        if (failed()) {
            throw new IllegalStateException("the run failed: " + failure.getMessage(), failure);
        }
        if (received != total) {
            throw new IllegalStateException("too many arrived: arrived=" + received + " sent=" + total);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            fleet.close();
        } finally {
            server.close();
        }
    }
}
