package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RegistrySyncTest {
    private final Registry<String> registry =
            new Registry<>(new RegistryContext<String>().serverVersion(100).logCapacity(8));

    /** Writes down what a sync hands over. */
    private static final class Items implements SyncHandler<Object> {
        private final List<String> texts = new ArrayList<>();

        @Override
        public void onControl(final long serverVersion, final long version, final boolean startOver) {
            texts.add("control " + serverVersion + "/" + version + (startOver ? " start over" : ""));
        }

        @Override
        public void onChange(final RegistryRecord<Object> change) {
            texts.add(change.version() + " " + change.id() + "=" + change.value());
        }

        List<String> drain() {
            final List<String> drained = List.copyOf(texts);
            texts.clear();
            return drained;
        }
    }

    @SuppressWarnings("unchecked")
    private static SyncHandler<String> asText(final Items items) {
        return (SyncHandler<String>) (SyncHandler<?>) items;
    }

    @Test
    void shouldHandOverControlFirstAndThenEveryChange() {
        registry.put("t", "a", "1");
        final RegistrySync<String> sync = registry.sync(100, 1);
        final Items items = new Items();
        registry.put("t", "b", "1");
        registry.remove("t", "a");

        assertEquals(3, sync.poll(asText(items), 10));
        assertEquals(List.of("control 100/3", "2 b=1", "3 a=null"), items.drain());
        assertEquals(0, sync.poll(asText(items), 10));
        registry.put("t", "c", "1");
        registry.put("t", "d", "1");
        assertEquals(1, sync.poll(asText(items), 1));
        assertEquals(1, sync.poll(asText(items), 1));
        assertEquals(List.of("4 c=1", "5 d=1"), items.drain());
        assertEquals(5, sync.version());
    }

    @Test
    void shouldTellReaderToStartOverWhenItIsLapped() {
        final RegistrySync<String> sync = registry.sync(100, 0);
        final Items items = new Items();
        for (int i = 1; i <= 8; i++) {
            registry.put("t", "a" + i, "1");
        }
        assertEquals(9, sync.poll(asText(items), 100));
        items.drain();
        for (int i = 1; i <= 9; i++) {
            registry.put("t", "a" + i, "1");
        }

        assertEquals(1, sync.poll(asText(items), 100));

        assertEquals(List.of("control 100/17 start over"), items.drain());
        assertTrue(sync.isBroken());
        assertEquals(0, sync.poll(asText(items), 100));
    }

    @Test
    void shouldTellReaderToStartOverWhenServerVersionOrVersionIsUnknown() {
        final Items items = new Items();
        registry.put("t", "a", "1");
        final RegistrySync<String> current = registry.sync(100, 1);
        current.poll(asText(items), 1);
        items.drain();

        assertEquals(101, registry.clear());

        current.poll(asText(items), 1);
        registry.sync(99, 0).poll(asText(items), 1);
        registry.sync(101, 1).poll(asText(items), 1);
        registry.sync(101, 0).poll(asText(items), 1);
        assertEquals(
                List.of(
                        "control 101/0 start over",
                        "control 101/0 start over",
                        "control 101/0 start over",
                        "control 101/0"),
                items.drain());
        assertEquals(List.of(), registry.types());
    }

    @Test
    void shouldNotRepeatChangeWhenHandlerThrows() {
        final RegistrySync<String> sync = registry.sync(100, 0);
        registry.put("t", "a", "1");
        registry.put("t", "b", "1");
        final AtomicInteger calls = new AtomicInteger();
        final SyncHandler<String> throwing = new SyncHandler<>() {
            @Override
            public void onControl(final long serverVersion, final long version, final boolean startOver) {}

            @Override
            public void onChange(final RegistryRecord<String> change) {
                calls.incrementAndGet();
                throw new IllegalArgumentException(change.id());
            }
        };

        assertThrows(IllegalArgumentException.class, () -> sync.poll(throwing, 10));

        final Items items = new Items();
        sync.poll(asText(items), 10);
        assertEquals(1, calls.get());
        assertEquals(List.of("2 b=1"), items.drain());
    }

    @Test
    void shouldNameLimitWhenItIsNotPositive() {
        final RegistrySync<String> sync = registry.sync(100, 0);

        final Exception ex = assertThrows(IllegalArgumentException.class, () -> sync.poll(asText(new Items()), 0));

        assertTrue(ex.getMessage().contains("=0"), ex.getMessage());
    }

    /** A registry that cannot hand out some values. */
    private static final class Uncopied {
        private final Set<String> failing = new HashSet<>();
        private final Registry<String> registry = new Registry<>(
                new RegistryContext<String>().serverVersion(100).logCapacity(8).copier(text -> {
                    if (failing.contains(text)) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                }));
        private final RegistrySync<String> sync = registry.sync(100, 0);
        private final Items items = new Items();

        Uncopied() {
            registry.put("t", "a", "1");
            registry.put("t", "b", "2");
            registry.put("t", "c", "3");
            failing.add("2");
        }

        RecordCopyException fail() {
            return assertThrows(RecordCopyException.class, () -> sync.poll(asText(items), 10));
        }
    }

    @Test
    void shouldNameTheRecordAndHandItOverLaterWhenItCannotBeCopied() {
        final Uncopied uncopied = new Uncopied();

        final RecordCopyException ex = uncopied.fail();

        assertEquals("a record cannot be copied: type=t id=b version=2", ex.getMessage());
        assertEquals("t/b/2", ex.type() + "/" + ex.id() + "/" + ex.version());
        assertEquals("2", ex.getCause().getMessage());
        assertEquals(1, uncopied.sync.version());
        assertEquals(2, uncopied.fail().version());
        uncopied.failing.clear();
        uncopied.sync.poll(asText(uncopied.items), 10);
        assertEquals(List.of("control 100/3", "1 a=1", "2 b=2", "3 c=3"), uncopied.items.drain());
    }

    @Test
    void shouldGoOnBehindWhatCannotBeCopiedWhenTheReaderSaysSo() {
        final Uncopied uncopied = new Uncopied();
        uncopied.fail();

        uncopied.sync.skip();

        assertEquals(2, uncopied.sync.version());
        uncopied.sync.poll(asText(uncopied.items), 10);
        assertEquals(List.of("control 100/3", "1 a=1", "3 c=3"), uncopied.items.drain());
        final Exception ex = assertThrows(IllegalStateException.class, uncopied.sync::skip);
        assertEquals("no change failed to be copied: version=3", ex.getMessage());
    }

    @Test
    void shouldBeRidOfWhatCannotBeCopiedWhenAnotherValueIsPut() {
        final Uncopied uncopied = new Uncopied();
        assertThrows(IllegalArgumentException.class, () -> uncopied.registry.remove("t", "b"));
        assertEquals(3, uncopied.registry.snapshot().version());

        uncopied.registry.put("t", "b", "4");

        assertEquals("4", uncopied.registry.remove("t", "b").value());
    }

    @Test
    void shouldTellReaderToStartOverWhenWhatCannotBeCopiedIsForgotten() {
        final Uncopied uncopied = new Uncopied();
        uncopied.fail();
        for (int i = 0; i < 8; i++) {
            uncopied.registry.put("t", "d", "4");
        }
        uncopied.items.drain();

        assertEquals(1, uncopied.sync.poll(asText(uncopied.items), 10));

        assertEquals(List.of("control 100/11 start over"), uncopied.items.drain());
        assertThrows(IllegalStateException.class, uncopied.sync::skip);
    }

    @Test
    void shouldRefuseToBePolledByItsHandler() {
        final RegistrySync<String> sync = registry.sync(100, 0);
        final List<Long> seen = new ArrayList<>();
        final SyncHandler<String> nested = new SyncHandler<>() {
            @Override
            public void onControl(final long serverVersion, final long version, final boolean startOver) {
                assertThrows(IllegalStateException.class, () -> sync.poll(this, 1));
            }

            @Override
            public void onChange(final RegistryRecord<String> change) {
                seen.add(change.version());
                sync.poll(this, 1);
            }
        };
        registry.put("t", "a", "1");
        registry.put("t", "b", "1");

        assertThrows(IllegalStateException.class, () -> sync.poll(nested, 10));
        assertThrows(IllegalStateException.class, () -> sync.poll(nested, 10));

        assertEquals(List.of(1L, 2L), seen);
    }
}
