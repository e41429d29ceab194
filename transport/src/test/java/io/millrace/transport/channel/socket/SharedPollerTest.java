package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.ThreadParker;
import io.millrace.transport.agent.Logs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedPollerTest {
    private static final int ROUNDS = 20_000;
    private static final int PAIRS = 3;
    private static final long END_MS = 5_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicInteger polls = new AtomicInteger();
    private SharedPoller poller;
    private Thread thread;

    @BeforeEach
    void start() throws IOException {
        poller = new SharedPoller();
        thread = new Thread(() -> {
            try {
                while (poller.poll()) {
                    polls.incrementAndGet();
                }
                poller.end("closed", null);
            } catch (final ClosedSelectorException ignored) {
                // Ended by the test.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Bounded, for a test that has failed leaves parkers open. */
    @AfterEach
    void end() throws InterruptedException {
        poller.close();
        thread.join(END_MS);
    }

    /** A pipe, the parker of whose reader watches. */
    private final class Watched implements AutoCloseable {
        final Pipe pipe = Pipe.open();
        final PolledParker parker = poller.tryOpen(new ThreadParker());
        final ByteBuffer one = ByteBuffer.allocate(1);

        Watched() throws IOException {
            pipe.source().configureBlocking(false);
            parker.watch(pipe.source());
        }

        void write() throws IOException {
            pipe.sink().write(ByteBuffer.allocate(1));
        }

        /** A sleep that ends by its own bound has missed its wake-up. */
        void park(final String awaited) {
            final long startNs = System.nanoTime();
            parker.park(SelectionKey.OP_READ, PATIENCE_NS);
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, () -> "slept on, and was not woken by " + awaited);
        }

        boolean read() throws IOException {
            return pipe.source().read(one.clear()) == 1;
        }

        @Override
        public void close() throws IOException {
            pipe.sink().close();
            pipe.source().close();
            parker.close();
        }
    }

    private static CountDownLatch detached(final Watched watched, final long maxNs) {
        final CountDownLatch resumed = new CountDownLatch(1);
        // The poller may leave a permit after the thread is back: a park takes it.
        while (!watched.parker.tryDetach(SelectionKey.OP_READ, maxNs, resumed::countDown)) {
            watched.park("the permit that was left");
        }
        return resumed;
    }

    private static void assertResumed(final CountDownLatch resumed, final String by) throws InterruptedException {
        assertTrue(resumed.await(PATIENCE_NS, TimeUnit.NANOSECONDS), by);
    }

    @Test
    void shouldResumeWhoDetachedForEachReasonThatEndsASleep() throws Exception {
        try (Watched watched = new Watched()) {
            final CountDownLatch byUnpark = detached(watched, Long.MAX_VALUE);
            watched.parker.unpark();
            assertResumed(byUnpark, "not by another thread");
            final CountDownLatch byAlarm = detached(watched, TimeUnit.MILLISECONDS.toNanos(20));
            assertResumed(byAlarm, "not by its time");
            final CountDownLatch bySocket = detached(watched, PATIENCE_NS);
            watched.write();
            assertResumed(bySocket, "not by its socket");
            assertTrue(watched.parker.mayBeReady());
            assertTrue(watched.read());
            final CountDownLatch byEnd = detached(watched, Long.MAX_VALUE);
            poller.end("the test's wish", null);
            assertResumed(byEnd, "not by the poller's end");
            assertThrows(
                    UncheckedIOException.class,
                    () -> watched.parker.tryDetach(SelectionKey.OP_READ, Long.MAX_VALUE, () -> {}));
        }
    }

    @Test
    void shouldNotDetachWithoutASocketOrForATimeThatThePollerDoesNotKeep() throws Exception {
        final PolledParker none = poller.tryOpen(new ThreadParker());
        assertFalse(none.tryDetach(SelectionKey.OP_READ, Long.MAX_VALUE, () -> {}));
        none.close();
        try (Watched watched = new Watched()) {
            assertFalse(watched.parker.tryDetach(SelectionKey.OP_READ, 1_000_000, () -> {}));
        }
    }

    /** A lost wake-up is a thread that sleeps for ever, and soon all of its pair do. */
    @Test
    void shouldLoseNoWakeUpWhenSocketsAndThreadsWake() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("SharedPollerTest seed=" + seed);
        final List<CompletableFuture<Void>> ends = new ArrayList<>();
        final AtomicIntegerArray rounds = new AtomicIntegerArray(2 * PAIRS);
        final List<Watched> all = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            final SplittableRandom random = new SplittableRandom(seed + i);
            final Watched there = new Watched();
            final Watched back = new Watched();
            all.addAll(List.of(there, back));
            final int first = 2 * i;
            ends.add(run(() -> bounce(there, back, random.split(), rounds, first)));
            ends.add(run(() -> bounce(back, there, random.split(), rounds, first + 1)));
        }
        for (int i = 0; i < ends.size(); i++) {
            awaitEnd(ends.get(i), rounds, i);
        }
        for (final Watched watched : all) {
            watched.close();
        }
    }

    /** No deadline as long as it moves. */
    private static void awaitEnd(final CompletableFuture<Void> end, final AtomicIntegerArray rounds, final int bouncer)
            throws Exception {
        int before = -1;
        while (true) {
            try {
                end.get(PATIENCE_NS, TimeUnit.NANOSECONDS);
                return;
            } catch (final TimeoutException ex) {
                final int now = rounds.get(bouncer);
                if (now == before) {
                    throw new AssertionError(
                            "a wake-up is lost: bouncer=" + bouncer + " stands still, rounds of all=" + rounds, ex);
                }
                before = now;
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static CompletableFuture<Void> run(final Task task) {
        final CompletableFuture<Void> end = new CompletableFuture<>();
        final Thread runner = new Thread(() -> {
            try {
                task.run();
                end.complete(null);
            } catch (final IOException | RuntimeException | Error ex) {
                end.completeExceptionally(ex);
            }
        });
        runner.setDaemon(true);
        runner.start();
        return end;
    }

    /** Sometimes by the socket, sometimes from thread to thread, and sometimes it looks again before it sleeps. */
    private static void bounce(
            final Watched mine,
            final Watched others,
            final SplittableRandom random,
            final AtomicIntegerArray rounds,
            final int bouncer)
            throws IOException {
        final boolean first = bouncer % 2 == 0;
        if (first) {
            others.write();
        }
        for (int i = 0; i < ROUNDS; i++) {
            while (!mine.read()) {
                if (random.nextInt(3) > 0) {
                    mine.parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
                }
            }
            rounds.lazySet(bouncer, i + 1);
            if (i < ROUNDS - 1 || !first) {
                others.write();
            }
            if (random.nextInt(4) == 0) {
                others.parker.unpark();
            }
        }
    }

    @Test
    void shouldReturnAtOnceWhenUnparkedBefore() throws Exception {
        try (Watched watched = new Watched()) {
            watched.parker.unpark();
            watched.park("the unpark before");
        }
    }

    /** Whether the poller sees the byte before the thread is back, or behind that. */
    @Test
    void shouldTellASocketThatWasNotReady() throws Exception {
        for (int i = 0; i < 300; i++) {
            try (Watched watched = new Watched()) {
                watched.parker.unpark();
                watched.park("the unpark before");
                assertFalse(watched.parker.mayBeReady());
                watched.write();
                LockSupport.parkNanos(i * 1_000L);
                watched.park("the byte");
                assertTrue(watched.parker.mayBeReady(), "round=" + i);
            }
        }
    }

    @Test
    void shouldSleepAndLetThePollerSleepWhenNobodyWantsWhatIsThere() throws Exception {
        try (Watched watched = new Watched()) {
            watched.write();
            watched.park("what was there before");
            final int before = polls.get();
            for (int i = 0; i < 5; i++) {
                // Too short for the poller to end it.
                watched.parker.park(0, TimeUnit.MILLISECONDS.toNanos(5));
            }
            assertTrue(polls.get() - before < 5, "the poller spins: polls=" + (polls.get() - before));
            watched.park("what is there still");
            assertTrue(watched.read());
        }
    }

    @Test
    void shouldWakeAtItsTimeAndNotSooner() throws Exception {
        try (Watched watched = new Watched()) {
            for (final long ms : new long[] {30, 12, 60}) {
                assertSleeps(watched, ms);
            }
        }
    }

    /** A sleep may end early: the sleeper looks, and sleeps on. */
    private static void assertSleeps(final Watched watched, final long ms) {
        final long startNs = System.nanoTime();
        final long sleepNs = TimeUnit.MILLISECONDS.toNanos(ms);
        int parks = 0;
        while (System.nanoTime() - startNs < sleepNs) {
            watched.parker.park(SelectionKey.OP_READ, sleepNs - (System.nanoTime() - startNs));
            parks++;
        }
        assertTrue(parks < 20, "spins: parks=" + parks);
    }

    /** Later than one that is set: not set; the sleeper is woken by the first, and sets its own then. */
    @Test
    void shouldWakeEachOfManyAtItsTimeThoughMessagesComeMeanwhile() throws Exception {
        final List<Watched> all = new ArrayList<>();
        final List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            final Watched watched = new Watched();
            final int each = i;
            all.add(watched);
            ends.add(run(() -> {
                for (int turn = 0; turn < 5; turn++) {
                    all.get(each).write();
                    watched.park("its message");
                    assertTrue(watched.read());
                    assertSleeps(watched, 10 + (each * 7 + turn * 3) % 20);
                }
            }));
        }
        for (final CompletableFuture<Void> end : ends) {
            end.get(PATIENCE_NS, TimeUnit.NANOSECONDS);
        }
        for (final Watched watched : all) {
            watched.close();
        }
    }

    @Test
    @Logs("the task that fails")
    void shouldRunTasksOnItsThreadAndOutliveThem() throws Exception {
        final CompletableFuture<Thread> ran = new CompletableFuture<>();
        poller.execute(() -> {
            throw new StackOverflowError("as a test wants");
        });
        poller.execute(() -> ran.complete(Thread.currentThread()));
        assertSame(thread, ran.get(PATIENCE_NS, TimeUnit.NANOSECONDS));
        try (Watched watched = new Watched()) {
            watched.write();
            watched.park("its socket");
        }
    }

    @Test
    void shouldRunTasksOnTheCallersThreadWhenItHasEnded() {
        poller.end("pulled", null);
        final List<Thread> ran = new ArrayList<>();
        poller.execute(() -> ran.add(Thread.currentThread()));
        assertEquals(List.of(Thread.currentThread()), ran);
    }

    /** It would wait for itself. */
    @Test
    void shouldLetGoOfASocketThatItsOwnThreadHasClosed() throws Exception {
        final Watched watched = new Watched();
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        poller.execute(() -> {
            try {
                watched.close();
                closed.complete(null);
            } catch (final IOException ex) {
                closed.completeExceptionally(ex);
            }
        });
        closed.get(PATIENCE_NS, TimeUnit.NANOSECONDS);
        poller.close();
        thread.join(END_MS);
        assertFalse(thread.isAlive());
        assertFalse(watched.pipe.source().isRegistered());
    }

    @Test
    void shouldHaveLetGoOfTheSocketWhenClosed() throws Exception {
        final Watched watched = new Watched();
        assertTrue(watched.pipe.source().isRegistered());
        watched.close();
        assertFalse(watched.pipe.source().isRegistered());
        watched.close();
    }

    /** Often, for the end may come between any two steps of the sleeper. */
    @RepeatedTest(value = 100, failureThreshold = 1)
    void shouldTellEverySleeperWhyThePollerEnded() throws Exception {
        final Watched asleep = new Watched();
        final Watched awake = new Watched();
        final CompletableFuture<Void> end = run(() -> {
            while (true) {
                asleep.parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
            }
        });
        poller.end("pulled", new IOException("plug"));
        final Exception thrown = assertThrows(
                ExecutionException.class,
                () -> end.get(PATIENCE_NS, TimeUnit.NANOSECONDS),
                "asleep, and not told that the poller has ended");
        assertEquals(UncheckedIOException.class, thrown.getCause().getClass());
        assertTrue(
                thrown.getCause().getMessage().contains("pulled"),
                thrown.getCause().getMessage());
        assertThrows(UncheckedIOException.class, () -> awake.parker.park(SelectionKey.OP_READ, Long.MAX_VALUE));
        assertNull(poller.tryOpen(new ThreadParker()));
        asleep.close();
        awake.close();
    }

    @Test
    void shouldEndOnlyWhenItsLastParkerIsClosed() throws Exception {
        final Watched last = new Watched();
        poller.close();
        last.write();
        last.park("its socket");
        assertTrue(last.read());
        last.close();
        thread.join(END_MS);
        assertFalse(thread.isAlive(), "the poller goes on without parkers");
        assertNull(poller.tryOpen(new ThreadParker()));
    }
}
