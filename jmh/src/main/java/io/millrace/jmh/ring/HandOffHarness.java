package io.millrace.jmh.ring;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From before the offer until the offering thread sees that the other thread has read the record: one hand-off, and one
 * volatile word back. The consumer is awake and looking.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public abstract class HandOffHarness {
    private static final int LENGTH = 100;
    private static final long JOIN_MS = 30_000;

    private final ByteBuffer source = ByteBuffer.allocate(LENGTH);
    private Peer queue;
    private Peer.Writer writer;
    private Thread thread;
    private long number;
    private volatile long seen;
    private volatile boolean running;

    abstract String peerName();

    /** Starts the consumer. */
    @Setup(Level.Trial)
    public void start() {
        queue = Peers.of(peerName(), LENGTH);
        writer = queue.writer(source);
        running = true;
        thread = new Thread(this::consume, "consumer");
        thread.setDaemon(true);
        thread.start();
    }

    private void consume() {
        final Stamps stamps = new Stamps(1, LENGTH);
        final Pause idle = new Pause();
        while (running) {
            final int read = queue.read(stamps, 1);
            if (read > 0) {
                seen = stamps.total();
            }
            idle.idle(read > 0);
        }
    }

    /** Hands one record over. */
    @Benchmark
    public void handOff() {
        Stamps.put(source, 0, number++);
        while (!writer.offer()) {
            Thread.onSpinWait();
        }
        final Pause idle = new Pause();
        while (seen != number && thread.isAlive()) {
            idle.idle(false);
        }
        if (seen != number) {
            throw new IllegalStateException("the consumer failed: seen=" + seen + " number=" + number);
        }
    }

    /**
     * Stops the consumer.
     *
     * @throws InterruptedException if interrupted.
     */
    @TearDown(Level.Trial)
    public void stop() throws InterruptedException {
        running = false;
        thread.join(JOIN_MS);
    }
}
