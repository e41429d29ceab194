package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttributeMapTest {
    private static final AttributeKey<String> HOST = AttributeKey.ofText("host");
    private static final AttributeKey<Long> COUNT = AttributeKey.ofLong("count");
    private static final AttributeKey<byte[]> TOKEN = AttributeKey.ofBytes("token");

    private final AttributeMap map = new AttributeMap();

    @Test
    void shouldNotTakeAValueForMissingWhenItsCopierAnswersNull() {
        final boolean[] fails = {false};
        final AttributeKey<String> key =
                AttributeKey.copied("key", String.class, text -> 1, text -> fails[0] ? null : text);
        final AttributeMap map = new AttributeMap();
        map.set(key, "value");
        fails[0] = true;

        assertThrows(NullPointerException.class, () -> map.get(key));
        assertThrows(NullPointerException.class, () -> map.setIfAbsent(key, "other"));
        assertThrows(NullPointerException.class, () -> map.set(key, "other"));
    }

    @Test
    void shouldReadWhatWasSet() {
        map.set(HOST, "a");
        map.set(COUNT, 7L);

        assertEquals("a", map.get(HOST));
        assertEquals(7L, map.get(COUNT));
        assertNull(map.get(TOKEN));
    }

    @Test
    void shouldTellKeysApartWhenNamesAreEqual() {
        map.set(HOST, "mine");

        assertNull(map.get(AttributeKey.ofText("host")));
    }

    @Test
    void shouldKeepFirstValueWhenSetIfAbsentFindsOne() {
        assertNull(map.setIfAbsent(HOST, "a"));
        assertEquals("a", map.setIfAbsent(HOST, "b"));

        assertEquals("a", map.get(HOST));
    }

    @Test
    void shouldReplaceOnlyExpectedValue() {
        assertFalse(map.compareAndSet(HOST, "a", "b"));
        assertTrue(map.compareAndSet(HOST, null, "a"));
        assertTrue(map.compareAndSet(HOST, String.valueOf(new char[] {'a'}), "b"));
        assertTrue(map.compareAndSet(HOST, "b", null));

        assertNull(map.get(HOST));
    }

    @Test
    void shouldCompareContentWhenValuesAreBytes() {
        map.set(TOKEN, new byte[] {1, 2});

        assertTrue(map.compareAndSet(TOKEN, new byte[] {1, 2}, new byte[] {3}));
    }

    @Test
    void shouldRemoveWhenUpdateReturnsNull() {
        map.set(COUNT, 1L);

        assertEquals(2L, map.update(COUNT, count -> count + 1));
        assertNull(map.update(COUNT, count -> null));
        assertNull(map.remove(COUNT));

        assertEquals(0, map.snapshot().size());
        assertEquals(0, map.snapshot().weightBytes());
    }

    @Test
    void shouldReturnValueWhenRemoved() {
        map.set(HOST, "a");

        assertEquals("a", map.remove(HOST));
        assertNull(map.get(HOST));
    }

    @Test
    void shouldKeepSnapshotWhenMapChanges() {
        map.set(HOST, "a");
        final AttributeSnapshot snapshot = map.snapshot();

        map.set(HOST, "b");
        map.set(COUNT, 1L);

        assertEquals("a", snapshot.get(HOST));
        assertEquals(List.of(HOST), snapshot.keys());
        assertEquals(1, snapshot.size());
        assertEquals(2, snapshot.weightBytes());
    }

    @Test
    void shouldIsolateWritesWhenForked() {
        map.set(HOST, "connection");
        final AttributeMap one = map.fork();
        final AttributeMap two = map.fork();

        one.set(HOST, "one");
        two.set(COUNT, 2L);
        map.set(TOKEN, new byte[1]);

        assertEquals("connection", map.get(HOST));
        assertEquals("one", one.get(HOST));
        assertEquals("connection", two.get(HOST));
        assertNull(one.get(COUNT));
        assertNull(map.get(COUNT));
        assertNull(one.get(TOKEN));
    }

    @Test
    void shouldShareContentUntilFirstWriteWhenForked() {
        map.set(HOST, "a");

        assertSame(map.get(HOST), map.fork().get(HOST));
    }

    @Test
    void shouldChangeNothingInsideWhenCallerChangesItsBytes() {
        final byte[] mine = {1};
        map.set(TOKEN, mine);
        mine[0] = 2;
        map.get(TOKEN)[0] = 3;
        map.snapshot().get(TOKEN)[0] = 4;
        map.setIfAbsent(TOKEN, mine)[0] = 5;
        map.update(COUNT, count -> 1L);

        assertArrayEquals(new byte[] {1}, map.get(TOKEN));

        map.update(TOKEN, bytes -> {
            bytes[0] = 6;
            return bytes;
        })[0] = 7;
        assertArrayEquals(new byte[] {6}, map.get(TOKEN));
    }

    @Test
    void shouldRefuseEntryPastBoundAndChangeNothing() {
        final AttributeMap small = new AttributeMap(1, 100);
        small.set(HOST, "a");

        final BoundExceededException ex = assertThrows(BoundExceededException.class, () -> small.set(COUNT, 1L));

        assertEquals("bound exceeded: maxEntries=1 required=2", ex.getMessage());
        assertNull(small.get(COUNT));
        small.set(HOST, "b");
        assertEquals("b", small.get(HOST));
        assertThrows(BoundExceededException.class, () -> new AttributeMap(0, 0).setIfAbsent(COUNT, 1L));
    }

    @Test
    void shouldRefuseWeightWhenItIsOneByteOverTheBound() {
        final AttributeMap small = new AttributeMap(10, 8);
        small.set(TOKEN, new byte[8]);

        assertThrows(BoundExceededException.class, () -> small.set(TOKEN, new byte[9]));

        assertEquals(8, small.get(TOKEN).length);
    }

    @Test
    void shouldRefuseWeightPastBoundAndChangeNothing() {
        final AttributeMap small = new AttributeMap(10, 8);
        small.set(HOST, "abcd");

        assertThrows(BoundExceededException.class, () -> small.set(HOST, "abcde"));
        assertThrows(BoundExceededException.class, () -> small.update(HOST, text -> text + "e"));
        assertThrows(BoundExceededException.class, () -> small.compareAndSet(HOST, "abcd", "abcde"));

        assertEquals("abcd", small.get(HOST));
        assertEquals(8, small.snapshot().weightBytes());
        assertThrows(BoundExceededException.class, () -> small.fork().set(COUNT, 1L));
    }

    @Test
    @SuppressWarnings("unchecked")
    void shouldNameKeyAndTypeWhenValueIsForeign() {
        final AttributeKey<Object> raw = (AttributeKey<Object>) (AttributeKey<?>) HOST;

        final ClassCastException ex = assertThrows(ClassCastException.class, () -> map.set(raw, 1));

        assertEquals("foreign type: key=host:String value of java.lang.Integer", ex.getMessage());
        assertEquals(0, map.snapshot().size());
    }

    @Test
    void shouldNameBadValues() {
        assertThrows(NullPointerException.class, () -> map.get(null));
        assertThrows(NullPointerException.class, () -> map.set(null, "a"));
        assertThrows(NullPointerException.class, () -> map.set(HOST, null));
        assertThrows(IllegalArgumentException.class, () -> new AttributeMap(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> AttributeKey.of("count", int.class, value -> 4));
        assertThrows(IllegalArgumentException.class, () -> new AttributeMap(0, -1));
        final AttributeKey<String> negative = AttributeKey.of("negative", String.class, text -> -1);
        assertThrows(IllegalArgumentException.class, () -> map.set(negative, "a"));
    }

    @Test
    void shouldAgreeWithHashMapWhenChangedAtRandom() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final List<AttributeKey<Long>> keys = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            keys.add(AttributeKey.ofLong("key" + i));
        }
        final Map<AttributeKey<?>, Long> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            final AttributeKey<Long> key = keys.get(random.nextInt(keys.size()));
            if (random.nextInt(3) == 0) {
                assertEquals(model.remove(key), map.remove(key), () -> "seed=" + seed);
            } else if (model.size() < AttributeMap.DEFAULT_MAX_ENTRIES || model.containsKey(key)) {
                map.set(key, (long) i);
                model.put(key, (long) i);
            }
            assertEquals(model.get(key), map.get(key), () -> "seed=" + seed);
            assertEquals(model.size(), map.snapshot().size(), () -> "seed=" + seed);
            assertEquals(model.size() * 8L, map.snapshot().weightBytes(), () -> "seed=" + seed);
        }
        assertEquals(model.keySet(), Set.copyOf(map.snapshot().keys()), () -> "seed=" + seed);
    }

    @Test
    void shouldLoseNoWriteWhenThreadsRace() {
        Race.run(4, thread -> {
            for (int i = 0; i < 20_000; i++) {
                map.update(COUNT, count -> count == null ? 1 : count + 1);
            }
        });

        assertEquals(80_000, map.get(COUNT));
    }

    @Test
    void shouldRefuseWeightWhenTheSumOverflows() {
        final AttributeKey<String> huge = AttributeKey.of("huge", String.class, text -> Long.MAX_VALUE);
        final AttributeMap small = new AttributeMap(10, 100);
        small.set(TOKEN, new byte[1]);

        assertThrows(BoundExceededException.class, () -> small.set(huge, "a"));

        assertNull(small.get(huge));
        assertEquals(1, small.snapshot().weightBytes());
        final AttributeMap boundless = new AttributeMap(10, Long.MAX_VALUE);
        boundless.set(huge, "a");
        boundless.set(huge, "b");
        assertThrows(BoundExceededException.class, () -> boundless.set(TOKEN, new byte[1]));
        assertEquals(Long.MAX_VALUE, boundless.snapshot().weightBytes());
    }
}
