package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryPublisherTest implements WatchHandler {
    private final Registry<String> registry =
            new Registry<>(new RegistryContext<String>().serverVersion(100).logCapacity(32));
    private final RegistryPublisher<String> publisher = new RegistryPublisher<>(registry, 1024, 20);
    private final List<String> seen = new ArrayList<>();

    @Override
    public void onChange(final long version, final String type, final String id, final boolean removed) {
        seen.add(version + " " + type + "/" + id + (removed ? " removed" : ""));
    }

    @Override
    public void onStartOver(final long serverVersion, final long version) {
        seen.add("start over " + serverVersion + "/" + version);
    }

    private void publishAll() {
        int published;
        do {
            published = publisher.doWork();
        } while (published > 0);
    }

    @Test
    void shouldTellEveryWatchOfEveryChangeInOrder() {
        registry.put("t", "before", "x");
        final RegistryWatch first = publisher.watch();
        final RegistryWatch second = publisher.watch();
        registry.put("t", "ä", "x");
        registry.remove("t", "ä");
        publishAll();

        assertEquals(3, first.poll(this, 10));
        assertEquals(0, first.poll(this, 10));
        assertEquals(List.of("1 t/before", "2 t/ä", "3 t/ä removed"), seen);
        seen.clear();
        assertEquals(1, second.poll(this, 1));
        assertEquals(List.of("1 t/before"), seen);
    }

    @Test
    void shouldTellWatchToStartOverWhenItIsOvertaken() {
        final RegistryWatch slow = publisher.watch();
        for (int i = 0; i < 100; i++) {
            registry.put("t", "r" + i, "x");
            publishAll();
        }

        slow.poll(this, 1_000);

        assertEquals("start over -1/-1", seen.get(0));
        assertEquals("100 t/r99", seen.get(seen.size() - 1));
    }

    @Test
    void shouldTellWatchToStartOverWhenRegistryIsCleared() {
        final RegistryWatch watch = publisher.watch();
        registry.put("t", "a", "x");
        publishAll();
        registry.clear();
        publishAll();
        registry.put("t", "b", "x");
        publishAll();

        watch.poll(this, 10);

        assertEquals(List.of("1 t/a", "start over 101/0", "1 t/b"), seen);
    }

    @Test
    void shouldTellWatchToStartOverWhenPublisherIsOutrun() {
        final RegistryWatch watch = publisher.watch();
        for (int i = 0; i < 33; i++) {
            registry.put("t", "r", "x");
        }
        publishAll();
        registry.put("t", "a", "x");
        publishAll();

        watch.poll(this, 10);

        assertEquals(List.of("start over 100/33", "34 t/a"), seen);
    }

    @Test
    void shouldTellWatchToStartOverWhenNameIsTooLong() {
        final RegistryWatch watch = publisher.watch();
        registry.put("t", "x".repeat(20), "x");
        publishAll();

        watch.poll(this, 10);

        assertEquals(List.of("start over 100/1"), seen);
    }

    @Test
    void shouldPublishNothingWhenClosed() {
        final RegistryWatch watch = publisher.watch();
        assertFalse(watch.isClosed());
        publisher.onClose();
        assertTrue(watch.isClosed());
        registry.put("t", "a", "x");
        publishAll();

        assertEquals(0, watch.poll(this, 10));
        assertThrows(NullPointerException.class, () -> watch.poll(null, 10));
        assertEquals("registry-publisher", publisher.roleName());
    }

    @Test
    void shouldNameBoundOfNoticesWhenItIsOutOfRange() {
        for (final int bad : new int[] {-1, -5, Integer.MAX_VALUE}) {
            final Exception ex =
                    assertThrows(IllegalArgumentException.class, () -> new RegistryPublisher<>(registry, 1024, bad));
            assertEquals("out of range: maxNoticeBytes=" + bad, ex.getMessage());
        }
    }

    @Test
    void shouldTellOfChangesWhoseValuesCannotBeCopied() {
        final boolean[] fails = {false};
        final Registry<String> copied = new Registry<>(new RegistryContext<String>().copier(text -> {
            if (fails[0]) {
                throw new IllegalArgumentException(text);
            }
            return text;
        }));
        final RegistryPublisher<String> ofCopied = new RegistryPublisher<>(copied, 1024, 20);
        final RegistryWatch watch = ofCopied.watch();
        copied.put("t", "a", "x");
        copied.put("t", "b", "x");
        fails[0] = true;

        ofCopied.doWork();

        watch.poll(this, 10);
        assertEquals(List.of("1 t/a", "2 t/b"), seen);
    }

    @Test
    void shouldRefuseNoticesThatHaveNoRoomInTheRing() {
        for (final int bytes : new int[] {44, Integer.MAX_VALUE - RegistryNotice.HEADER_BYTES, Integer.MAX_VALUE, -1}) {
            assertThrows(IllegalArgumentException.class, () -> new RegistryPublisher<>(registry, 64, bytes));
        }
    }

    @Test
    void shouldTellWatchToStartOverWhenAnIdIsNoText() {
        final RegistryWatch watch = publisher.watch();
        registry.put("t", "half \uD83D", "x");
        registry.put("\uDE00 half", "id", "x");
        registry.put("t", "\uD83D\uDE00", "x");
        publishAll();

        watch.poll(this, 10);

        assertEquals(List.of("start over 100/1", "start over 100/2", "3 t/\uD83D\uDE00"), seen);
    }
}
