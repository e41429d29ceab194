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
 * Reads with no writer about, by as many threads as {@code -t} says.
 *
 * <p>JDK 17, one thread, million reads/s. Three forks, 10 entries: attributes, ours 137, {@code ConcurrentHashMap} 133, Netty 46,
 * mutex 34. State, eight forks after four seconds of warm-up: ours 500 (337 to 605), a bare reference 530 (333 to 650), behind a lock 38; it
 * was 0.8 of the reference when it was always read through a node of its history.
 *
 * <p>Registry at 10 / 1,000 records, before there was {@code RecordIndex}, two forks after four seconds: ours 90 / 49, two nested
 * {@code ConcurrentHashMap}s, which have no snapshot, 111 / 84; another run of three forks: 61 / 40, maps 83 / 48, {@code
 * NonBlockingHashMap}s 63 / 35, read-write lock 34 / 23.
 *
 * <p>With it, a first look that this benchmark is to repeat: rounds of all designs in turn in one JVM, three JVMs, other work on both
 * cores, ns a read at 10 / 1,000 records: ours 3.2 / 6.2, maps of bare values 4.3 / 5.2, maps of versioned records 4.7 / 5.9 in the quietest; over the three ours is 1.2 to
 * 1.5 / 0.7 to 0.8 of the former and 1.3 to 1.5 / 0.9 to 1.0 of the latter. On
 * the way there, likewise: a trie of types above tries of ids 5.6 / 9.7; one table of all types 5.6 / 11.3; the very string compared
 * before its content, so that no comparison is compiled in and the whole read is inlined, 3.1 / 8.0; the hash kept in the record,
 * so that another record is passed over without a look at its strings, 3.3 / 6.1. No gain: leaves at most a third or a quarter full,
 * strings beside the value in the record's layout, perfect hashing in a leaf, nodes of 64.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ReadBenchmark {
    /** Structure and design. */
    @Param({
        "attributes-millrace",
        "attributes-mutex",
        "attributes-netty",
        "attributes-concurrentHashMap",
        "registry-millrace",
        "registry-millrace-snapshot",
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

    private Store design;

    /** Fills the store, and has the garbage of that collected, which lies between what stays. */
    @Setup
    public void fill() {
        design = Stores.filled(store, entries);
        System.gc();
    }

    /**
     * One read.
     *
     * @param place of the thread.
     * @return the value.
     */
    @Benchmark
    public Object read(final Place place) {
        return design.read(place.next() % entries);
    }
}
