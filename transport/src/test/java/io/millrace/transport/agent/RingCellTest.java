package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Memory;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingCellTest {
    private static final int CAPACITY = 256;

    private final RingCell cell = new RingCell(CAPACITY, 64, Memory.HEAP);

    private static void readAll(final RingCell cell) {
        cell.readable().read((buffer, offset, length) -> {}, Integer.MAX_VALUE);
    }

    @Test
    void shouldGoOnAtThePositionWhereTheRetiredRingEnded() {
        assertEquals(10, cell.active().offer(ByteBuffer.allocate(10)));
        assertFalse(cell.retire());
        readAll(cell);
        assertTrue(cell.retire());
        assertEquals(15, cell.active().offer(ByteBuffer.allocate(5)));
        assertEquals(2, cell.acceptedRecords());
        assertEquals(1, cell.readRecords());
    }

    @Test
    void shouldDrainTheRetiredRingBeforeTheNextWhenASenderWasStillInIt() {
        final ByteRing first = cell.active();
        first.offer(ByteBuffer.allocate(10));
        readAll(cell);
        final long claim = first.tryClaim(10);
        assertFalse(cell.retire(), "something is claimed");
        first.commit(claim, 10);
        readAll(cell);
        assertTrue(cell.retire());
        assertEquals(ByteRing.CLOSED, first.tryClaim(10));
        final ByteRing next = cell.active();
        assertNotSame(first, next);
        next.offer(ByteBuffer.allocate(1));
        assertSame(next, cell.readable());
    }

    @Test
    void shouldStayClosedWhenClosedBeforeTheFirstMessage() {
        assertTrue(cell.close());
        assertFalse(cell.close());
        assertTrue(cell.isClosed());
        assertNull(cell.active());
        assertTrue(cell.isEmpty());
        assertEquals(0, cell.acceptedRecords());
    }

    @Test
    void shouldReadARingThatWasMadeAndClosedUnseen() {
        cell.active().offer(ByteBuffer.allocate(10));
        cell.close();
        assertFalse(cell.isEmpty());
        assertEquals(1, cell.acceptedRecords());
        readAll(cell);
        assertTrue(cell.isEmpty());
        assertEquals(1, cell.readRecords());
    }

    @Test
    void shouldNotRetireWhatIsClosed() {
        cell.active().offer(ByteBuffer.allocate(10));
        readAll(cell);
        cell.close();
        assertFalse(cell.retire());
        assertTrue(cell.isClosed());
        assertNull(cell.active());
    }

    @Test
    void shouldWipeWhatMessagesLayInTheRing() {
        final byte[] secret = new byte[60];
        java.util.Arrays.fill(secret, (byte) 1);
        final ByteBuffer memory = cell.active().buffer();
        for (int i = 0; i < 9; i++) {
            cell.active().offer(ByteBuffer.wrap(secret));
            readAll(cell);
        }
        assertTrue(cell.retire());
        for (int i = 0; i < memory.capacity(); i++) {
            assertEquals(0, memory.get(i), "at " + i);
        }
    }

    @Test
    void shouldTakeTheNextMessageInALargerRingWhenTheSmallOneIsFull() {
        final RingCell growing = new RingCell(64, 4096, 50, Memory.HEAP);
        final ByteRing small = growing.active();
        assertEquals(64, small.capacity());
        assertEquals(30, small.offer(ByteBuffer.allocate(30)));
        assertEquals(60, small.offer(ByteBuffer.allocate(30)));
        assertEquals(ByteRing.BACK_PRESSURED, small.offer(ByteBuffer.allocate(5)));
        assertTrue(growing.grow(small, 5));
        final ByteRing larger = growing.active();
        assertEquals(512, larger.capacity());
        assertEquals(ByteRing.CLOSED, small.tryClaim(1), "nothing may come behind what the next begins with");
        assertEquals(65, larger.offer(ByteBuffer.allocate(5)));
        assertEquals(3, growing.acceptedRecords());
        assertSame(small, growing.readable(), "the small one first");
        assertFalse(growing.retire(), "there is something to read");
        readAll(growing);
        assertSame(larger, growing.readable());
        assertFalse(growing.isEmpty());
        assertEquals(2, growing.readRecords());
        readAll(growing);
        assertTrue(growing.isEmpty());
        assertEquals(3, growing.readRecords());
        assertEquals(3, growing.acceptedRecords());
    }

    @Test
    void shouldBeginSmallAgainWhenRetired() {
        final RingCell growing = new RingCell(64, 4096, 50, Memory.HEAP);
        assertTrue(growing.grow(growing.active(), 50));
        assertEquals(512, growing.active().capacity());
        assertTrue(growing.retire());
        assertEquals(64, growing.active().capacity());
    }

    @Test
    void shouldNotGrowBeyondItsCapacityNorForWhatNeverFits() {
        final RingCell growing = new RingCell(64, 512, 50, Memory.HEAP);
        final ByteRing small = growing.active();
        assertFalse(growing.grow(small, 513));
        assertSame(small, growing.active());
        assertTrue(growing.grow(small, 512));
        final ByteRing full = growing.active();
        assertEquals(512, full.capacity());
        assertEquals(50, full.maxRecordLength());
        assertFalse(growing.grow(full, 1));
        assertSame(full, growing.active());
        assertTrue(growing.grow(small, 1), "who comes late looks for the active one again");
        assertSame(full, growing.active());
    }

    @Test
    void shouldFitALongMessageAtOnce() {
        final RingCell growing = new RingCell(64, 64 * 1024, 2_000, Memory.HEAP);
        assertTrue(growing.grow(growing.active(), 1_500));
        assertEquals(1_500, growing.active().offer(ByteBuffer.allocate(1_500)));
    }

    @Test
    void shouldHoldNoMoreThanASeventhOfItsCapacityInSmallerRings() {
        for (int first = 64; first <= 4096; first *= 2) {
            for (int full = 1024; full <= 1024 * 1024; full *= 2) {
                final RingCell growing = new RingCell(first, full, 64, Memory.HEAP);
                long smaller = 0;
                ByteRing ring = growing.active();
                while (growing.grow(ring, 1)) {
                    smaller += ring.capacity();
                    ring = growing.active();
                }
                assertEquals(full, ring.capacity());
                assertTrue(smaller <= full / 7, "first=" + first + " full=" + full + " smaller=" + smaller);
            }
        }
    }

    /** Only the full one refuses anybody: room in front of it is no news to them. */
    @Test
    void shouldNotBeRoomyBeforeTheFullRingIs() {
        final RingCell growing = new RingCell(64, 512, 50, Memory.HEAP);
        final ByteRing small = growing.active();
        assertTrue(growing.isRoomy());
        small.offer(ByteBuffer.allocate(30));
        assertTrue(growing.isRoomy(), "there can be a larger one");
        growing.grow(small, 50);
        while (growing.active().offer(ByteBuffer.allocate(50)) > 0) {
            // until it is full
        }
        assertFalse(growing.isRoomy());
        readAll(growing);
        assertFalse(growing.isRoomy());
        readAll(growing);
        assertTrue(growing.isRoomy());
    }

    @Test
    void shouldWipeASmallRingWhenItIsDrained() {
        final RingCell growing = new RingCell(64, 4096, 50, Memory.HEAP);
        final ByteRing small = growing.active();
        small.offer(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        growing.grow(small, 50);
        growing.active();
        readAll(growing);
        assertTrue(growing.isEmpty());
        for (int i = 0; i < small.buffer().capacity(); i++) {
            assertEquals(0, small.buffer().get(i), "at " + i);
        }
    }

    /** As if the sender that retired a ring for a larger one stood still right after that. */
    @Test
    void shouldGoOnWhenASenderStopsBetweenTheRings() {
        final RingCell growing = new RingCell(64, 4096, 50, Memory.HEAP);
        final ByteRing small = growing.active();
        small.offer(ByteBuffer.allocate(10));
        assertTrue(growing.grow(small, 50));
        assertEquals(1, growing.acceptedRecords());
        readAll(growing);
        assertTrue(growing.isEmpty());
        assertFalse(growing.isHolding());
        assertEquals(512, growing.active().capacity(), "what it was retired for");
        assertEquals(60, growing.active().offer(ByteBuffer.allocate(50)));
        assertEquals(2, growing.acceptedRecords());
    }

    @Test
    void shouldReadAllRingsWhenClosedWhileTheyGrow() {
        final RingCell growing = new RingCell(64, 4096, 50, Memory.HEAP);
        ByteRing ring = growing.active();
        ring.offer(ByteBuffer.allocate(1));
        for (int i = 0; i < 2; i++) {
            growing.grow(ring, 1);
            ring = growing.active();
            ring.offer(ByteBuffer.allocate(1));
        }
        assertTrue(growing.close());
        assertEquals(3, growing.acceptedRecords());
        growing.abandon();
        assertTrue(growing.isEmpty());
        assertEquals(3, growing.acceptedRecords());
        assertEquals(3, growing.readRecords());
    }

    @Test
    void shouldCloseWhatASenderHasRetired() {
        final RingCell growing = new RingCell(64, 4096, 50, Memory.HEAP);
        final ByteRing small = growing.active();
        small.offer(ByteBuffer.allocate(10));
        growing.grow(small, 50);
        assertTrue(growing.close());
        assertEquals(ByteRing.CLOSED, small.tryClaim(1));
        assertNull(growing.active());
        assertFalse(growing.isEmpty());
        readAll(growing);
        assertTrue(growing.isEmpty());
        assertEquals(1, growing.acceptedRecords());
    }

    /** What a round has to show before it is closed: how threads happen to run shows the rest, and is not counted upon. */
    private enum Course {
        GROWS,
        RETIRES,
        FREE
    }

    /** Senders, a consumer that retires whenever it may, and a closer: whatever is accepted is read, in order. */
    @Test
    void shouldLoseAndReorderNothingWhenRetiredAndClosedAmongSenders() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("RingCellTest seed=" + seed);
        final Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            final Course course = i % 4 == 0 ? Course.GROWS : i % 4 == 1 ? Course.RETIRES : Course.FREE;
            final int firstCapacity = course == Course.GROWS || random.nextBoolean() ? 64 : 4096;
            new Round(course, new RingCell(firstCapacity, 4096, 64, Memory.HEAP)).play(random.nextInt(400));
        }
    }

    private static final class Round {
        /** Of its own messages, after which a sender rests until the ring was retired, if that is what the round has to show. */
        private static final int REST_AFTER = 32;

        private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

        private final Course course;
        private final RingCell cell;
        private final CyclicBarrier start = new CyclicBarrier(3);
        private final AtomicInteger grown = new AtomicInteger();
        private final AtomicInteger retired = new AtomicInteger();
        private final int[] next = new int[2];
        private String fault;

        Round(final Course course, final RingCell cell) {
            this.course = course;
            this.cell = cell;
        }

        void play(final int turnsBeforeClose) throws Exception {
            final Sender[] senders = {new Sender(0, this), new Sender(1, this)};
            for (final Sender sender : senders) {
                sender.start();
            }
            start.await();
            final long deadlineNs = System.nanoTime() + DEADLINE_NS;
            boolean closed = false;
            int turns = 0;
            while (!(closed && !senders[0].isAlive() && !senders[1].isAlive() && cell.isEmpty())) {
                // A ring that nobody reads is full in the end.
                if (course != Course.GROWS || grown.get() > 0) {
                    read();
                }
                if (turns++ >= turnsBeforeClose) {
                    closed = closed || (hasShown() && cell.close());
                    // Senders are waited for, who may need this core.
                    Thread.yield();
                }
                if (System.nanoTime() - deadlineNs > 0) {
                    cell.close();
                    fail("too slow: course=" + course + " turns=" + turns + " grown=" + grown + " retired=" + retired);
                }
            }
            assertNull(fault);
            assertNull(senders[0].fault);
            assertNull(senders[1].fault);
            assertEquals(senders[0].accepted, next[0]);
            assertEquals(senders[1].accepted, next[1]);
            assertEquals(next[0] + next[1], cell.acceptedRecords());
            assertEquals(next[0] + next[1], cell.readRecords());
        }

        private void read() {
            final ByteRing ring = cell.readable();
            if (ring != null) {
                ring.read(
                        (buffer, offset, length) -> {
                            final int sender = buffer.getInt(offset);
                            if (buffer.getInt(offset + 4) != next[sender]++ && fault == null) {
                                fault = "out of order: sender=" + sender;
                            }
                        },
                        Integer.MAX_VALUE);
            }
            // A look lets go, too, of a ring that was retired before its last messages were read.
            if (ring != null && cell.retire()) {
                retired.incrementAndGet();
            }
        }

        private boolean hasShown() {
            return switch (course) {
                case GROWS -> grown.get() > 0;
                case RETIRES -> retired.get() > 0;
                case FREE -> true;
            };
        }

        boolean rests(final int accepted) {
            return course == Course.RETIRES && accepted == REST_AFTER && retired.get() == 0 && !cell.isClosed();
        }
    }

    private static final class Sender extends Thread {
        final Round round;
        final int number;
        int accepted;
        long lastPosition;
        String fault;

        Sender(final int number, final Round round) {
            this.number = number;
            this.round = round;
        }

        @Override
        public void run() {
            try {
                round.start.await();
                send(round.cell);
            } catch (final Exception ex) {
                fault = ex.toString();
            }
        }

        private void send(final RingCell cell) {
            final ByteBuffer message = ByteBuffer.allocate(8);
            while (true) {
                while (round.rests(accepted)) {
                    Thread.yield();
                }
                final boolean closedBefore = cell.isClosed();
                final ByteRing ring = cell.active();
                if (ring == null) {
                    return;
                }
                message.putInt(0, number).putInt(4, accepted);
                final long position = ring.offer(message);
                if (position >= 0) {
                    if (closedBefore) {
                        fault = "accepted after the close";
                    }
                    if (position <= lastPosition) {
                        fault = "position went back from " + lastPosition + " to " + position;
                    }
                    lastPosition = position;
                    accepted++;
                } else if (position == ByteRing.BACK_PRESSURED && cell.grow(ring, message.remaining())) {
                    round.grown.incrementAndGet();
                } else if (position == ByteRing.CLOSED && !cell.isClosed() && cell.active() == ring) {
                    fault = "closed ring is still active";
                    return;
                }
                if ((accepted & 3) == 0) {
                    Thread.yield();
                }
            }
        }
    }
}
