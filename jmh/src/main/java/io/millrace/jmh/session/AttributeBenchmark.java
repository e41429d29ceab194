package io.millrace.jmh.session;

import io.millrace.session.AttributeMap;
import io.netty.util.AttributeKey;
import io.netty.util.DefaultAttributeMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

/**
 * Reads and writes of one attribute among several. {@code mutex} is the map behind a mutex that the original system used;
 * Netty's is a sorted array searched in halves. In the groups {@code readWithWriter} one thread reads while one writes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class AttributeBenchmark {
    @Param({"millrace", "mutex", "netty", "concurrentHashMap"})
    private String design;

    @Param({"4", "32"})
    private int entries;

    private Attributes attributes;

    /** What all designs can do: keys are numbered, so that each design brings its own kind. */
    private interface Attributes {
        Object get(int key);

        void set(int key, String value);
    }

    private static final class Millrace implements Attributes {
        private final AttributeMap map = new AttributeMap();
        private final io.millrace.session.AttributeKey<?>[] keys;

        Millrace(final int count) {
            keys = new io.millrace.session.AttributeKey<?>[count];
            for (int i = 0; i < count; i++) {
                keys[i] = io.millrace.session.AttributeKey.ofText("key-" + i);
            }
        }

        @Override
        public Object get(final int key) {
            return map.get(keys[key]);
        }

        @Override
        @SuppressWarnings("unchecked")
        public void set(final int key, final String value) {
            map.set((io.millrace.session.AttributeKey<String>) keys[key], value);
        }
    }

    private static final class Netty implements Attributes {
        private final DefaultAttributeMap map = new DefaultAttributeMap();
        private final AttributeKey<?>[] keys;

        Netty(final int count) {
            keys = new AttributeKey<?>[count];
            for (int i = 0; i < count; i++) {
                keys[i] = AttributeKey.valueOf("key-" + i);
            }
        }

        @Override
        public Object get(final int key) {
            return map.attr(keys[key]).get();
        }

        @Override
        @SuppressWarnings("unchecked")
        public void set(final int key, final String value) {
            map.attr((AttributeKey<String>) keys[key]).set(value);
        }
    }

    private static final class Mutex implements Attributes {
        private final Map<String, Object> map = new HashMap<>();
        private final String[] keys;

        Mutex(final int count) {
            keys = names(count);
        }

        @Override
        public synchronized Object get(final int key) {
            return map.get(keys[key]);
        }

        @Override
        public synchronized void set(final int key, final String value) {
            map.put(keys[key], value);
        }
    }

    private static final class Concurrent implements Attributes {
        private final Map<String, Object> map = new ConcurrentHashMap<>();
        private final String[] keys;

        Concurrent(final int count) {
            keys = names(count);
        }

        @Override
        public Object get(final int key) {
            return map.get(keys[key]);
        }

        @Override
        public void set(final int key, final String value) {
            map.put(keys[key], value);
        }
    }

    private static String[] names(final int count) {
        final String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = "key-" + i;
        }
        return names;
    }

    /** One thread's place in the order of keys. */
    @State(Scope.Thread)
    public static class Place {
        private int next;

        int next(final int count) {
            next = next + 1 == count ? 0 : next + 1;
            return next;
        }
    }

    /** Fills the map. */
    @Setup
    public void fill() {
        attributes = switch (design) {
            case "millrace" -> new Millrace(entries);
            case "mutex" -> new Mutex(entries);
            case "netty" -> new Netty(entries);
            case "concurrentHashMap" -> new Concurrent(entries);
            default -> throw new IllegalArgumentException("no such design: design=" + design);
        };
        for (int i = 0; i < entries; i++) {
            attributes.set(i, "value");
        }
    }

    /**
     * One read.
     *
     * @param place in the order of keys.
     * @return the value.
     */
    @Benchmark
    public Object read(final Place place) {
        return attributes.get(place.next(entries));
    }

    /**
     * One read, while another thread writes.
     *
     * @param place in the order of keys.
     * @return the value.
     */
    @Benchmark
    @Group("readWithWriter")
    @GroupThreads(1)
    public Object readBesideWriter(final Place place) {
        return attributes.get(place.next(entries));
    }

    /**
     * One write, while another thread reads.
     *
     * @param place in the order of keys.
     */
    @Benchmark
    @Group("readWithWriter")
    @GroupThreads(1)
    public void write(final Place place) {
        attributes.set(place.next(entries), "other");
    }
}
