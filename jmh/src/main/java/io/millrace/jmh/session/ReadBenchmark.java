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
 * <p>JDK 17, one thread, million reads/s, nothing else running, after four seconds of warm-up. Four forks, 10 entries:
 * attributes, ours 354 (and one fork 191), {@code ConcurrentHashMap} 264; earlier Netty 46 and a mutex 34 where ours
 * did 137. State: ours 778, a bare reference 860 (and one fork 623), for it looks whether it has loaded a state or a
 * node of the history; a flag beside the state that says whether it can be a node costs the same.
 *
 * <p>Registry at 1,000 records, the three forks of each: ours 107, 101, 110, one snapshot that is held 103 (67 and 63
 * in the two others), maps of bare values, which have neither versions nor a snapshot, 130, 130 (78), maps of versioned
 * records 112, 111, 108 (for some of its iterations, else 71): the machine had a slow phase of two thirds. So a record
 * among a thousand is read at 0.83 of the maps of bare values and 0.96 of the maps of records. Until our read was
 * given no type, javac cast the value, which loaded it, and no peer's: 0.77. At 10 records, before that: ours 205, a
 * held snapshot 204, bare values 162, records 145, {@code NonBlockingHashMap}s 106 (71 at 1,000).
 *
 * <p>What bounds it at 1,000, by {@code perf}: 29 % of the samples wait for the first field of a record, 17 % for the
 * leaf and its slot. A thousand records of 56 bytes do not fit into the first cache beside their strings; a map's nodes
 * of 32 do. Leaves of one type of record, so that a read need not load a record's class besides, gave 2.5 %. No gain:
 * leaves at most a half, a quarter, a sixth or a tenth full. Records of 48 bytes gave 3 % at the most, which the place
 * in a bounded type's order would have to leave them for.
 *
 * <p>On the way there, the index alone, in rounds of all designs in turn in one JVM, ns a read at 10 / 1,000 records:
 * hash compared before the strings 2.8 / 5.3; strings compared by identity first 2.6 / 5.2; leaves at most a quarter
 * full besides 2.6 / 5.1 (a third is what is used); the whole registry 5.8 at 1,000, a held snapshot 4.7; maps of bare
 * values 4.1 / 5.0, of records 5.1 / 6.1. With strings that are equal but not the same, 6.3 / 12.1 against 7.4 / 10.6.
 * Before that: without {@code RecordIndex} ours did 0.8 / 0.6 of the maps of bare values; a trie of types above tries
 * of ids 5.6 / 9.7 ns where the maps took 4.3 / 5.2; one table of all types 5.6 / 11.3. No gain: strings beside the
 * value in the record's layout, version, time and position in an object of their own (102 and 104 million/s at 1,000
 * records), perfect hashing in a leaf, nodes of 64.
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
