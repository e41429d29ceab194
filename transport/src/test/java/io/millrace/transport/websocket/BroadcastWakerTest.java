package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.BroadcastRing;
import io.millrace.ring.Memory;
import io.millrace.session.SnapshotSet;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On the test's own thread, where its ring is closed before it runs, so that it does not sleep; and on one where it does. */
class BroadcastWakerTest {
    private static final long DEADLINE_S = 30;

    private final BroadcastRing ring = new BroadcastRing(1024, 64, Memory.HEAP);
    private final SnapshotSet<BroadcastWaker.Reader> readers = new SnapshotSet<>();
    private final BroadcastWaker waker = new BroadcastWaker(ring, readers);

    private static class Counting implements BroadcastWaker.Reader {
        private final long read;
        int wakes;

        Counting(final long read) {
            this.read = read;
        }

        @Override
        public boolean hasRead(final long records) {
            return read >= records;
        }

        @Override
        public void wake() {
            wakes++;
        }
    }

    private void publish(final int records) {
        for (int i = 0; i < records; i++) {
            assertTrue(ring.offer(ByteBuffer.allocate(1)) > 0);
        }
    }

    private static void awaitAsleep(final Thread thread) {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (thread.getState() != Thread.State.WAITING) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "it does not sleep: state=" + thread.getState());
            Thread.onSpinWait();
        }
    }

    private Counting reader(final long read) {
        final Counting reader = new Counting(read);
        readers.add(reader);
        return reader;
    }

    @Test
    void shouldWakeEachOnceThatHasNotReadAllWhateverWasPublished() {
        final Counting behind = reader(1);
        final Counting done = reader(3);
        publish(3);
        ring.close();
        waker.run();
        assertEquals(1, behind.wakes);
        assertEquals(0, done.wakes);
    }

    @Test
    void shouldWakeNobodyForNothing() {
        final Counting reader = reader(-1);
        ring.close();
        waker.run();
        assertEquals(0, reader.wakes);
    }

    @Test
    void shouldSayWhenItHasEndedSoThatThePublisherWakesThemItself() {
        assertTrue(waker.tell());
        ring.close();
        waker.run();
        assertFalse(waker.tell());
    }

    @Test
    void shouldSleepWhenThereIsNothingToDoUntilItIsTold() throws InterruptedException {
        final Semaphore woken = new Semaphore(0);
        readers.add(new Counting(0) {
            @Override
            public void wake() {
                woken.release();
            }
        });
        final Thread thread = new Thread(waker);
        thread.setDaemon(true);
        thread.start();
        for (int i = 0; i < 2; i++) {
            awaitAsleep(thread);
            publish(1);
            assertTrue(waker.tell());
            assertTrue(woken.tryAcquire(DEADLINE_S, TimeUnit.SECONDS), "not woken: message=" + i);
        }
        awaitAsleep(thread);
        ring.close();
        waker.tell();
        thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));

        assertFalse(thread.isAlive());
        assertEquals(0, woken.availablePermits());
    }

    @Test
    void shouldWakeThemAgainForWhatComesMeanwhile() {
        final Counting last = reader(0);
        readers.add(new Counting(0) {
            @Override
            public void wake() {
                // For the first record, while the ring is open; then no more comes but this, and it is closed.
                if (wakes++ == 0) {
                    publish(1);
                    ring.close();
                }
            }
        });
        publish(1);
        waker.run();
        assertEquals(2, last.wakes);
    }

    @Test
    void shouldGoOnBehindAReaderThatCannotBeWoken() {
        readers.add(new Counting(0) {
            @Override
            public void wake() {
                throw new IllegalStateException("deliberate");
            }
        });
        final Counting behind = reader(0);
        publish(1);
        ring.close();
        waker.run();
        assertEquals(1, behind.wakes);
    }
}
