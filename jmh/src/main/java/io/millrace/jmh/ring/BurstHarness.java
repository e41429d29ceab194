package io.millrace.jmh.ring;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a burst costs without contention: one thread offers so many records, then reads them all. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public abstract class BurstHarness {
    /** Of a record, in bytes. */
    @Param({"32", "100", "1000"})
    public int length;

    /** Records at once. */
    @Param({"1", "64"})
    public int burst;

    private Peer queue;
    private Peer.Writer writer;
    private ByteBuffer source;
    private Stamps stamps;
    private long number;

    abstract String peerName();

    /** Makes the queue. */
    @Setup
    public void start() {
        queue = Peers.of(peerName(), length);
        source = ByteBuffer.allocate(length);
        writer = queue.writer(source);
        stamps = new Stamps(1, length);
    }

    /** Offers and reads one burst. */
    @Benchmark
    public void burst() {
        for (int i = 0; i < burst; i++) {
            Stamps.put(source, 0, number++);
            if (!writer.offer()) {
                throw new IllegalStateException("full: number=" + number);
            }
        }
        int left = burst;
        while (left > 0) {
            left -= queue.read(stamps, left);
        }
    }
}
