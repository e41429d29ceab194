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
 * <p>A reader is slowed by a busy thread beside it even if that writes nothing, for the cores share what lies beneath: so
 * the yardstick is {@code writing=false} of the same run. JDK 17, 10 entries, 40,000 writes/s, million reads/s beside a
 * thread that only works and beside one that writes. Two forks of three iterations after four of warm-up: our registry 77 and
 * 79, attributes 149 and 196, state 444 and 421. Three forks after one second of warm-up: 81 and 76, 180 and 145, 413 and 377;
 * bare reference 508 and 475; Netty's attributes 42 and 69; two {@code ConcurrentHashMap}s 80 and 90; read-write locks 36 and
 * 31 (registry), 37 and 36 (state). So the writer's own share is below the spread, which reaches a third.
 *
 * <p>Beside a writer without a pause (two forks, with other work about): 25 of our attributes, 22 of the registry, 101 of
 * the state; Netty's 5.5; the bare reference 243; behind read-write locks 0.6 and 0.7.
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
        "registry-concurrentHashMap-records",
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
