package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class StateCellTest {
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);

    enum Phase {
        NEW,
        OPEN,
        CLOSING,
        CLOSED
    }

    private static final StateEdges<Phase, Phase> EDGES = StateEdges.of(Phase.class)
            .edge(Phase.NEW, Phase.OPEN, Phase.CLOSED)
            .edge(Phase.OPEN, Phase.CLOSING, Phase.CLOSED)
            .edge(Phase.CLOSING, Phase.CLOSED);

    /** Counts for ever: a state that may follow itself. */
    private record Count(Phase phase, int number) {
        Count next() {
            return new Count(phase, number + 1);
        }
    }

    private static final StateEdges<Count, Phase> COUNTING =
            StateEdges.by(Phase.class, Count::phase).edge(Phase.OPEN, Phase.OPEN);

    private static StateCell<Phase> cell() {
        return new StateCell<>(Phase.NEW, EDGES);
    }

    private static StateCell<Count> counter() {
        return new StateCell<>(new Count(Phase.OPEN, 0), COUNTING);
    }

    @Test
    void shouldMoveWhenEdgeIsLegalAndStateExpected() {
        final StateCell<Phase> cell = cell();

        assertTrue(cell.compareAndSet(Phase.NEW, Phase.OPEN));

        assertEquals(Phase.OPEN, cell.value());
    }

    @Test
    void shouldChangeNothingWhenStateIsNotExpected() {
        final StateCell<Phase> cell = cell();

        assertFalse(cell.compareAndSet(Phase.OPEN, Phase.CLOSED));

        assertEquals(Phase.NEW, cell.value());
    }

    @Test
    void shouldNameBothStatesWhenEdgeIsIllegal() {
        final StateCell<Phase> cell = cell();

        final IllegalStateException ex =
                assertThrows(IllegalStateException.class, () -> cell.compareAndSet(Phase.NEW, Phase.CLOSING));
        assertThrows(IllegalStateException.class, () -> cell.update(phase -> Phase.CLOSING));

        assertEquals("not a legal edge: from=NEW to=CLOSING", ex.getMessage());
        assertEquals(Phase.NEW, cell.value());
    }

    @Test
    void shouldRefuseNullStates() {
        assertThrows(NullPointerException.class, () -> new StateCell<>(null, EDGES));
        assertThrows(NullPointerException.class, () -> cell().compareAndSet(Phase.NEW, null));
        assertThrows(NullPointerException.class, () -> cell().update(phase -> null));
    }

    @Test
    void shouldNotMoveWhenUpdateReturnsTheSameState() {
        final StateCell<Count> cell = counter();
        final List<Count> seen = new ArrayList<>();
        cell.onEdge((from, to) -> seen.add(to));

        assertSame(cell.value(), cell.update(count -> count));

        assertEquals(List.of(), seen);
    }

    @Test
    void shouldCallNoListenerWhileItIsAdded() {
        final StateCell<Count> cell = counter();
        final List<Count> seen = new ArrayList<>();
        final EdgeDelivery<Count> delivery = new EdgeDelivery<>(cell, (from, to) -> {
            seen.add(to);
            throw new IllegalArgumentException("always");
        });
        cell.update(Count::next);
        cell.wakers().add(delivery);
        cell.update(Count::next);

        delivery.begin();

        assertEquals(List.of(), seen);
        assertThrows(IllegalArgumentException.class, () -> cell.update(Count::next));
        assertEquals(List.of(cell.value()), seen);
    }

    @Test
    void shouldKeepAFewErrorsAndCountTheOthersWhenListenerAlwaysThrows() {
        final StateCell<Count> cell = counter();
        cell.onEdge((from, to) -> {
            if (to.number() < 10_000) {
                cell.update(Count::next);
            }
            throw new IllegalArgumentException("edge " + to.number());
        });

        final Throwable ex = assertThrows(IllegalArgumentException.class, () -> cell.update(Count::next));

        assertEquals("edge 1", ex.getMessage());
        final Throwable[] suppressed = ex.getSuppressed();
        assertEquals(Errors.MAX_SUPPRESSED + 1, suppressed.length);
        assertEquals("edge 2", suppressed[0].getMessage());
        final int leftOut = 10_000 - 1 - Errors.MAX_SUPPRESSED;
        assertEquals("more errors, which are not kept: count=" + leftOut, suppressed[8].getMessage());
    }

    @Test
    void shouldLoseNoUpdateWhenThreadsRace() {
        final StateCell<Count> cell = counter();

        Race.run(4, thread -> {
            for (int i = 0; i < 10_000; i++) {
                cell.update(Count::next);
            }
        });

        assertEquals(40_000, cell.value().number());
    }

    @Test
    void shouldLetOneThreadCloseWhenAllTry() {
        for (int round = 0; round < 2_000; round++) {
            final StateCell<Phase> cell = new StateCell<>(Phase.OPEN, EDGES);
            final AtomicInteger winners = new AtomicInteger();
            final AtomicInteger told = new AtomicInteger();
            cell.onEdge((from, to) -> told.incrementAndGet());

            Race.run(2, thread -> {
                if (cell.compareAndSet(Phase.OPEN, Phase.CLOSED)) {
                    winners.incrementAndGet();
                }
            });

            assertEquals(1, winners.get());
            assertEquals(1, told.get());
        }
    }

    @Test
    void shouldTellEachListenerEveryEdgeOnceAndInOrderWhenThreadsRace() {
        final StateCell<Count> cell = counter();
        final List<Integer> seen = new ArrayList<>();
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger overlaps = new AtomicInteger();
        cell.onEdge((from, to) -> {
            if (inside.incrementAndGet() != 1 || to.number() != from.number() + 1) {
                overlaps.incrementAndGet();
            }
            seen.add(to.number());
            inside.decrementAndGet();
        });

        Race.run(4, thread -> {
            for (int i = 0; i < 5_000; i++) {
                cell.update(Count::next);
            }
        });

        assertEquals(0, overlaps.get());
        assertEquals(20_000, seen.size());
        for (int i = 0; i < seen.size(); i++) {
            assertEquals(i + 1, seen.get(i));
        }
    }

    @Test
    void shouldTellListenerOfEveryEdgeAfterItsFirstWhenAddedDuringMoves() {
        final StateCell<Count> cell = counter();
        final List<Count> seen = new ArrayList<>();
        final AtomicInteger added = new AtomicInteger();

        Race.run(2, thread -> {
            if (thread == 0) {
                for (int i = 0; i < 20_000; i++) {
                    cell.update(Count::next);
                }
            } else {
                cell.onEdge((from, to) -> seen.add(to));
                added.set(cell.value().number());
            }
        });

        assertTrue(seen.size() >= 20_000 - added.get(), "seen=" + seen.size() + " added=" + added);
        if (!seen.isEmpty()) {
            assertEquals(20_000, seen.get(seen.size() - 1).number());
            assertEquals(20_000, seen.get(0).number() + seen.size() - 1);
        }
    }

    @Test
    void shouldDeliverAfterReturnWhenListenerMovesTheCell() {
        final StateCell<Phase> cell = cell();
        final List<String> seen = new ArrayList<>();
        cell.onEdge((from, to) -> {
            seen.add("enter " + to);
            if (to == Phase.OPEN) {
                cell.compareAndSet(Phase.OPEN, Phase.CLOSED);
            }
            seen.add("leave " + to);
        });

        cell.compareAndSet(Phase.NEW, Phase.OPEN);

        assertEquals(List.of("enter OPEN", "leave OPEN", "enter CLOSED", "leave CLOSED"), seen);
    }

    @Test
    void shouldTellEveryoneAndThrowTheFirstErrorWhenListenersThrow() {
        final StateCell<Phase> cell = cell();
        final List<Phase> seen = new ArrayList<>();
        cell.onEdge((from, to) -> {
            throw new IllegalArgumentException("first");
        });
        cell.onEdge((from, to) -> {
            throw new IllegalArgumentException("second");
        });
        cell.onEdge((from, to) -> seen.add(to));

        final Throwable ex =
                assertThrows(IllegalArgumentException.class, () -> cell.compareAndSet(Phase.NEW, Phase.OPEN));

        assertEquals("first", ex.getMessage());
        assertEquals("second", ex.getSuppressed()[0].getMessage());
        assertEquals(Phase.OPEN, cell.value());
        assertThrows(IllegalArgumentException.class, () -> cell.compareAndSet(Phase.OPEN, Phase.CLOSED));
        assertEquals(List.of(Phase.OPEN, Phase.CLOSED), seen);
    }

    @Test
    void shouldTellNothingWhenRegistrationIsClosed() {
        final StateCell<Phase> cell = cell();
        final List<Phase> seen = new ArrayList<>();
        final Registration registration = cell.onEdge((from, to) -> seen.add(to));

        registration.close();
        registration.close();
        cell.compareAndSet(Phase.NEW, Phase.OPEN);

        assertEquals(List.of(), seen);
    }

    @Test
    void shouldSeeStateThatIsLeftAtOnceWhenAwaited() throws InterruptedException {
        for (int round = 0; round < 500; round++) {
            final StateCell<Phase> cell = cell();
            final StateCursor<Phase> cursor = cell.cursor();
            final AtomicReference<Phase> seen = new AtomicReference<>();

            Race.run(2, thread -> {
                if (thread == 0) {
                    cell.compareAndSet(Phase.NEW, Phase.OPEN);
                    cell.compareAndSet(Phase.OPEN, Phase.CLOSING);
                    cell.compareAndSet(Phase.CLOSING, Phase.CLOSED);
                } else {
                    seen.set(cursor.await(phase -> phase == Phase.CLOSING, LONG_NS));
                }
            });

            assertEquals(Phase.CLOSING, seen.get());
        }
    }

    @Test
    void shouldWakeParkedThreadWhenStateComes() throws Exception {
        final StateCell<Phase> cell = cell();
        final AtomicReference<Phase> seen = new AtomicReference<>();
        final Thread waiter = new Thread(() -> {
            try {
                seen.set(cell.await(phase -> phase == Phase.OPEN, LONG_NS));
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        });
        waiter.start();
        final long deadlineNs = System.nanoTime() + LONG_NS;
        while (waiter.getState() != Thread.State.TIMED_WAITING && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait();
        }
        assertEquals(Thread.State.TIMED_WAITING, waiter.getState());

        cell.compareAndSet(Phase.NEW, Phase.OPEN);

        waiter.join(TimeUnit.SECONDS.toMillis(10));
        assertEquals(Phase.OPEN, seen.get());
    }

    @Test
    void shouldReturnNullWhenTimeIsOver() throws InterruptedException {
        final long[] nowNs = {0};
        final StateCell<Phase> cell = new StateCell<>(Phase.NEW, EDGES, () -> nowNs[0] += 1_000_000);

        assertNull(cell.await(phase -> phase == Phase.OPEN, 0));
        assertNull(cell.await(phase -> phase == Phase.OPEN, 5_000_000));
        assertEquals(Phase.NEW, cell.await(phase -> phase == Phase.NEW, 0));
    }

    @Test
    void shouldReturnNullWhenTimeIsOverThoughMoverIsFaster() throws InterruptedException {
        final long[] nowNs = {0};
        final StateCell<Count> cell = new StateCell<>(new Count(Phase.OPEN, 0), COUNTING, () -> nowNs[0] += 1_000_000);
        final Predicate<Count> movedMeanwhile = count -> {
            assertTrue(count.number() < 1_000, "waits for ever");
            cell.update(Count::next);
            return false;
        };

        assertNull(cell.await(movedMeanwhile, 0));
        assertNull(cell.await(movedMeanwhile, 5_000_000));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> cell.await(movedMeanwhile, LONG_NS));
    }

    @Test
    void shouldThrowWhenWaiterIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThrows(InterruptedException.class, () -> cell().await(phase -> phase == Phase.OPEN, LONG_NS));

        assertFalse(Thread.interrupted());
    }

    @Test
    void shouldKeepDeclarationWhenLongerOneIsMadeOfIt() {
        final StateEdges<Phase, Phase> before = StateEdges.of(Phase.class);

        before.edge(Phase.NEW, Phase.OPEN);

        assertFalse(before.permits(Phase.NEW, Phase.OPEN));
    }

    @Test
    void shouldStepToStateThatWasReadWhenMoverIsBusy() {
        final StateCell<Count> cell = counter();
        final int last = 300_000;
        Race.run(2, thread -> {
            if (thread == 0) {
                for (int i = 0; i < last; i++) {
                    cell.update(Count::next);
                }
                return;
            }
            final StateCursor<Count> cursor = cell.cursor();
            while (cursor.state().number() < last) {
                final Count read = cell.value();
                while (cursor.state().number() < read.number()) {
                    assertTrue(cursor.advance(), "a state that the cell has had is out of reach");
                }
            }
        });
    }

    @Test
    void shouldTellOfLaterEdgesWhenListenerThrewACheckedException() {
        final StateCell<Phase> cell = cell();
        final List<Phase> first = new ArrayList<>();
        final List<Phase> second = new ArrayList<>();
        cell.onEdge((from, to) -> {
            first.add(to);
            // As other languages than Java throw it.
            Errors.rethrow(new IOException("checked"));
        });
        cell.onEdge((from, to) -> second.add(to));

        assertThrows(IOException.class, () -> cell.compareAndSet(Phase.NEW, Phase.OPEN));
        assertThrows(IOException.class, () -> cell.compareAndSet(Phase.OPEN, Phase.CLOSED));

        assertEquals(List.of(Phase.OPEN, Phase.CLOSED), first);
        assertEquals(List.of(Phase.OPEN, Phase.CLOSED), second);
    }

    @Test
    void shouldLetLaterStatesBeCollectedWhenClosedRegistrationIsKept() throws InterruptedException {
        final StateCell<Count> cell = counter();
        final Registration registration = cell.onEdge((from, to) -> {});

        registration.close();

        cell.update(Count::next);
        final ReferenceQueue<Count> collected = new ReferenceQueue<>();
        final WeakReference<Count> later = new WeakReference<>(cell.value(), collected);
        cell.update(Count::next);
        System.gc();
        assertSame(later, collected.remove(TimeUnit.SECONDS.toMillis(10)));
        registration.close();
    }
}
