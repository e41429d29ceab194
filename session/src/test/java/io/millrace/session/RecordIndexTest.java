package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class RecordIndexTest {
    private static final List<String> TYPES = List.of("user", "group", "session");

    private static RegistryRecord<Integer> record(final String type, final String id, final int value) {
        return new RegistryRecord<>(type, id, value, 0, value);
    }

    /** "Aa" and "BB" have one hash, and so have all words of as many of them. */
    private static String colliding(final int number) {
        final StringBuilder word = new StringBuilder();
        for (int bit = 0; bit < 8; bit++) {
            word.append((number >>> bit & 1) == 0 ? "Aa" : "BB");
        }
        return word.toString();
    }

    @Test
    void shouldAgreeWithHashMapWhenChangedAtRandom() {
        agreesWithHashMap(700, number -> "record-" + number);
    }

    @Test
    void shouldAgreeWithHashMapWhenAllHashesCollide() {
        agreesWithHashMap(256, RecordIndexTest::colliding);
    }

    private static void agreesWithHashMap(final int ids, final IntFunction<String> idOf) {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final Map<List<String>, RegistryRecord<Integer>> model = new HashMap<>();
        Object[] index = RecordIndex.empty();
        for (int i = 0; i < 20_000; i++) {
            final String type = TYPES.get(random.nextInt(TYPES.size()));
            final String id = idOf.apply(random.nextInt(ids));
            final RegistryRecord<Integer> before = model.get(List.of(type, id));
            assertSame(before, RecordIndex.get(index, type, id), () -> "seed=" + seed);
            // Grows for a while, then shrinks.
            if (random.nextInt(20_000) > i) {
                final RegistryRecord<Integer> record = record(type, id, i);
                index = RecordIndex.with(index, record);
                model.put(List.of(type, id), record);
            } else if (before != null) {
                index = RecordIndex.without(index, before);
                model.remove(List.of(type, id));
            }
            if (i % 1_000 == 0) {
                assertSameContent(model, index, ids, idOf, seed);
            }
        }
        for (final RegistryRecord<Integer> record : new ArrayList<>(model.values())) {
            index = RecordIndex.without(index, record);
            model.remove(List.of(record.type(), record.id()));
        }
        assertSameContent(model, index, ids, idOf, seed);
    }

    private static void assertSameContent(
            final Map<List<String>, RegistryRecord<Integer>> model,
            final Object[] index,
            final int ids,
            final IntFunction<String> idOf,
            final long seed) {
        for (final String type : TYPES) {
            for (int i = 0; i < ids; i++) {
                final String id = idOf.apply(i);
                assertSame(
                        model.get(List.of(type, id)),
                        RecordIndex.get(index, type, id),
                        () -> "seed=" + seed + " type=" + type + " id=" + id);
            }
        }
    }

    @Test
    void shouldKeepOldIndexWhenNewOneIsMade() {
        final Object[] before = RecordIndex.with(RecordIndex.empty(), record("user", "a", 1));

        final Object[] after =
                RecordIndex.with(RecordIndex.with(before, record("user", "a", 2)), record("user", "b", 3));
        final Object[] emptied = RecordIndex.without(before, record("user", "a", 1));

        assertEquals(1, RecordIndex.get(before, "user", "a").value());
        assertNull(RecordIndex.get(before, "user", "b"));
        assertEquals(2, RecordIndex.get(after, "user", "a").value());
        assertEquals(3, RecordIndex.get(after, "user", "b").value());
        assertNull(RecordIndex.get(emptied, "user", "a"));
    }

    @Test
    void shouldTellTypesApartWhenIdsAreTheSame() {
        final Object[] index = RecordIndex.with(
                RecordIndex.with(RecordIndex.empty(), record("user", "a", 1)), record("group", "a", 2));

        assertEquals(1, RecordIndex.get(index, "user", "a").value());
        assertEquals(2, RecordIndex.get(index, "group", "a").value());
        assertNull(RecordIndex.get(index, "a", "user"));
    }
}
