package io.millrace.jmh.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Messages a second that the receiver has checked, while sender threads keep one connection full. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(3)
public abstract class OneWayHarness {
    /** Messages that {@link #receive} waits for. */
    public static final int BATCH = 20_000;

    private static final long JOIN_MS = 30_000;
    private static final int MAX_SPINS = 50;

    /** Of a payload, in bytes, to which four of length come. */
    @Param({"32", "64", "100", "1000", "16384"})
    public int length;

    /** Threads that send. */
    @Param({"1", "2", "4"})
    public int senders;

    private Link link;
    private Arrivals arrivals;
    private Thread[] threads;
    private Payload[] payloads;
    private long wanted;

    /** 1 while the senders send. */
    private final PaddedLong running = new PaddedLong();

    /**
     * The peer to measure.
     *
     * @return the factory of its links.
     */
    protected abstract Link.Factory peer();

    /**
     * Connects and starts the senders.
     *
     * @throws Exception if the peer can't.
     */
    @Setup(Level.Trial)
    public void start() throws Exception {
        arrivals = new Arrivals(senders, length);
        link = peer().open(arrivals, (buffer, offset, bytes, reply) -> {
            throw new IllegalStateException("nobody replies here");
        });
        threads = new Thread[senders];
        payloads = new Payload[senders];
        running.release(1);
        for (int i = 0; i < senders; i++) {
            final Payload payload = new Payload(i, length);
            payloads[i] = payload;
            threads[i] = new Thread(() -> send(payload), "sender-" + i);
            threads[i].setDaemon(true);
            threads[i].start();
        }
    }

    private void send(final Payload payload) {
        try {
            final Link.Sender sender = link.sender();
            int refusals = 0;
            while (running.acquire() == 1) {
                final ByteBuffer message = payload.stamped();
                if (sender.offer(message, 0, length)) {
                    payload.sent();
                    refusals = 0;
                } else if (refusals++ < MAX_SPINS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
        } catch (final IOException | RuntimeException | Error ex) {
            arrivals.fail(ex);
        }
    }

    /** What arrived between iterations does not count. */
    @Setup(Level.Iteration)
    public void rebase() {
        wanted = arrivals.count();
    }

    /** Waits for a batch to arrive. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void receive() {
        wanted += BATCH;
        arrivals.await(wanted);
    }

    /**
     * Stops the senders, waits for what they sent, and counts.
     *
     * @throws Exception if a message is missing.
     */
    @TearDown(Level.Trial)
    public void stop() throws Exception {
        running.release(0);
        long sent = 0;
        for (int i = 0; i < senders; i++) {
            threads[i].join(JOIN_MS);
            sent += payloads[i].count();
        }
        try (Link open = link) {
            open.flush();
            arrivals.await(sent);
            if (arrivals.count() != sent) {
                throw new IllegalStateException("too many: sent=" + sent + " arrived=" + arrivals.count());
            }
        }
    }
}
