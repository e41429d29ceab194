package io.millrace.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.millrace.session.AttributeKey;
import io.millrace.session.AttributeMap;
import io.millrace.session.Race;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** FAULTS 4: streams of one connection must neither lose each other's attributes nor read them. */
class StreamAttributesTest {
    private static final AttributeKey<String> HOST = AttributeKey.ofText("host");
    private static final AttributeKey<String> PATH = AttributeKey.ofText("path");
    private static final int STREAMS = 64;
    private static final int HEADERS = 32;

    /** What a stream does with attributes; an implementation for each design. */
    private interface Attributes {
        Attributes openStream();

        void setIfAbsent(String name, String value);

        String get(String name);

        int size();
    }

    private static final class Forked implements Attributes {
        private static final Map<String, AttributeKey<String>> KEYS = new HashMap<>();

        static {
            KEYS.put("host", HOST);
            KEYS.put("path", PATH);
            for (int stream = 0; stream < STREAMS; stream++) {
                for (int i = 0; i < HEADERS; i++) {
                    final String name = "h" + stream + "-" + i;
                    KEYS.put(name, AttributeKey.ofText(name));
                }
            }
        }

        private final AttributeMap map;

        Forked(final AttributeMap map) {
            this.map = map;
        }

        @Override
        public Attributes openStream() {
            return new Forked(map.fork());
        }

        @Override
        public void setIfAbsent(final String name, final String value) {
            map.setIfAbsent(KEYS.get(name), value);
        }

        @Override
        public String get(final String name) {
            return map.get(KEYS.get(name));
        }

        @Override
        public int size() {
            return map.snapshot().size();
        }
    }

    /** The faulty design with the mutex that was added: it does not crash any more, and everybody shares one map. */
    private static final class Shared implements Attributes {
        private final Map<String, String> map = new HashMap<>();

        @Override
        public Attributes openStream() {
            return this;
        }

        @Override
        public synchronized void setIfAbsent(final String name, final String value) {
            map.putIfAbsent(name, value);
        }

        @Override
        public synchronized String get(final String name) {
            return map.get(name);
        }

        @Override
        public synchronized int size() {
            return map.size();
        }
    }

    /** A's host is known, then B is sniffed: the host that B is routed by, and whether it sees A's path. */
    private static List<String> routeSecondStream(final Attributes connection) {
        final Attributes a = connection.openStream();
        final Attributes b = connection.openStream();
        a.setIfAbsent("host", "a");
        a.setIfAbsent("path", "/a");
        b.setIfAbsent("host", "b");
        final List<String> seen = new ArrayList<>();
        seen.add(b.get("host"));
        seen.add(b.get("path"));
        seen.add(connection.get("host"));
        return seen;
    }

    @Test
    void shouldRouteStreamByItsOwnHostWhenSiblingSetAnother() {
        final List<String> expected = new ArrayList<>(List.of("b"));
        expected.add(null);
        expected.add(null);

        assertEquals(expected, routeSecondStream(new Forked(new AttributeMap())));
    }

    @Test
    void shouldCatchTheFaultyTwinWhenSiblingSetAnotherHost() {
        assertEquals(List.of("a", "/a", "a"), routeSecondStream(new Shared()));
    }

    @Test
    void shouldLoseNothingWhenBothSeeEmptyAndBothPut() {
        for (int round = 0; round < 1_000; round++) {
            final AttributeMap map = new AttributeMap();
            final CyclicBarrier seenEmpty = new CyclicBarrier(2);
            Race.run(2, thread -> {
                final AttributeKey<String> key = thread == 0 ? HOST : PATH;
                assertNull(map.get(key));
                seenEmpty.await(30, TimeUnit.SECONDS);
                map.set(key, "x");
            });
            assertEquals(2, map.snapshot().size());
        }
    }

    /** Load, copy, store: what a copy-on-write map is without its compare-and-set. */
    @Test
    void shouldCatchTheFaultyTwinWhenBothSeeEmptyAndBothPut() {
        int lost = 0;
        for (int round = 0; round < 1_000 && lost == 0; round++) {
            final List<Map<String, String>> cell = new ArrayList<>(List.of(Map.of()));
            final CyclicBarrier seenEmpty = new CyclicBarrier(2);
            Race.run(2, thread -> {
                final Map<String, String> copy = new HashMap<>(cell.get(0));
                seenEmpty.await(30, TimeUnit.SECONDS);
                copy.put(thread == 0 ? "host" : "path", "x");
                cell.set(0, copy);
            });
            lost += 2 - cell.get(0).size();
        }
        assertEquals(1, lost);
    }

    /** All streams write their headers while they are read: how many read or hold what is not theirs. */
    private static int strayHeaders(final Attributes connection) {
        connection.setIfAbsent("host", "connection");
        final Attributes[] streams = new Attributes[STREAMS];
        for (int i = 0; i < STREAMS; i++) {
            streams[i] = connection.openStream();
        }
        final AtomicInteger strays = new AtomicInteger();
        Race.run(8, thread -> {
            for (int i = 0; i < HEADERS; i++) {
                for (int stream = thread; stream < STREAMS; stream += 8) {
                    streams[stream].setIfAbsent("h" + stream + "-" + i, "v" + stream + "-" + i);
                    final int other = (stream + 1) % STREAMS;
                    if (streams[other].get("h" + stream + "-" + i) != null) {
                        strays.incrementAndGet();
                    }
                }
            }
        });
        for (int stream = 0; stream < STREAMS; stream++) {
            strays.addAndGet(Math.abs(streams[stream].size() - HEADERS - 1));
            for (int i = 0; i < HEADERS; i++) {
                if (!("v" + stream + "-" + i).equals(streams[stream].get("h" + stream + "-" + i))) {
                    strays.incrementAndGet();
                }
            }
        }
        strays.addAndGet(connection.size() - 1);
        return strays.get();
    }

    @Test
    void shouldHoldExactlyItsOwnHeadersWhenManyStreamsWrite() {
        for (int round = 0; round < 20; round++) {
            assertEquals(0, strayHeaders(new Forked(new AttributeMap())));
        }
    }

    @Test
    void shouldCatchTheFaultyTwinWhenManyStreamsWrite() {
        assertEquals(true, strayHeaders(new Shared()) > 0);
    }
}
