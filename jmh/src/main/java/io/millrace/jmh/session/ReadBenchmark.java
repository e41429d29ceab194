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
 * <p>JDK 17, one thread, million reads/s, nothing else running, two forks after three seconds of warm-up (raw in {@code
 * jmh/results}), at 10 / 1,000 entries:
 *
 * <table>
 * <caption>Reads</caption>
 * <tr><th>design</th><th>10</th><th>1,000</th></tr>
 * <tr><td>attributes, ours</td><td>361 ±8</td><td>320 ±7</td></tr>
 * <tr><td>attributes, {@code ConcurrentHashMap}</td><td>262 ±27</td><td>204 ±5</td></tr>
 * <tr><td>registry, ours</td><td>213 ±3</td><td>108 ±3</td></tr>
 * <tr><td>maps of versioned records</td><td>135 ±33</td><td>108 ±1</td></tr>
 * <tr><td>maps of bare values, which have neither versions nor a snapshot</td><td>162 ±3</td><td>129 ±2</td></tr>
 * <tr><td>state, ours</td><td>732 ±39</td><td>774 ±15</td></tr>
 * <tr><td>state, bare reference</td><td>803 ±8</td><td>804 ±15</td></tr>
 * </table>
 *
 * <p>Earlier Netty's attributes 46 and a mutex 34 where ours did 137; {@code NonBlockingHashMap}s 106 and 71. So a record
 * among a thousand is read as fast as from maps of records, and at 0.84 of the maps of bare values. Until our read was given
 * no type, javac cast the value, which loaded it, and no peer's.
 *
 * <p>State: 0.91 and 0.96 here, and 0.97, 0.98, 0.97 in three more pairs in turn, for ours looks whether it has loaded a state
 * or a node of the history. Whoever only takes the reference, and looks at nothing in it, has 0.83 to 0.92. No gain: a
 * comparison of classes instead of {@code instanceof}, a flag beside the state that says whether it can be a node, a node
 * always (0.84 to 0.93).
 *
 * <p>A day later, on a slower machine, four forks, at 10 / 1,000: registry 156 / 79, a snapshot that is held 150 / 74 (in three more
 * rounds in turn 87 beside 91 of the maps of bare values), maps of records 103 / 71, of bare values 112 / 90; state 413 and 456 beside
 * 450 and 445, and 1.03, 0.95, 0.97 in three more pairs in turn.
 *
 * <p>What bounds it at 1,000, by {@code perf}: 29 % of the samples wait for the first field of a record, 17 % for the
 * leaf and its slot, when a record had 56 bytes: a thousand of those do not fit into the first cache beside their strings; a
 * map's nodes of 32 do. Leaves of one type of record, so that a read need not load a record's class besides, gave 2.5 %. No gain:
 * leaves at most a half, a quarter, a sixth or a tenth full; records of 48 bytes, as they are now.
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
