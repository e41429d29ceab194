package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpareThreadsTest {
    private static final long DEADLINE_S = 30;

    private final SpareThreads spares = new SpareThreads(SystemNanoClock.INSTANCE);
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void shouldLetNoThreadStayWhenClosed() throws InterruptedException {
        spares.close();
        for (final Thread thread : threads) {
            thread.join();
        }
    }

    private Thread serve(final Runnable first) {
        return serve(first, spares);
    }

    private Thread serve(final Runnable first, final SpareThreads by) {
        final Thread thread = new Thread(new ServingThread(done(first), by), "first");
        threads.add(thread);
        thread.start();
        return thread;
    }

    private static BooleanSupplier done(final Runnable work) {
        return () -> {
            work.run();
            return true;
        };
    }

    @Test
    void shouldServeNobodyElseWhenItNeverCameToItsOwn() throws InterruptedException {
        final Thread thread = new Thread(new ServingThread(() -> false, new SpareThreads(() -> 0)));
        thread.start();
        thread.join();
    }

    /** Only once it waits, which nothing tells. */
    private void giveAgain(final Runnable work) {
        while (!spares.tryRun(work)) {
            Thread.onSpinWait();
        }
    }

    private static Thread take(final SynchronousQueue<Thread> from) throws InterruptedException {
        return from.poll(DEADLINE_S, TimeUnit.SECONDS);
    }

    @Test
    void shouldServeOneAfterTheOtherWhenMoreComes() throws InterruptedException {
        final SynchronousQueue<Thread> served = new SynchronousQueue<>();
        final Runnable work = () -> put(served);
        assertFalse(spares.tryRun(work));
        final Thread thread = serve(work);
        assertSame(thread, take(served));
        giveAgain(work);
        assertSame(thread, take(served));
    }

    private static void put(final SynchronousQueue<Thread> to) {
        try {
            assertTrue(to.offer(Thread.currentThread(), DEADLINE_S, TimeUnit.SECONDS));
        } catch (final InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void shouldEndWhenNothingComesInTime() throws InterruptedException {
        final AtomicInteger looks = new AtomicInteger();
        // A second goes by between any two looks.
        final SpareThreads hurried = new SpareThreads(() -> looks.getAndIncrement() * SpareThreads.KEEP_NS);
        serve(() -> {}, hurried).join();
        assertFalse(hurried.tryRun(() -> {}));
    }

    @Test
    void shouldEndWhenInterruptedByItsWorkOrInItsSleep() throws InterruptedException {
        serve(() -> Thread.currentThread().interrupt()).join();
        final SpareThreads patient = new SpareThreads(() -> 0);
        final Thread sleeper = serve(() -> {}, patient);
        sleeper.interrupt();
        sleeper.join();
        assertFalse(patient.tryRun(() -> {}));
    }

    @Test
    void shouldWaitNoMoreWhenClosed() throws InterruptedException {
        final SpareThreads patient = new SpareThreads(() -> 0);
        final Thread sleeper = serve(() -> {}, patient);
        patient.close();
        sleeper.join();
        assertNull(patient.await());
        assertFalse(patient.tryRun(() -> {}));
    }

    @Test
    void shouldKeepAFewOnlyWhenManyEnd() throws InterruptedException {
        final SpareThreads patient = new SpareThreads(() -> 0);
        final CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < SpareThreads.MOST + 8; i++) {
            serve(() -> await(go), patient);
        }
        go.countDown();
        while (threads.stream().filter(Thread::isAlive).count() > SpareThreads.MOST) {
            Thread.onSpinWait();
        }
        assertEquals(SpareThreads.MOST, threads.stream().filter(Thread::isAlive).count());
        patient.close();
    }

    private static void await(final CountDownLatch latch) {
        try {
            assertTrue(latch.await(DEADLINE_S, TimeUnit.SECONDS));
        } catch (final InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void shouldKeepNothingOfTheWorkDoneWhenWaiting() throws InterruptedException {
        Runnable work = new Runnable() {
            @Override
            public void run() {
                // Nothing, but it can be collected.
            }
        };
        final WeakReference<Runnable> gone = new WeakReference<>(work);
        final Thread thread = serve(work);
        work = null;
        while (!thread.getName().equals(SpareThreads.NAME)) {
            Thread.onSpinWait();
        }
        while (gone.get() != null) {
            System.gc();
        }
        assertNull(gone.get());
    }

    /** Each piece of work is done once, and no thread does two at a time, while threads wait, give up and are closed on. */
    @Test
    void shouldDoEachWorkOnceWhenManyStartAtOnce() throws InterruptedException {
        final int starters = 4;
        final int rounds = 5_000;
        final AtomicInteger done = new AtomicInteger();
        final AtomicInteger reused = new AtomicInteger();
        final Set<Thread> busy = ConcurrentHashMap.newKeySet();
        final Set<Thread> twice = ConcurrentHashMap.newKeySet();
        final Runnable work = () -> {
            if (!busy.add(Thread.currentThread())) {
                twice.add(Thread.currentThread());
            }
            done.incrementAndGet();
            busy.remove(Thread.currentThread());
        };
        final List<Thread> all = new ArrayList<>();
        for (int i = 0; i < starters; i++) {
            final Thread starter = new Thread(() -> {
                for (int round = 0; round < rounds; round++) {
                    if (spares.tryRun(work)) {
                        reused.incrementAndGet();
                    } else {
                        new Thread(new ServingThread(done(work), spares)).start();
                    }
                }
            });
            all.add(starter);
            starter.start();
        }
        for (final Thread starter : all) {
            starter.join();
        }
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (done.get() < starters * rounds && System.nanoTime() - endNs < 0) {
            Thread.onSpinWait();
        }
        assertEquals(starters * rounds, done.get());
        assertEquals(Set.of(), twice);
        assertNotEquals(0, reused.get());
    }
}
