package io.millrace.jmh.session;

import io.millrace.session.Registry;
import io.millrace.session.RegistryContext;
import io.millrace.session.RegistryRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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
 * Reads of a registry and lists of all its records, alone and beside a busy writer. {@code readWriteLock} is the map that
 * the original system used: a list copies under the lock, for what leaves it must not change. {@code concurrentHashMap}
 * cannot list one instant at all, and is there as a yardstick. {@code list} takes the list, {@code walk} also visits it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class RegistryBenchmark {
    @Param({"millrace", "readWriteLock", "concurrentHashMap"})
    private String design;

    @Param({"10", "1000", "100000"})
    private int entries;

    private String[] ids;
    private Store store;

    /** What all designs can do. */
    private interface Store {
        Object get(String id);

        void put(String id, Long value);

        Collection<?> list();
    }

    private record Millrace(Registry<Long> registry) implements Store {
        @Override
        public Object get(final String id) {
            final RegistryRecord<Long> record = registry.get("type", id);
            return record.value();
        }

        @Override
        public void put(final String id, final Long value) {
            registry.put("type", id, value);
        }

        @Override
        public Collection<?> list() {
            return registry.list("type");
        }
    }

    private static final class Locked implements Store {
        private final ReadWriteLock lock = new ReentrantReadWriteLock();
        private final Map<String, Map<String, Long>> types = new HashMap<>(Map.of("type", new HashMap<>()));

        @Override
        public Object get(final String id) {
            lock.readLock().lock();
            try {
                return types.get("type").get(id);
            } finally {
                lock.readLock().unlock();
            }
        }

        @Override
        public void put(final String id, final Long value) {
            lock.writeLock().lock();
            try {
                types.get("type").put(id, value);
            } finally {
                lock.writeLock().unlock();
            }
        }

        @Override
        public Collection<?> list() {
            lock.readLock().lock();
            try {
                return new ArrayList<>(types.get("type").values());
            } finally {
                lock.readLock().unlock();
            }
        }
    }

    private static final class Concurrent implements Store {
        private final Map<String, Map<String, Long>> types =
                new ConcurrentHashMap<>(Map.of("type", new ConcurrentHashMap<>()));

        @Override
        public Object get(final String id) {
            return types.get("type").get(id);
        }

        @Override
        public void put(final String id, final Long value) {
            types.get("type").put(id, value);
        }

        @Override
        public Collection<?> list() {
            return new ArrayList<>(types.get("type").values());
        }
    }

    /** One thread's place in the order of ids. */
    @State(Scope.Thread)
    public static class Place {
        private int next;

        String next(final String[] ids) {
            next = (next + 7) % ids.length;
            return ids[next];
        }
    }

    /** Fills the store. */
    @Setup
    public void fill() {
        store = switch (design) {
            case "millrace" -> new Millrace(new Registry<>(new RegistryContext<>()));
            case "readWriteLock" -> new Locked();
            case "concurrentHashMap" -> new Concurrent();
            default -> throw new IllegalArgumentException("no such design: design=" + design);
        };
        final List<String> made = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            made.add("record-" + i);
            store.put("record-" + i, (long) i);
        }
        ids = made.toArray(new String[0]);
    }

    /**
     * One read.
     *
     * @param place in the order of ids.
     * @return the value.
     */
    @Benchmark
    public Object get(final Place place) {
        return store.get(place.next(ids));
    }

    /**
     * One change.
     *
     * @param place in the order of ids.
     */
    @Benchmark
    public void put(final Place place) {
        store.put(place.next(ids), 1L);
    }

    /**
     * One read beside a writer.
     *
     * @param place in the order of ids.
     * @return the value.
     */
    @Benchmark
    @Group("getWithWriter")
    @GroupThreads(1)
    public Object getBesideWriter(final Place place) {
        return store.get(place.next(ids));
    }

    /**
     * One change beside a reader.
     *
     * @param place in the order of ids.
     */
    @Benchmark
    @Group("getWithWriter")
    @GroupThreads(1)
    public void putBesideReader(final Place place) {
        store.put(place.next(ids), 1L);
    }

    /**
     * One list beside a writer.
     *
     * @return the list.
     */
    @Benchmark
    @Group("listWithWriter")
    @GroupThreads(1)
    public Collection<?> listBesideWriter() {
        return store.list();
    }

    /**
     * One change beside a lister.
     *
     * @param place in the order of ids.
     */
    @Benchmark
    @Group("listWithWriter")
    @GroupThreads(1)
    public void putBesideLister(final Place place) {
        store.put(place.next(ids), 1L);
    }

    /**
     * A list and a walk over it beside a writer.
     *
     * @param blackhole for the records.
     */
    @Benchmark
    @Group("walkWithWriter")
    @GroupThreads(1)
    public void walkBesideWriter(final Blackhole blackhole) {
        for (final Object record : store.list()) {
            blackhole.consume(record);
        }
    }

    /**
     * One change beside a walker.
     *
     * @param place in the order of ids.
     */
    @Benchmark
    @Group("walkWithWriter")
    @GroupThreads(1)
    public void putBesideWalker(final Place place) {
        store.put(place.next(ids), 1L);
    }
}
