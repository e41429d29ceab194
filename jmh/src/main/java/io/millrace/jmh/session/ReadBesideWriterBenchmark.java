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
 * the yardstick is {@code writing=false} of the same run. JDK 17, 40,000 to 50,000 writes/s, two forks, million reads/s beside
 * a thread that only works and beside one that writes (raw in {@code jmh/results}), at 10 and at 1,000 entries:
 *
 * <table>
 * <caption>Reads beside a writer</caption>
 * <tr><th>design</th><th>10</th><th>1,000</th></tr>
 * <tr><td>attributes, ours</td><td>307 and 310</td><td>205 and 237</td></tr>
 * <tr><td>registry, ours</td><td>162 and 188</td><td>100 ±8 and 88 ±8</td></tr>
 * <tr><td>maps of versioned records</td><td>108 and 130</td><td>94 and 102</td></tr>
 * <tr><td>registry, read-write lock</td><td>55 and 42</td><td>56 and 51</td></tr>
 * <tr><td>state, ours</td><td>733 and 717</td><td>741 and 738</td></tr>
 * <tr><td>state, bare reference</td><td>609 and 488</td><td>784 and 767</td></tr>
 * </table>
 *
 * <p>The spread reaches a half where ours grew; that of the registry at 1,000 does not, and there the writer costs 12 % (3 to
 * 20), for each write makes a root, a leaf and a record anew, which the reader then fetches from the writer's core.
 *
 * <p>A later run of six forks had 73.3 ±3.6 and 71.8 ±4.8 of that registry: 2 %.
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
