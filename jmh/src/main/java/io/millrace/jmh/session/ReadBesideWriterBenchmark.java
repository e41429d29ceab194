package io.millrace.jmh.session;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One thread reads, one writes: without a pause, or with about ten microseconds between two writes. Set beside {@link
 * ReadBenchmark} it tells what a writer costs the readers.
 *
 * <p>JDK 17, alone and beside in runs half an hour apart, the former perhaps beside a compiler; 10 entries, million reads/s alone, then beside 40,000 writes/s (3 forks of 3 iterations each): our attributes 200 and
 * 189, state 401 and 389; Netty's attributes 70 and 55, a {@code ConcurrentHashMap} of them 161 and 126, a mutex 38 and 59; a
 * bare reference 489 and 457; state behind a lock 37 and 31. The registry scatters: 72 to 77 alone, 48 and 58 beside 40,000
 * writes/s, 69 beside 400; its peers 39 and 29 (lock), 105 and 88 (two maps, which have no snapshot). Beside a writer
 * without a pause: 41, 109 and 32 of ours; Netty's 22; the bare reference 263; behind read-write locks 0.8 and 0.4.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ReadBesideWriterBenchmark {
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

    /** Work of the writer between two writes, in the harness's tokens: some nanoseconds each. */
    @Param({"0", "10000"})
    public long pause;

    /** Whether the writer writes: if not, it is as busy, and what it takes from the reader is the machine's share. */
    @Param({"false", "true"})
    public boolean writing;

    private Store design;

    /** Fills the store. */
    @Setup
    public void fill() {
        design = Stores.filled(store, entries);
    }

    /**
     * One read.
     *
     * @param place of the thread.
     * @return the value.
     */
    @Benchmark
    @Group("readWithWriter")
    @GroupThreads(1)
    public Object read(final Place place) {
        return design.read(place.next() % entries);
    }

    /**
     * One write.
     *
     * @param place of the thread.
     */
    @Benchmark
    @Group("readWithWriter")
    @GroupThreads(1)
    public void write(final Place place) {
        final int entry = place.next() % entries;
        if (writing) {
            design.write(entry);
        }
        if (pause > 0) {
            Blackhole.consumeCPU(pause);
        }
    }
}
