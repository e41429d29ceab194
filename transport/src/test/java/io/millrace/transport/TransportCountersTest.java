package io.millrace.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Every connection counts exactly once, living, ended, and in between. */
class TransportCountersTest {
    private static final int CONNECTIONS = 50;

    private final AtomicReference<List<ConnectionCounters>> living = new AtomicReference<>(List.of());
    private Runnable meanwhile = () -> {};
    private final TransportCounters counters = new TransportCounters(this::snapshot);

    /** Something may happen between a reader's look at the ended and its look at the living. */
    private List<ConnectionCounters> snapshot() {
        final Runnable next = meanwhile;
        meanwhile = () -> {};
        next.run();
        return living.get();
    }

    private static ConnectionTotals each() {
        return new ConnectionTotals(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    private List<ConnectionCounters> open(final int count) {
        final List<ConnectionCounters> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opened.add(each());
        }
        living.set(List.copyOf(opened));
        return opened;
    }

    private void remove(final ConnectionCounters one) {
        living.updateAndGet(all -> all.stream().filter(other -> other != one).toList());
    }

    @Test
    void shouldAddUpTheLivingAndTheEnded() {
        final List<ConnectionCounters> opened = open(3);
        assertEquals(new ConnectionTotals(3, 6, 9, 12, 15, 18, 21, 24, 27, 30), counters.totals());
        counters.onEnded(opened.get(1), () -> remove(opened.get(1)));
        assertEquals(2, living.get().size());
        assertEquals(new ConnectionTotals(3, 6, 9, 12, 15, 18, 21, 24, 27, 30), counters.totals());
    }

    @Test
    void shouldCountAConnectionOnceAtEveryStepOfItsEnd() {
        final ConnectionCounters one = open(2).get(0);
        counters.onEnded(one, () -> {
            assertEquals(2, counters.totals().messagesIn(), "folded in, and still living");
            remove(one);
            assertEquals(2, counters.totals().messagesIn(), "folded in, and gone");
        });
        assertEquals(2, counters.totals().messagesIn());
    }

    @Test
    void shouldCountAConnectionOnceWhenItEndsBehindTheReadersBack() {
        final ConnectionCounters one = open(2).get(0);
        meanwhile = () -> counters.onEnded(one, () -> remove(one));
        assertEquals(2, counters.totals().messagesIn());
        assertEquals(1, living.get().size());
    }

    @Test
    void shouldForgetWhoHasLeftThoughLeavingFails() {
        final EndedConnections ended = new EndedConnections(List::of);
        final List<ConnectionCounters> opened = open(2);
        ended.end(opened.get(0), () -> assertEquals(1, ended.leaving()));
        assertThrows(
                IllegalStateException.class,
                () -> ended.end(opened.get(1), () -> {
                    throw new IllegalStateException("thrown by the owner");
                }));
        assertEquals(0, ended.leaving());
        assertEquals(2, ended.totals().messagesIn());
    }

    @Test
    void shouldNeverMissOrDoubleAConnectionWhileManyEnd() throws Exception {
        for (int round = 0; round < 200; round++) {
            final long before = counters.totals().messagesIn();
            final List<ConnectionCounters> opened = open(CONNECTIONS);
            final List<CompletableFuture<Void>> enders = new ArrayList<>();
            for (int half = 0; half < 2; half++) {
                final int first = half;
                enders.add(CompletableFuture.runAsync(() -> {
                    for (int i = first; i < CONNECTIONS; i += 2) {
                        final ConnectionCounters one = opened.get(i);
                        counters.onEnded(one, () -> remove(one));
                    }
                }));
            }
            do {
                assertEquals(before + CONNECTIONS, counters.totals().messagesIn());
            } while (!living.get().isEmpty());
            for (final CompletableFuture<Void> ender : enders) {
                ender.get(30, TimeUnit.SECONDS);
            }
        }
    }
}
