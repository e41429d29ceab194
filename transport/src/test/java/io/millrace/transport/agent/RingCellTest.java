package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Memory;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
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

    /** Senders, a consumer that retires whenever it may, and a closer: whatever is accepted is read, in order. */
    @Test
    void shouldLoseAndReorderNothingWhenRetiredAndClosedAmongSenders() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("RingCellTest seed=" + seed);
        final Random random = new Random(seed);
        long retired = 0;
        for (int round = 0; round < 3000; round++) {
            retired += round(random.nextInt(400));
        }
        assertTrue(retired > 100, "hardly ever retired: retired=" + retired);
    }

    private static final class Sender extends Thread {
        final RingCell cell;
        final int number;
        final CyclicBarrier start;
        int accepted;
        long lastPosition;
        String fault;

        Sender(final RingCell cell, final int number, final CyclicBarrier start) {
            this.cell = cell;
            this.number = number;
            this.start = start;
        }

        @Override
        public void run() {
            try {
                start.await();
                final ByteBuffer message = ByteBuffer.allocate(8);
                while (true) {
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
                    } else if (position == ByteRing.CLOSED && !cell.isClosed() && cell.active() == ring) {
                        fault = "closed ring is still active";
                        return;
                    }
                    if ((accepted & 3) == 0) {
                        Thread.yield();
                    }
                }
            } catch (final Exception ex) {
                fault = ex.toString();
            }
        }
    }

    private static int round(final int turnsBeforeClose) throws Exception {
        final RingCell cell = new RingCell(CAPACITY, 64, Memory.HEAP);
        final CyclicBarrier start = new CyclicBarrier(3);
        final Sender[] senders = {new Sender(cell, 0, start), new Sender(cell, 1, start)};
        for (final Sender sender : senders) {
            sender.start();
        }
        final int[] next = new int[2];
        final AtomicReference<String> fault = new AtomicReference<>();
        start.await();
        boolean closed = false;
        int retired = 0;
        int turns = 0;
        while (!(closed && !senders[0].isAlive() && !senders[1].isAlive() && cell.isEmpty())) {
            final ByteRing ring = cell.readable();
            if (ring != null) {
                ring.read(
                        (buffer, offset, length) -> {
                            final int sender = buffer.getInt(offset);
                            if (buffer.getInt(offset + 4) != next[sender]++) {
                                fault.compareAndSet(null, "out of order: sender=" + sender);
                            }
                        },
                        Integer.MAX_VALUE);
            }
            if (cell.isHolding() && cell.retire()) {
                retired++;
            }
            if (turns++ == turnsBeforeClose) {
                closed = cell.close();
            }
        }
        assertNull(fault.get());
        assertNull(senders[0].fault);
        assertNull(senders[1].fault);
        assertEquals(senders[0].accepted, next[0]);
        assertEquals(senders[1].accepted, next[1]);
        assertEquals(next[0] + next[1], cell.acceptedRecords());
        assertEquals(next[0] + next[1], cell.readRecords());
        return retired;
    }
}
