package io.millrace.transport.channel.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Parker;
import io.millrace.transport.channel.SocketParkers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DetachableParkerTest {
    private static final int ROUNDS = 5_000;
    private static final int PAIRS = 3;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final List<SharedPoller> pollers = new ArrayList<>();
    private final AtomicInteger polls = new AtomicInteger();

    @AfterEach
    void end() {
        pollers.forEach(poller -> poller.end("the test is over", null));
    }

    private SharedPoller poller() throws IOException {
        final SharedPoller poller = new SharedPoller();
        pollers.add(poller);
        final Thread thread = new Thread(() -> {
            while (!poller.isEnded() && poller.poll()) {
                polls.incrementAndGet();
            }
        });
        thread.setUncaughtExceptionHandler((ended, closedSelector) -> {});
        thread.setDaemon(true);
        thread.start();
        return poller;
    }

    /** The last one, or a new one if that has ended. */
    private PolledParker open(final Parker thread) throws IOException {
        final PolledParker parker =
                pollers.isEmpty() ? null : pollers.get(pollers.size() - 1).tryOpen(thread);
        return parker == null ? poller().tryOpen(thread) : parker;
    }

    /** A pipe, the parker of whose reader watches. */
    private static final class Watched implements AutoCloseable {
        final Pipe pipe = Pipe.open();
        final DetachableParker parker;
        final Semaphore resumed = new Semaphore(0);
        final ByteBuffer one = ByteBuffer.allocate(1);

        Watched(final DetachableParker parker) throws IOException {
            this.parker = parker;
            pipe.source().configureBlocking(false);
            parker.watch(pipe.source());
        }

        void write() throws IOException {
            pipe.sink().write(ByteBuffer.allocate(1));
        }

        boolean read() throws IOException {
            return pipe.source().read(one.clear()) == 1;
        }

        boolean tryDetach(final long maxNs) {
            return parker.tryDetach(SelectionKey.OP_READ, maxNs, resumed::release);
        }

        /** A park may end for no reason, such as what the poller leaves after the thread is back. */
        void parkUntilRead(final String awaited) throws IOException {
            do {
                park(awaited);
            } while (!read());
        }

        /** The poller may leave a permit after the thread is back: a park takes it. */
        void detach(final long maxNs) {
            while (!tryDetach(maxNs)) {
                park("the permit that was left");
            }
        }

        void assertResumed(final String by) throws InterruptedException {
            assertTrue(resumed.tryAcquire(PATIENCE_NS, TimeUnit.NANOSECONDS), by);
        }

        /** A sleep that ends by its own bound has missed its wake-up. */
        void park(final String awaited) {
            final long startNs = System.nanoTime();
            parker.park(SelectionKey.OP_READ, PATIENCE_NS);
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, () -> "slept on, and was not woken by " + awaited);
        }

        @Override
        public void close() throws IOException {
            pipe.sink().close();
            pipe.source().close();
            parker.close();
        }
    }

    @Test
    void shouldSleepOnASelectorOfItsOwnWhenThereIsAThreadAndByThePollerWhenThereIsNone() throws Exception {
        try (Watched watched = new Watched(new DetachableParker(this::open))) {
            for (int i = 0; i < 3; i++) {
                watched.write();
                watched.parkUntilRead("its socket, on its own");
                watched.detach(PATIENCE_NS);
                watched.write();
                watched.assertResumed("not by its socket");
                assertTrue(watched.parker.mayBeReady());
                assertTrue(watched.read());
                watched.detach(Long.MAX_VALUE);
                watched.parker.unpark();
                watched.assertResumed("not by another thread");
                watched.detach(TimeUnit.MILLISECONDS.toNanos(20));
                watched.assertResumed("not by its time");
            }
            assertEquals(1, pollers.size());
        }
    }

    /** Not yet before the first time without a thread, and hardly any more behind it. */
    @Test
    void shouldKeepThePollerAsleepWhenThereIsAThread() throws Exception {
        try (Watched watched = new Watched(new DetachableParker(this::open))) {
            watched.write();
            watched.parkUntilRead("its socket, on its own");
            assertTrue(pollers.isEmpty(), "a poller before it is needed");
            assertTrue(watched.tryDetach(Long.MAX_VALUE));
            watched.parker.unpark();
            watched.assertResumed("not by another thread");
            final int before = polls.get();
            for (int i = 0; i < 100; i++) {
                watched.write();
                watched.parkUntilRead("its socket, on its own again");
            }
            assertTrue(
                    polls.get() - before < 10, () -> "the poller watches a socket that has a thread: " + polls.get());
        }
    }

    @Test
    void shouldNotDetachWithAPermitAndReturnAtOnceThen() throws Exception {
        try (Watched watched = new Watched(new DetachableParker(this::open))) {
            watched.parker.unpark();
            assertFalse(watched.tryDetach(Long.MAX_VALUE));
            watched.park("the unpark before");
            assertTrue(watched.tryDetach(Long.MAX_VALUE), "the permit was left");
            watched.parker.unpark();
            watched.assertResumed("not by another thread");
        }
    }

    /** Its waker has ended that sleep, and is no reason not to detach. */
    @Test
    void shouldDetachBehindASleepThatAnotherThreadEnded() throws Exception {
        try (Watched watched = new Watched(new DetachableParker(this::open))) {
            for (int i = 0; i < 3; i++) {
                watched.parker.unpark();
                watched.park("the unpark before");
                assertTrue(watched.tryDetach(Long.MAX_VALUE));
                watched.parker.unpark();
                watched.assertResumed("not by another thread");
            }
        }
    }

    @Test
    void shouldNotDetachWithoutASocketOrForAShortTime() throws Exception {
        final DetachableParker none = new DetachableParker(this::open);
        assertFalse(none.tryDetach(SelectionKey.OP_READ, Long.MAX_VALUE, () -> {}));
        none.close();
        try (Watched watched = new Watched(new DetachableParker(this::open))) {
            assertFalse(watched.tryDetach(PolledParker.ALARM_NS - 1));
            assertTrue(pollers.isEmpty());
        }
    }

    @Test
    void shouldSleepOnItsOwnWhenThePollerHasEndedAndDetachToTheNext() throws Exception {
        try (Watched watched = new Watched(new DetachableParker(this::open))) {
            assertTrue(watched.tryDetach(Long.MAX_VALUE));
            pollers.get(0).end("pulled", new IOException("plug"));
            watched.assertResumed("not by the poller's end");
            watched.write();
            watched.parkUntilRead("its socket, on its own");
            assertTrue(watched.tryDetach(Long.MAX_VALUE));
            assertEquals(2, pollers.size());
            watched.write();
            watched.assertResumed("not by its socket");
        }
    }

    @Test
    void shouldKeepItsThreadWhenThereIsNoPoller() throws Exception {
        final List<Throwable> faults = List.of(
                new IOException("no descriptor"),
                new IllegalStateException("no thread"),
                new OutOfMemoryError(),
                new NoClassDefFoundError());
        for (final Throwable fault : faults) {
            final DetachableParker parker = new DetachableParker(thread -> {
                if (fault instanceof IOException io) {
                    throw io;
                }
                if (fault instanceof RuntimeException unchecked) {
                    throw unchecked;
                }
                throw (Error) fault;
            });
            try (Watched watched = new Watched(parker)) {
                assertFalse(watched.tryDetach(Long.MAX_VALUE));
                watched.write();
                watched.parkUntilRead("its socket, on its own");
            }
        }
    }

    /** Neither where it slept, nor where it would sleep next. */
    @Test
    void shouldTellWhyItCannotSleepWhenThereIsNeitherPollerNorDescriptor() throws Exception {
        final AtomicInteger left = new AtomicInteger(1);
        final DetachableParker parker = new DetachableParker(
                thread -> {
                    if (left.getAndDecrement() > 0) {
                        return open(thread);
                    }
                    throw new IOException("no descriptor");
                },
                () -> {
                    if (left.get() > 0) {
                        return new SelectorParker();
                    }
                    throw new IOException("too many open files");
                });
        parker.park(0, 1);
        try (Watched watched = new Watched(parker)) {
            assertTrue(watched.tryDetach(Long.MAX_VALUE));
            pollers.get(0).end("pulled", new IOException("plug"));
            watched.assertResumed("not by the poller's end");
            assertFalse(watched.tryDetach(Long.MAX_VALUE));
            final UncheckedIOException thrown =
                    assertThrows(UncheckedIOException.class, () -> parker.park(SelectionKey.OP_READ, Long.MAX_VALUE));
            assertTrue(thrown.getMessage().contains("pulled"), thrown.getMessage());
        }
    }

    /** The socket stays registered with the other selector, and is let go of by this one all the same. */
    @Test
    void shouldLetGoOfAPollerThatDoesNotTakeTheSocket() throws Exception {
        final SharedPoller full = new SharedPoller(new FullSelector(), 0);
        try (Watched watched = new Watched(new DetachableParker(full::tryOpen))) {
            assertFalse(watched.tryDetach(Long.MAX_VALUE));
            watched.write();
            watched.park("its socket, on its own");
        }
    }

    /** Has no memory for another key. */
    private static final class FullSelector extends AbstractSelector {
        FullSelector() {
            super(SelectorProvider.provider());
        }

        @Override
        protected SelectionKey register(
                final AbstractSelectableChannel channel, final int operations, final Object attachment) {
            throw new OutOfMemoryError("as a test wants");
        }

        @Override
        protected void implCloseSelector() {}

        @Override
        public Set<SelectionKey> keys() {
            return Set.of();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return Set.of();
        }

        @Override
        public int selectNow() {
            return 0;
        }

        @Override
        public int select(final long timeoutMs) {
            return 0;
        }

        @Override
        public int select() {
            return 0;
        }

        @Override
        public Selector wakeup() {
            return this;
        }
    }

    @Test
    void shouldSleepByThePollerWhenThereIsNoDescriptorForASelectorUntilThereIs() throws Exception {
        final AtomicBoolean refuses = new AtomicBoolean();
        final AtomicInteger opened = new AtomicInteger();
        final SocketParkers selectors = () -> {
            if (refuses.get()) {
                throw new IOException("too many open files");
            }
            opened.incrementAndGet();
            return new SelectorParker();
        };
        final DetachableParker parker = new DetachableParker(this::open, selectors);
        parker.park(0, 1);
        try (Watched watched = new Watched(parker)) {
            assertTrue(watched.tryDetach(Long.MAX_VALUE));
            watched.parker.unpark();
            watched.assertResumed("not by another thread");
            refuses.set(true);
            for (int i = 0; i < 2; i++) {
                watched.write();
                watched.parkUntilRead("its socket, by the poller");
                assertEquals(1, opened.get());
            }
            refuses.set(false);
            watched.write();
            watched.parkUntilRead("its socket, on its own again");
            assertEquals(2, opened.get());
        }
    }

    @Test
    void shouldHaveLetGoOfTheSocketWhenClosed() throws Exception {
        for (int i = 0; i < 3; i++) {
            final Watched watched = new Watched(new DetachableParker(this::open));
            if (i > 0) {
                assertTrue(watched.tryDetach(Long.MAX_VALUE));
                watched.parker.unpark();
                watched.assertResumed("not by another thread");
            }
            if (i > 1) {
                watched.parker.park(SelectionKey.OP_READ, 1);
            }
            watched.close();
            assertFalse(watched.pipe.source().isRegistered(), "case " + i);
            watched.close();
        }
    }

    /** A lost wake-up is a thread that sleeps for ever, and soon all of its pair do. */
    @Test
    void shouldLoseNoWakeUpWhenItDetachesInBetween() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("DetachableParkerTest seed=" + seed);
        poller();
        final List<CompletableFuture<Void>> ends = new ArrayList<>();
        final List<Watched> all = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            final SplittableRandom random = new SplittableRandom(seed + i);
            final Watched there = new Watched(new DetachableParker(this::open));
            final Watched back = new Watched(new DetachableParker(this::open));
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

    private static CompletableFuture<Void> run(final Bouncer bouncer) {
        final CompletableFuture<Void> end = new CompletableFuture<>();
        final Thread runner = new Thread(() -> {
            try {
                bouncer.run();
                end.complete(null);
            } catch (final Exception | Error ex) {
                end.completeExceptionally(ex);
            }
        });
        runner.setDaemon(true);
        runner.start();
        return end;
    }

    private interface Bouncer {
        void run() throws Exception;
    }

    /** Sometimes by the socket, sometimes from thread to thread, with a thread and without, and sometimes it looks again before it sleeps. */
    private static void bounce(
            final Watched mine, final Watched others, final SplittableRandom random, final boolean first)
            throws Exception {
        if (first) {
            others.write();
        }
        for (int i = 0; i < ROUNDS; i++) {
            while (!mine.read()) {
                final int way = random.nextInt(8);
                if (way == 0) {
                    if (mine.tryDetach(Long.MAX_VALUE)) {
                        mine.resumed.acquire();
                    }
                } else if (way < 6) {
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
}
