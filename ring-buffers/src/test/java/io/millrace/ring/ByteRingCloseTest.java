package io.millrace.ring;

import static io.millrace.ring.Text.bytes;
import static io.millrace.ring.Text.readAll;
import static io.millrace.ring.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class ByteRingCloseTest {
    @Parameter
    RingKind kind;

    @Test
    void shouldRefuseEverythingWhenClosed() {
        final ByteRing ring = kind.ring(64, 16);
        assertFalse(ring.isClosed());
        assertTrue(ring.close());
        assertFalse(ring.close(), "once");
        assertTrue(ring.isClosed());

        final ByteBuffer source = bytes("abcdef");
        assertEquals(ByteRing.CLOSED, ring.offer(source));
        assertEquals(ByteRing.CLOSED, ring.offer(source, 1, 2));
        assertEquals(ByteRing.CLOSED, ring.offer(ByteRingOfferTest.directBuffer(source), 1, 2));
        assertEquals(ByteRing.CLOSED, ring.offer(new ByteBuffer[] {source}, 0, 1));
        assertEquals(ByteRing.CLOSED, ring.offerBatch(source, 0, new int[] {2, 2}, 2));
        assertEquals(ByteRing.CLOSED, ring.tryClaim(1));
        assertEquals(ByteRing.CLOSED, ring.tryClaim(1, new RingClaim()));
        assertEquals(ByteRing.CLOSED, ring.tryClaimBatch(2, 2));
        assertTrue(ring.isEmpty());
        assertEquals(0, ring.claimedRecords());
    }

    @Test
    void shouldPreferClosedToTooLongWhenBoth() {
        final ByteRing ring = kind.ring(64, 16);
        ring.close();
        final ByteBuffer source = ByteBuffer.allocate(80);

        assertEquals(ByteRing.CLOSED, ring.offer(source));
        assertEquals(ByteRing.CLOSED, ring.offer(ByteRingOfferTest.directBuffer(source), 0, 17));
        assertEquals(ByteRing.CLOSED, ring.offer(new ByteBuffer[] {source}, 0, 1));
        assertEquals(ByteRing.CLOSED, ring.offerBatch(source, 0, new int[] {17}, 1));
        assertEquals(ByteRing.CLOSED, ring.offerBatch(source, 0, new int[] {16, 16, 16, 16, 16}, 5));
        assertEquals(ByteRing.CLOSED, ring.tryClaim(17));
        assertEquals(ByteRing.CLOSED, ring.tryClaim(17, new RingClaim()));
        assertEquals(ByteRing.CLOSED, ring.tryClaimBatch(65, 5));
    }

    @Test
    void shouldPreferClosedToFullWhenBoth() {
        final ByteRing ring = kind.ring(64, 64);
        ring.tryClaim(64);
        assertEquals(ByteRing.BACK_PRESSURED, ring.tryClaim(1));
        ring.close();

        assertEquals(ByteRing.CLOSED, ring.tryClaim(1));
    }

    @Test
    void shouldKeepWhatWasAcceptedWhenClosed() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("a"));
        final long open = ring.tryClaim(1);
        ring.offer(bytes("c"));
        ring.close();

        assertEquals(3, ring.size());
        assertEquals(3, ring.producerPosition());
        assertEquals(3, ring.claimedRecords());
        assertEquals(List.of("a"), readAll(ring));
        ring.buffer().put(ring.offset(open), bytes("b"), 0, 1);
        assertEquals(2, ring.commit(open, 1));

        assertEquals("bc", text(ring.peek(64)));
        ring.release(2);
        assertTrue(ring.isEmpty());
    }

    @Test
    void shouldNotUnblockWhenOpen() {
        final ByteRing ring = kind.ring(64, 64);
        ring.tryClaim(1);

        assertEquals(0, ring.unblock());
        assertFalse(ring.isEmpty());
    }

    @Test
    void shouldUnblockWhenDeadClaimIsInFrontOrInMiddleOrLast() {
        final ByteRing ring = kind.ring(64, 64);
        ring.tryClaim(3);
        ring.tryClaim(4);
        ring.offer(bytes("a"));
        ring.tryClaim(5);
        ring.offer(bytes("b"));
        ring.abort(ring.tryClaim(2), 2);
        ring.tryClaim(6);
        ring.close();

        assertEquals(2, ring.unblock(), "front");
        assertEquals(0, ring.unblock(), "nothing to pass while a record is there");
        assertEquals(List.of("a"), readAll(ring));
        assertEquals(1, ring.unblock(), "middle");
        assertEquals(List.of("b"), readAll(ring));
        assertEquals(1, ring.unblock(), "last");
        assertEquals(0, ring.unblock(), "empty");

        assertTrue(ring.isEmpty());
        assertEquals(4, ring.unblockedRecords());
        assertEquals(1, ring.abortedRecords());
        assertEquals(2, ring.readRecords());
        assertEquals(ring.claimedRecords(), 4 + 1 + 2);
        assertEquals(ring.producerPosition(), ring.consumerPosition());
        assertEquals(0, ring.size());
    }

    @Test
    void shouldUnblockAtAnyOffsetWhenPositionsWrap() {
        final long word = 1L << RingDescriptor.positionBits(RingDescriptor.slotCount(64));
        for (final long wrap : new long[] {64, 1L << 32, word}) {
            for (int before = 0; before <= 40; before++) {
                final ByteRing ring = kind.ring(64, 64, wrap - before);
                ring.tryClaim(7);
                ring.offer(bytes("abc"));
                ring.tryClaim(9);
                ring.close();

                assertEquals(1, ring.unblock());
                assertEquals(wrap - before + 7, ring.consumerPosition());
                assertEquals(List.of("abc"), readAll(ring));
                assertEquals(1, ring.unblock());
                assertEquals(wrap - before + 19, ring.consumerPosition());
            }
        }
    }

    @Test
    void shouldStandLateCommitWhenUnblocked() {
        final ByteRing ring = kind.ring(64, 64);
        final long late = ring.tryClaim(3);
        final long later = ring.tryClaim(3);
        ring.offer(bytes("a"));
        ring.close();
        assertEquals(2, ring.unblock());
        ring.buffer().put(ring.offset(late), bytes("xxx"), 0, 3);

        assertEquals(3, ring.commit(late, 3));
        ring.abort(later, 3);

        assertEquals(List.of("a"), readAll(ring));
        assertEquals(List.of(), readAll(ring));
        assertEquals(0, ring.peek(64).remaining());
        assertEquals(0, ring.unblock());
        assertEquals(1, ring.readRecords());
        assertEquals(2, ring.unblockedRecords());
        assertEquals(0, ring.abortedRecords());
    }

    @Test
    void shouldReadNothingTwiceWhenUnblockedWithAllSlotsTaken() {
        final int slots = RingDescriptor.slotCount(64);
        for (int laps = 0; laps <= 2; laps++) {
            for (int dead = 0; dead < slots; dead++) {
                final ByteRing ring = kind.ring(64, 64);
                for (int i = 0; i < laps * slots; i++) {
                    ring.offer(bytes("old"));
                    readAll(ring);
                }
                for (int i = 0; i < slots; i++) {
                    assertTrue(i == dead ? ring.tryClaim(1) >= 0 : ring.offer(bytes("x")) > 0);
                }
                assertEquals(ByteRing.BACK_PRESSURED, ring.tryClaim(1));
                ring.close();

                int read = readAll(ring).size();
                assertEquals(1, ring.unblock());
                read += readAll(ring).size();

                assertEquals(slots - 1, read);
                assertTrue(ring.isEmpty());
                assertEquals(0, ring.peek(64).remaining(), "behind the tail lie marks of earlier laps");
                assertEquals(ring.producerPosition(), ring.consumerPosition());
            }
        }
    }
}
