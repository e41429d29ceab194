package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.BroadcastRing;
import io.millrace.ring.Memory;
import io.millrace.session.SnapshotSet;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** On the test's own thread: its ring is closed before it runs, so that it does not sleep. */
class BroadcastWakerTest {
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
