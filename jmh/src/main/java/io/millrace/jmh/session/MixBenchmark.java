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

/** Reads and writes by every thread, mostly reads to mostly writes; as many threads as {@code -t} says. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
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
