package io.millrace.jmh.session;

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

/**
 * Reads and writes by every thread, mostly reads to mostly writes; as many threads as {@code -t} says.
 *
 * <p>JDK 17, one fork, million operations/s at 5 / 50 / 95 % writes. 2 threads, 10 entries: attributes, ours 36 / 6.1 / 3.9,
 * mutex 14 / 8.4 / 9.6, Netty 54 / 22 / 17, {@code ConcurrentHashMap} 83 / 18 / 11; state, ours, without a history
 * and after five seconds of warm-up, 75 / 12 / 9.9 (55 / 7.0 / 5.0 when it always kept one), bare reference 90 / 14 / 12, read-write
 * lock 12 / 11 / 10; registry, after five seconds of warm-up, ours 30 / 4.6 / 2.6, read-write lock 8.1
 * / 10 / 11; maps without a snapshot 82 / 22 / 14. 8 threads, 1,000 entries: registry, warmed up likewise, ours 17 / 3.3 / 1.9,
 * lock 29 / 21 / 23; state, ours 56 / 7.9 / 2.9, reference 84 / 16 / 10, lock 31 / 28 / 26. So these structures are for what is
 * mostly read: a write copies a path, and two at once do it twice.
 *
 * <p>With one second of warm-up the registry showed 2.6 at 8 threads and 5 %, for its compiler had to share two cores with
 * eight busy threads: warm up for five.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class MixBenchmark {
    /** Structure and design. */
    @Param({
        "attributes-millrace",
        "attributes-mutex",
        "attributes-netty",
        "attributes-concurrentHashMap",
        "registry-millrace",
        "registry-readWriteLock",
        "registry-concurrentHashMap",
        "registry-nonBlockingHashMap",
        "state-millrace",
        "state-atomicReference",
        "state-readWriteLock"
    })
    public String store;

    /** How many there are; a state is one whatever this says. */
    @Param({"10", "1000"})
    public int entries;

    /** Writes of a hundred operations. */
    @Param({"5", "50", "95"})
    public int writePercent;

    private Store design;

    /** Fills the store. */
    @Setup
    public void fill() {
        design = Stores.filled(store, entries);
    }

    /**
     * One read or write.
     *
     * @param place of the thread.
     * @return what was read.
     */
    @Benchmark
    public Object operate(final Place place) {
        final int number = place.next();
        final int entry = number % entries;
        if ((number >>> 16) % 100 >= writePercent) {
            return design.read(entry);
        }
        design.write(entry);
        return null;
    }
}
