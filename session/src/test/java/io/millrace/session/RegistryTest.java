package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private final long[] nowMs = {1_000};
    private final Registry<String> registry = new Registry<>(context());

    private RegistryContext<String> context() {
        return new RegistryContext<String>()
                .clock(() -> nowMs[0])
                .serverVersion(100)
                .logCapacity(8)
                .index("first", text -> text.substring(0, 1))
                .index("length", String::length);
    }

    private static Set<String> ids(final Collection<RegistryRecord<String>> records) {
        return records.stream().map(RegistryRecord::id).collect(Collectors.toSet());
    }

    @Test
    void shouldReadRecordWithVersionAndTimeWhenPut() {
        final RegistryRecord<String> put = registry.put("t", "a", "one");
        nowMs[0] = 2_000;
        registry.put("t", "a", "two");

        final RegistryRecord<String> found = registry.get("t", "a");
        assertEquals("two", found.value());
        assertEquals(2, found.version());
        assertEquals(2_000, found.modifiedAtMs());
        assertEquals(1, put.version());
        assertEquals("one", put.value());
        assertNull(registry.get("t", "b"));
        assertNull(registry.get("u", "a"));
    }

    @Test
    void shouldPatchOnlyWhatIsThere() {
        registry.put("t", "a", "one");

        assertEquals("one!", registry.patch("t", "a", text -> text + "!").value());

        final Exception ex =
                assertThrows(NoSuchElementException.class, () -> registry.patch("t", "b", text -> text + "!"));
        assertEquals("nothing to patch: type=t id=b", ex.getMessage());
        assertEquals(2, registry.snapshot().version());
    }

    @Test
    void shouldForgetTypeWhenItsLastRecordIsRemoved() {
        registry.put("b", "1", "x");
        registry.put("a", "1", "x");
        registry.put("c", "1", "x");
        assertEquals(List.of("a", "b", "c"), registry.types());

        assertEquals("x", registry.remove("b", "1").value());
        assertNull(registry.remove("b", "1"));

        assertEquals(List.of("a", "c"), registry.types());
        assertEquals(4, registry.snapshot().version());
    }

    @Test
    void shouldNotListTypeThatHasOnlyOptions() {
        registry.options("a", new TypeOptions(1, 1_000));
        registry.put("b", "1", "x");

        assertEquals(List.of("b"), registry.types());
    }

    @Test
    void shouldKeepSnapshotWhenRegistryChanges() {
        registry.put("t", "a", "one");
        final RegistrySnapshot<String> snapshot = registry.snapshot();
        final Collection<RegistryRecord<String>> list = snapshot.list("t");

        registry.put("t", "b", "two");
        registry.remove("t", "a");
        registry.clear();

        assertEquals(1, snapshot.version());
        assertEquals(100, snapshot.serverVersion());
        assertEquals(Set.of("a"), ids(list));
        assertEquals(List.of("t"), snapshot.types());
        assertEquals("one", snapshot.get("t", "a").value());
    }

    @Test
    void shouldShowAllChangesOfAnEditOrNone() {
        registry.put("t", "a", "one");

        assertThrows(
                IllegalStateException.class,
                () -> registry.edit(edit -> {
                    edit.put("t", "b", "two");
                    throw new IllegalStateException("no");
                }));
        assertEquals(Set.of("a"), ids(registry.list("t")));

        registry.edit(edit -> {
            edit.put("t", "b", "two");
            return edit.remove("t", "a");
        });
        assertEquals(Set.of("b"), ids(registry.list("t")));
    }

    @Test
    void shouldFilterByIdAndIndexedFields() {
        for (final String text : List.of("ant", "ape", "bee", "bear", "cat")) {
            registry.put("t", text, text);
        }
        registry.put("t", "cat", "cow");
        registry.remove("t", "ape");
        final RegistrySnapshot<String> s = registry.snapshot();
        final Filter b = Filter.equal("first", "b");
        final Filter three = Filter.equal("length", 3);

        assertEquals(Set.of("ant", "bee", "bear", "cat"), ids(s.list("t", Filter.ALL)));
        assertEquals(Set.of("bee", "bear"), ids(s.list("t", b)));
        assertEquals(Set.of("ant", "bee", "cat"), ids(s.list("t", three)));
        assertEquals(Set.of("bee"), ids(s.list("t", Filter.and(b, three))));
        assertEquals(Set.of("ant", "bee", "bear", "cat"), ids(s.list("t", Filter.or(b, three))));
        assertEquals(Set.of("ant"), ids(s.list("t", Filter.id("ant"))));
        assertEquals(Set.of(), ids(s.list("t", Filter.id("ape"))));
        assertEquals(Set.of(), ids(s.list("t", Filter.and(Filter.id("ant"), b))));
        assertEquals(Set.of("bear"), ids(s.list("t", Filter.and(b, Filter.or(Filter.id("bear"), Filter.id("ant"))))));
        assertEquals(Set.of(), ids(s.list("t", Filter.or())));
        assertEquals(Set.of(), ids(s.list("u", b)));
        assertEquals(Set.of("cat"), ids(s.list("t", Filter.equal("first", "c"))));
    }

    @Test
    void shouldNameFieldWhenItIsNotIndexed() {
        final Filter filter = Filter.and(Filter.ALL, Filter.or(Filter.equal("colour", "red")));

        final Exception ex = assertThrows(IllegalArgumentException.class, () -> registry.syncLatest("t", filter));

        assertTrue(ex.getMessage().startsWith("not indexed: field=colour"), ex.getMessage());
    }

    @Test
    void shouldEvictOldestWhenTypeIsPastCapacity() {
        registry.put("t", "a", "1");
        registry.put("t", "b", "1");
        registry.put("t", "c", "1");
        registry.put("t", "a", "2");

        registry.options("t", new TypeOptions(2, Long.MAX_VALUE));
        assertEquals(Set.of("c", "a"), ids(registry.list("t")));
        registry.put("t", "c", "2");
        registry.put("t", "d", "1");

        assertEquals(Set.of("c", "d"), ids(registry.list("t")));
        assertEquals(Set.of("c", "d"), ids(registry.snapshot().list("t", Filter.equal("length", 1))));
        registry.options("t", TypeOptions.UNBOUNDED);
        registry.put("t", "e", "1");
        assertEquals(3, registry.snapshot().size("t"));
    }

    @Test
    void shouldBoundEveryTypeThatHasNoBoundsOfItsOwn() {
        final TypeOptions two = new TypeOptions(2, Long.MAX_VALUE);
        final Registry<String> bounded = new Registry<>(context().typeOptions(two));
        bounded.options("free", TypeOptions.UNBOUNDED);
        for (int round = 0; round < 2; round++) {
            assertEquals(two, bounded.snapshot().options("t"));
            for (final String id : List.of("a", "b", "c")) {
                bounded.put("t", id, "1");
                bounded.put("free", id, "1");
            }
            assertEquals(Set.of("b", "c"), ids(bounded.list("t")));
            assertEquals(Set.of("b", "c"), ids(bounded.snapshot().list("t", Filter.equal("length", 1))));
            assertEquals(3, bounded.snapshot().size("free"));
            // Bounds are remembered beyond the last record, the registry's for what has none of its own.
            for (final String id : List.of("a", "b", "c")) {
                bounded.remove("t", id);
                bounded.remove("free", id);
            }
        }
        bounded.clear();
        assertEquals(two, bounded.snapshot().options("free"));
    }

    @Test
    void shouldRemoveRecordsPastTheirTimeAsChanges() {
        registry.options("t", new TypeOptions(100, 50));
        registry.put("t", "a", "1");
        nowMs[0] += 50;
        registry.put("t", "b", "1");
        assertEquals(Set.of("a", "b"), ids(registry.list("t")));
        nowMs[0] += 1;

        assertEquals(1, registry.expire());
        assertEquals(0, registry.expire());

        assertEquals(Set.of("b"), ids(registry.list("t")));
        assertEquals(3, registry.snapshot().version());
        nowMs[0] += 50;
        registry.put("t", "c", "1");
        assertEquals(Set.of("c"), ids(registry.list("t")));
    }

    @Test
    void shouldReportVersionOfExactlyItsRecords() {
        registry.put("t", "a", "1");
        registry.put("t", "b", "1");

        final SyncLatest<String> latest = registry.syncLatest("t", Filter.ALL);

        assertEquals(100, latest.serverVersion());
        assertEquals(2, latest.version());
        assertEquals(Set.of("a", "b"), ids(latest.records()));
    }

    @Test
    void shouldChangeNothingInsideWhenCallerChangesItsObjects() {
        final Registry<StringBuilder> mutable = new Registry<>(new RegistryContext<StringBuilder>()
                .clock(() -> nowMs[0])
                .copier(StringBuilder::new)
                .index("text", StringBuilder::toString));
        final StringBuilder mine = new StringBuilder("a");
        mutable.put("t", "1", mine).value().append("x");
        mine.append("y");
        mutable.get("t", "1").value().append("z");
        mutable.list("t").iterator().next().value().append("z");
        mutable.snapshot().list("t", Filter.ALL).get(0).value().append("z");
        assertEquals("a", mutable.get("t", "1").value().toString());

        mutable.patch("t", "1", text -> text.append("b")).value().append("z");
        assertEquals("ab", mutable.get("t", "1").value().toString());
        assertEquals(1, mutable.snapshot().list("t", Filter.equal("text", "ab")).size());
        mutable.remove("t", "1").value().append("z");
        final List<String> changes = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            mutable.sync(mutable.snapshot().serverVersion(), 0)
                    .poll(
                            new SyncHandler<>() {
                                @Override
                                public void onControl(final long server, final long version, final boolean over) {}

                                @Override
                                public void onChange(final RegistryRecord<StringBuilder> change) {
                                    changes.add(String.valueOf(change.value()));
                                    if (!change.isRemoval()) {
                                        change.value().append("z");
                                    }
                                }
                            },
                            10);
        }
        assertEquals(List.of("a", "ab", "null", "a", "ab", "null"), changes);
        final Collection<RegistryRecord<String>> list = registry.list("t");
        assertThrows(UnsupportedOperationException.class, () -> list.add(null));
        assertThrows(UnsupportedOperationException.class, () -> registry.types().add("x"));
    }

    @Test
    void shouldNameBadValuesAndChangeNothing() {
        registry.put("t", "a", "1");
        final RegistrySnapshot<String> before = registry.snapshot();

        assertThrows(NullPointerException.class, () -> registry.put(null, "a", "1"));
        assertThrows(NullPointerException.class, () -> registry.put("t", null, "1"));
        assertThrows(NullPointerException.class, () -> registry.put("t", "a", null));
        assertThrows(NullPointerException.class, () -> registry.patch("t", "a", text -> null));
        assertThrows(NullPointerException.class, () -> registry.get(null, "a"));
        assertThrows(NullPointerException.class, () -> registry.get("t", null));
        assertThrows(IllegalArgumentException.class, () -> new TypeOptions(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> new TypeOptions(1, -1));
        assertThrows(IllegalArgumentException.class, () -> context().logCapacity(-1));
        assertThrows(IllegalArgumentException.class, () -> context().index("length", String::hashCode));
        assertThrows(NullPointerException.class, () -> context().typeOptions(null));
        assertThrows(IllegalArgumentException.class, () -> registry.sync(100, -1));
        assertThrows(IllegalArgumentException.class, () -> registry.leases().acquire("job", 0));

        assertTrue(before == registry.snapshot());
    }

    @Test
    void shouldAgreeWithModelWhenChangedAtRandom() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final Map<String, Map<String, String>> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            final String type = "t" + random.nextInt(5);
            final String id = "r" + random.nextInt(40);
            if (random.nextInt(3) == 0) {
                assertEquals(model.getOrDefault(type, Map.of()).containsKey(id), registry.remove(type, id) != null);
                model.getOrDefault(type, new HashMap<>()).remove(id);
            } else {
                final String value = "abc".charAt(random.nextInt(3)) + "x".repeat(random.nextInt(3));
                registry.put(type, id, value);
                model.computeIfAbsent(type, key -> new HashMap<>()).put(id, value);
            }
            if (i % 200 == 0) {
                model.forEach((key, records) -> {
                    final Map<String, String> found = new HashMap<>();
                    registry.list(key).forEach(record -> found.put(record.id(), record.value()));
                    assertEquals(records, found, () -> "seed=" + seed);
                    assertEquals(
                            records.entrySet().stream()
                                    .filter(entry -> entry.getValue().startsWith("a"))
                                    .map(Map.Entry::getKey)
                                    .collect(Collectors.toSet()),
                            ids(registry.snapshot().list(key, Filter.equal("first", "a"))),
                            () -> "seed=" + seed);
                });
            }
        }
    }

    @Test
    void shouldFindByIdExactlyWhatItListsWhenBoundsComeAndGo() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            final String type = "t" + random.nextInt(3);
            final String id = "id" + random.nextInt(60);
            nowMs[0] += random.nextInt(5);
            switch (random.nextInt(12)) {
                case 0 -> registry.options(type, new TypeOptions(1 + random.nextInt(40), 1 + random.nextInt(200)));
                case 1 -> registry.options(type, TypeOptions.UNBOUNDED);
                case 2 -> registry.expire();
                case 3 -> registry.remove(type, id);
                default -> registry.put(type, id, "v" + i);
            }
            final RegistrySnapshot<String> snapshot = registry.snapshot();
            final Map<String, RegistryRecord<String>> listed =
                    snapshot.list(type).stream().collect(Collectors.toMap(RegistryRecord::id, record -> record));
            for (int n = 0; n < 60; n++) {
                assertSame(listed.get("id" + n), snapshot.get(type, "id" + n), () -> "seed=" + seed);
            }
        }
        registry.clear();
        assertNull(registry.get("t0", "id0"));
    }

    @Test
    void shouldLoseNoChangeWhenThreadsRace() {
        final Registry<Integer> racing = new Registry<>(
                new RegistryContext<Integer>().logCapacity(100_000).serverVersion(1));
        racing.put("t", "sum", 0);
        final RegistrySync<Integer> sync = racing.sync(1, 0);
        final List<Long> versions = new ArrayList<>();
        final SyncHandler<Integer> handler = new SyncHandler<>() {
            @Override
            public void onControl(final long serverVersion, final long version, final boolean startOver) {
                assertFalse(startOver);
            }

            @Override
            public void onChange(final RegistryRecord<Integer> change) {
                versions.add(change.version());
            }
        };

        Race.run(4, thread -> {
            for (int i = 0; i < 5_000; i++) {
                if (thread == 0) {
                    sync.poll(handler, 100);
                } else {
                    racing.patch("t", "sum", sum -> sum + 1);
                }
            }
        });
        while (sync.poll(handler, 1_000) > 0) {}

        assertEquals(15_000, racing.get("t", "sum").value());
        assertEquals(15_001, versions.size());
        for (int i = 0; i < versions.size(); i++) {
            assertEquals(i + 1, versions.get(i));
        }
    }

    @Test
    void shouldRefuseChangesToAnEditThatIsOver() {
        final RegistryEdit<String> over = registry.edit(edit -> edit);
        assertThrows(IllegalStateException.class, () -> over.put("t", "a", "1"));
        assertThrows(IllegalStateException.class, () -> over.remove("t", "a"));
        assertThrows(IllegalStateException.class, () -> over.options("t", TypeOptions.UNBOUNDED));
        assertNull(registry.get("t", "a"));
    }

    @Test
    void shouldDateChangeByItsLastAttemptWhenAnotherThreadWasFaster() {
        final boolean[] overtaken = {false};

        final RegistryRecord<String> put = registry.edit(edit -> {
            if (!overtaken[0]) {
                overtaken[0] = true;
                nowMs[0] = 2_000;
                registry.put("t", "other", "x");
            }
            return edit.put("t", "a", "x");
        });

        assertEquals(2, put.version());
        assertEquals(2_000, put.modifiedAtMs());
    }

    @Test
    void shouldTakeRecordForOverWhenClockWasSetBack() {
        registry.options("t", new TypeOptions(100, 50));
        registry.options("free", new TypeOptions(100, Long.MAX_VALUE));
        registry.put("t", "ahead", "1");
        registry.put("free", "ahead", "1");
        nowMs[0] = 0;
        registry.put("t", "a", "1");
        nowMs[0] = 51;

        assertEquals(1, registry.expire());

        assertEquals(Set.of(), ids(registry.list("t")));
        assertEquals(Set.of("ahead"), ids(registry.list("free")), "no time, no end");
    }

    @Test
    void shouldLeaveNothingHalfDoneWhenEditCatchesWhatAnIndexThrows() {
        final String[] bad = {"bad"};
        final Registry<String> indexed = new Registry<>(context().index("fussy", text -> {
            if (text.equals(bad[0])) {
                throw new IllegalArgumentException(text);
            }
            return text;
        }));

        indexed.edit(edit -> {
            assertThrows(IllegalArgumentException.class, () -> edit.put("t", "1", "bad"));
            return edit.put("t", "2", "good");
        });
        assertNull(indexed.get("t", "1"));
        assertEquals(1, indexed.snapshot().version());

        bad[0] = "good";
        indexed.edit(edit -> {
            assertThrows(IllegalArgumentException.class, () -> edit.remove("t", "2"));
            return edit.put("t", "3", "x");
        });
        assertEquals(Set.of("2", "3"), ids(indexed.list("t")));
        assertEquals("good", indexed.get("t", "2").value());
        assertEquals(2, indexed.snapshot().version());
    }

    @Test
    void shouldLeaveNothingHalfDoneWhenEditCatchesWhatTheCopierThrowsOnTheWayOut() {
        final int[] copies = {0};
        final Registry<String> copied = new Registry<>(context().copier(text -> {
            if (++copies[0] == 2) {
                throw new IllegalArgumentException(text);
            }
            return text;
        }));

        copied.edit(edit -> {
            assertThrows(IllegalArgumentException.class, () -> edit.put("t", "1", "x"));
            return null;
        });

        assertEquals(0, copied.snapshot().version());
    }

    @Test
    void shouldRefuseNullOfCopierInsteadOfTakingItForARemoval() {
        final boolean[] isBad = {true};
        final Registry<String> copied = new Registry<>(context().copier(text -> isBad[0] ? null : text));

        final Exception in = assertThrows(NullPointerException.class, () -> copied.put("t", "a", "x"));
        assertEquals("the copier answered null", in.getMessage());
        assertEquals(0, copied.snapshot().version());

        isBad[0] = false;
        copied.put("t", "a", "x");
        isBad[0] = true;
        final Exception out = assertThrows(NullPointerException.class, () -> copied.get("t", "a"));
        assertEquals("the copier answered null", out.getMessage());
    }
}
