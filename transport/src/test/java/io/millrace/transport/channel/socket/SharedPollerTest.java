package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
        final PolledParker parker = poller.tryOpen();
        final ByteBuffer one = ByteBuffer.allocate(1);

        Watched() throws IOException {
            pipe.source().configureBlocking(false);
            parker.watch(pipe.source());
        }

        void write() throws IOException {
            pipe.sink().write(ByteBuffer.allocate(1));
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

    /** A lost wake-up is a thread that sleeps for ever: the test's time is its deadline. */
    @Test
    void shouldLoseNoWakeUpWhenSocketsAndThreadsWake() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("SharedPollerTest seed=" + seed);
        final List<CompletableFuture<Void>> ends = new ArrayList<>();
        final List<Watched> all = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            final SplittableRandom random = new SplittableRandom(seed + i);
            final Watched there = new Watched();
            final Watched back = new Watched();
            all.addAll(List.of(there, back));
            ends.add(run(() -> bounce(there, back, random.split(), true)));
            ends.add(run(() -> bounce(back, there, random.split(), false)));
        }
        for (final CompletableFuture<Void> end : ends) {
            end.get();
        }
        for (final Watched watched : all) {
            watched.close();
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
            final Watched mine, final Watched others, final SplittableRandom random, final boolean first)
            throws IOException {
        if (first) {
            others.write();
        }
        for (int i = 0; i < ROUNDS; i++) {
            while (!mine.read()) {
                if (random.nextInt(3) > 0) {
                    mine.parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
                }
            }
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
            watched.parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
        }
    }

    @Test
    void shouldSleepAndLetThePollerSleepWhenNobodyWantsWhatIsThere() throws Exception {
        try (Watched watched = new Watched()) {
            watched.write();
            watched.parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
            final int before = polls.get();
            for (int i = 0; i < 5; i++) {
                watched.parker.park(0, TimeUnit.MILLISECONDS.toNanos(10));
            }
            assertTrue(polls.get() - before < 5, "the poller spins: polls=" + (polls.get() - before));
            watched.parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
            assertTrue(watched.read());
        }
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
    @RepeatedTest(100)
    void shouldTellEverySleeperWhyThePollerEnded() throws Exception {
        final Watched asleep = new Watched();
        final Watched awake = new Watched();
        final CompletableFuture<Void> end = run(() -> {
            while (true) {
                asleep.parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
            }
        });
        poller.end("pulled", new IOException("plug"));
        final Exception thrown = assertThrows(Exception.class, end::get);
        assertEquals(UncheckedIOException.class, thrown.getCause().getClass());
        assertTrue(
                thrown.getCause().getMessage().contains("pulled"),
                thrown.getCause().getMessage());
        assertThrows(UncheckedIOException.class, () -> awake.parker.park(SelectionKey.OP_READ, Long.MAX_VALUE));
        assertNull(poller.tryOpen());
        asleep.close();
        awake.close();
    }

    @Test
    void shouldEndOnlyWhenItsLastParkerIsClosed() throws Exception {
        final Watched last = new Watched();
        poller.close();
        last.write();
        last.parker.park(SelectionKey.OP_READ, Long.MAX_VALUE);
        assertTrue(last.read());
        last.close();
        thread.join();
        assertNull(poller.tryOpen());
    }
}
