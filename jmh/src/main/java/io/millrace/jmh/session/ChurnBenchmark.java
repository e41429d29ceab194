package io.millrace.jmh.session;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

/**
 * Entries come and go: each operation makes one and removes the one that is oldest, so that as many live as before.
 *
 * <p>JDK 17, one fork, 2 threads, million replacements/s at 10 / 1,000 / 100,000 records, after five seconds of warm-up:
 * our registry 0.99 / 0.69 / 0.58, the read-write-locked map 7.0 / 5.2 / 3.7; after one second {@code ConcurrentHashMap} 5.5 /
 * 5.2 / 3.4 and, earlier, {@code NonBlockingHashMap} 3.8 / 3.7 / 2.1. Ours keeps versions, a change log and snapshots besides.
 * <p>Attributes, one fork of three iterations, 1, 2 and 8 threads, 10 / 1,000 of them (raw in {@code jmh/results}): ours 5.9 /
 * 0.07, 1.7 / 0.09, 1.8 / 0.07; Netty's 9.1 / 0.85, 1.2 / 0.66, 1.4 / 0.49; {@code ConcurrentHashMap} 17 / 14, 3.6 / 2.8, 4.4 /
 * 3.4; a mutex 22 / 21, 2.3 / 3.2, 2.3 / 2.3. Each write copies the table.
 *
 * <p>A path of the registry's log used to be copied twice for each change, for three quarters of all it allocated: 0.54 / 0.52 / 0.24 then.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ChurnBenchmark {
    /** Structure and design. */
    @Param({
        "attributes-millrace",
        "attributes-mutex",
        "attributes-netty",
        "attributes-concurrentHashMap",
        "registry-millrace",
        "registry-readWriteLock",
        "registry-concurrentHashMap",
        "registry-nonBlockingHashMap"
    })
    public String store;

    /** How many live. */
    @Param({"10", "1000", "100000"})
    public int entries;

    private Store design;
    private final AtomicInteger made = new AtomicInteger();

    /** Fills half of the numbers that there are keys for. */
    @Setup
    public void fill() {
        design = Stores.empty(store, 2 * entries);
        for (int i = 0; i < entries; i++) {
            design.write(i);
        }
        made.set(entries);
    }

    /** One in, one out. */
    @Benchmark
    public void replace() {
        final int number = made.getAndIncrement() & Integer.MAX_VALUE;
        design.write(number % (2 * entries));
        design.remove((number + entries) % (2 * entries));
    }
}
