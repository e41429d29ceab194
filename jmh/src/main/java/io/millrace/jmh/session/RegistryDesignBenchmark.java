package io.millrace.jmh.session;

import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * Which immutable map to build the registry on: a read, a change and a walk over all, on one thread, at three sizes.
 * {@link ConcurrentHashMap}, which has no snapshots, is the yardstick of the read.
 *
 * <p>JDK 17, 3 forks of 3 iterations, ns at 10 / 1,000 / 100,000 entries, our trie against Paguro, the best of the others:
 * read 12 / 29 / 239 against 14 / 35 / 154; change 66 / 202 / 987 against 78 / 164 / 1,077; walk 27 / 3,049 / 2.7 million
 * against 69 / 24,250 / 4.7 million. Kept is the trie: level with it but for reads of very many, and far ahead in the walk,
 * which every list is.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RegistryDesignBenchmark {
    @Param({"trie", "paguro", "vavr", "pcollections", "stripedArrays"})
    private String design;

    @Param({"10", "1000", "100000"})
    private int entries;

    private String[] keys;
    private PersistentMaps map;
    private ConcurrentHashMap<String, Long> yardstick;
    private int next;

    /** Fills the maps, and makes an order of keys that no cache line predicts. */
    @Setup
    public void fill() {
        map = PersistentMaps.named(design);
        yardstick = new ConcurrentHashMap<>();
        final Random random = new Random(42);
        keys = new String[1 << 17];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "record-" + random.nextInt(entries);
        }
        for (int i = 0; i < entries; i++) {
            map = map.with("record-" + i, (long) i);
            yardstick.put("record-" + i, (long) i);
        }
    }

    private String key() {
        return keys[next++ & (keys.length - 1)];
    }

    /**
     * One read.
     *
     * @return the value.
     */
    @Benchmark
    public Long get() {
        return map.get(key());
    }

    /**
     * One read of the yardstick.
     *
     * @return the value.
     */
    @Benchmark
    public Long getConcurrentHashMap() {
        return yardstick.get(key());
    }

    /**
     * One change. The value is always another one, for some designs answer themselves when nothing changes.
     *
     * @return the changed map.
     */
    @Benchmark
    public Object put() {
        final String key = key();
        map = map.with(key, (long) next);
        return map;
    }

    /**
     * A walk over everything.
     *
     * @param blackhole for the values.
     */
    @Benchmark
    public void walk(final Blackhole blackhole) {
        map.consume(blackhole);
    }
}
