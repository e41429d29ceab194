package io.millrace.jmh.ring;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.ring.ByteRing;
import io.millrace.ring.Doorbell;
import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import io.millrace.ring.RecordHandler;
import io.millrace.ring.SpinBudget;
import io.millrace.ring.ThreadParker;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@link HandOff} to a consumer that sleeps: our ring with a doorbell, {@link ArrayBlockingQueue} with {@code take}. Each
 * record is sent once the consumer's thread is seen to wait.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ParkedHandOff {
    private static final int LENGTH = 100;
    private static final long JOIN_MS = 30_000;

    /** Who carries the records. */
    @Param({"millrace", "blocking-queue"})
    public String peer;

    private final ByteBuffer source = ByteBuffer.allocate(LENGTH);
    private final ByteRing ring = new ManyToOneByteRing(Peers.CAPACITY, LENGTH, Memory.DIRECT);
    private final Doorbell doorbell = new Doorbell(new ThreadParker());
    private final ArrayBlockingQueue<ByteBuffer> queue = new ArrayBlockingQueue<>(64);
    private Thread thread;
    private long number;
    private volatile long seen;
    private volatile boolean running;

    /** Starts the consumer. */
    @Setup(Level.Trial)
    public void start() {
        running = true;
        thread = new Thread("millrace".equals(peer) ? this::consumeRing : this::consumeQueue, "consumer");
        thread.setDaemon(true);
        thread.start();
    }

    private void consumeRing() {
        final Stamps stamps = new Stamps(1, LENGTH);
        final AdaptiveIdleStrategy idle = new AdaptiveIdleStrategy(
                0, 0, SpinBudget.shared(), doorbell, () -> running && ring.isEmpty() ? Long.MAX_VALUE : 0);
        final RecordHandler handler = (buffer, offset, length) ->
                stamps.onRecord(buffer.getLong(offset), buffer.getLong(offset + length - Long.BYTES), length);
        while (running) {
            final int read = ring.read(handler, 1);
            if (read > 0) {
                seen = stamps.total();
            }
            idle.idle(read);
        }
    }

    private void consumeQueue() {
        final Stamps stamps = new Stamps(1, LENGTH);
        try {
            while (running) {
                final ByteBuffer record = queue.take();
                stamps.onRecord(record.getLong(0), record.getLong(LENGTH - Long.BYTES), LENGTH);
                seen = stamps.total();
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the consumer sleeps. Not measured. */
    @Setup(Level.Invocation)
    public void awaitSleeper() {
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.yield();
        }
    }

    /** Hands one record over. */
    @Benchmark
    public void handOff() {
        Stamps.put(source, 0, number++);
        if ("millrace".equals(peer)) {
            ring.offer(source, 0, LENGTH);
            doorbell.ring();
        } else {
            queue.add(ByteBuffer.allocate(LENGTH).put(0, source, 0, LENGTH));
        }
        while (seen != number && thread.isAlive()) {
            Thread.onSpinWait();
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
        doorbell.ring();
        thread.interrupt();
        thread.join(JOIN_MS);
    }
}
