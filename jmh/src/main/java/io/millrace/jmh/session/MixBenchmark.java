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
 * <p>JDK 17, one fork of two iterations after four of warm-up, 10 entries, million operations/s at 5 / 50 / 95 % writes:
 *
 * <table>
 * <caption>Operations by number of threads</caption>
 * <tr><th>design</th><th>1</th><th>4</th><th>8</th></tr>
 * <tr><td>attributes, ours</td><td>126 / 26 / 17</td><td>49 / 7.3 / 4.1</td><td>40 / 7.7 / 5.6</td></tr>
 * <tr><td>attributes, mutex</td><td>41 / 40 / 39</td><td>15 / 10 / 8.9</td><td>13 / 9.7 / 9.5</td></tr>
 * <tr><td>attributes, Netty</td><td>52 / 61 / 77</td><td>36 / 20 / 21</td><td>67 / 33 / 20</td></tr>
 * <tr><td>attributes, {@code ConcurrentHashMap}</td><td>143 / 52 / 33</td><td>99 / 24 / 14</td><td>113 / 28 / 15</td></tr>
 * <tr><td>registry, ours</td><td>59 / 13 / 7.6</td><td>22 / 4.6 / 2.1</td><td>28 / 4.9 / 2.2</td></tr>
 * <tr><td>registry, read-write lock</td><td>45 / 39 / 41</td><td>33 / 26 / 32</td><td>38 / 32 / 40</td></tr>
 * <tr><td>maps without a snapshot</td><td>94 / 50 / 33</td><td>85 / 20 / 13</td><td>80 / 24 / 13</td></tr>
 * <tr><td>state, ours</td><td>273 / 92 / 48</td><td>73 / 19 / 16</td><td>77 / 17 / 8.5</td></tr>
 * <tr><td>state, bare reference</td><td>297 / 99 / 62</td><td>96 / 20 / 16</td><td>108 / 19 / 14</td></tr>
 * <tr><td>state, read-write lock</td><td>41 / 39 / 33</td><td>40 / 38 / 35</td><td>36 / 35 / 34</td></tr>
 * </table>
 *
 * <p>With 2 threads, of an earlier run: attributes, ours 36 / 6.1 / 3.9, mutex 14 / 8.4 / 9.6; registry, ours 30 / 4.6 / 2.6,
 * read-write lock 8.1 / 10 / 11; state, ours 75 / 12 / 9.9, bare reference 90 / 14 / 12, read-write lock 12 / 11 / 10. So
 * these structures are for what is mostly read: a write copies a path, and two at once do it twice; and on two cores a lock
 * that eight threads want is mostly wanted by the one that runs.
 *
 * <p>1,000 entries, one fork of three iterations (raw in {@code jmh/results}):
 *
 * <table>
 * <caption>Operations by number of threads, 1,000 entries</caption>
 * <tr><th>design</th><th>2</th><th>4</th><th>8</th></tr>
 * <tr><td>attributes, ours</td><td>15 / 1.9 / 1.0</td><td>15 / 0.6 / 0.9</td><td>14 / 1.8 / 1.0</td></tr>
 * <tr><td>attributes, Netty</td><td>42 / 19 / 19</td><td>19 / 12 / 10</td><td>22 / 13 / 9.8</td></tr>
 * <tr><td>attributes, {@code ConcurrentHashMap}</td><td>76 / 25 / 18</td><td>73 / 22 / 13</td><td>95 / 26 / 18</td></tr>
 * <tr><td>registry, ours</td><td>15 / 2.8 / 1.8</td><td>15 / 3.7 / 2.0</td><td>8.8 / 3.3 / 2.4</td></tr>
 * <tr><td>registry, read-write lock</td><td>4.2 / 2.6 / 2.2</td><td>31 / 35 / 31</td><td>36 / 41 / 36</td></tr>
 * <tr><td>maps of versioned records</td><td>35 / 11 / 7.7</td><td>48 / 11 / 6.5</td><td>52 / 9.3 / 6.0</td></tr>
 * <tr><td>state, ours</td><td>73 / 18 / 14</td><td>71 / 17 / 13</td><td>72 / 17 / 14</td></tr>
 * <tr><td>state, bare reference</td><td>75 / 19 / 12</td><td>84 / 23 / 13</td><td>76 / 22 / 13</td></tr>
 * </table>
 *
 * <p>A write of an attribute copies all, which with 1,000 of them is 16 KiB: a map holds 128 at most unless it is told
 * otherwise.
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
