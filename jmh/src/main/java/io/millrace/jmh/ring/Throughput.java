package io.millrace.jmh.ring;

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

/** Records a second at the consumer, which is the benchmark's thread, while producers in the background keep offering. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public abstract class Throughput {
    /** Records that {@link #consume} reads. */
    public static final int BATCH = 10_000;

    private static final int READ_LIMIT = 256;
    private static final long JOIN_MS = 30_000;

    /** Of a record, in bytes. */
    @Param({"32", "100", "1000", "16000"})
    public int length;

    private final Pause pause = new Pause();
    private Peer peer;
    private Stamps stamps;
    private Thread[] threads;
    private long[] sent;
    private volatile boolean running;

    abstract String peerName();

    abstract int producerCount();

    /** Starts the producers. */
    @Setup(Level.Trial)
    public void start() {
        peer = Peers.of(peerName(), length);
        stamps = new Stamps(producerCount(), length);
        threads = new Thread[producerCount()];
        sent = new long[producerCount()];
        running = true;
        for (int i = 0; i < threads.length; i++) {
            final int producer = i;
            threads[i] = new Thread(() -> produce(producer), "producer-" + i);
            threads[i].setDaemon(true);
            threads[i].start();
        }
    }

    private void produce(final int producer) {
        final ByteBuffer source = ByteBuffer.allocate(length);
        final Peer.Writer writer = peer.writer(source);
        final Pause idle = new Pause();
        long number = 0;
        while (running) {
            Stamps.put(source, producer, number);
            final boolean taken = writer.offer();
            if (taken) {
                number++;
            }
            idle.idle(taken);
        }
        sent[producer] = number;
    }

    /** Reads a batch. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void consume() {
        int left = BATCH;
        while (left > 0) {
            final int read = peer.read(stamps, Math.min(left, READ_LIMIT));
            left -= read;
            pause.idle(read > 0);
        }
    }

    /**
     * Stops the producers, reads the rest, and counts.
     *
     * @throws InterruptedException if interrupted.
     */
    @TearDown(Level.Trial)
    public void stop() throws InterruptedException {
        running = false;
        long total = 0;
        for (int i = 0; i < threads.length; i++) {
            threads[i].join(JOIN_MS);
            total += sent[i];
        }
        while (peer.read(stamps, READ_LIMIT) > 0) {
            Thread.onSpinWait();
        }
        // Once more: a ring that pads its end may answer 0 at the padding.
        peer.read(stamps, Integer.MAX_VALUE);
        if (stamps.total() != total) {
            throw new IllegalStateException("lost records: sent=" + total + " read=" + stamps.total());
        }
    }
}
