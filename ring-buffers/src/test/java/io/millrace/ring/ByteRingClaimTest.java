package io.millrace.ring;

import static io.millrace.ring.Text.bytes;
import static io.millrace.ring.Text.readAll;
import static io.millrace.ring.Text.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class ByteRingClaimTest {
    @Parameter
    RingKind kind;

    @Test
    void shouldShowRecordWhenCommittedAndNotBefore() {
        final ByteRing ring = kind.ring(64, 64);
        final RingClaim claim = new RingClaim();

        assertEquals(3, ring.tryClaim(3, claim));
        assertSame(ring.buffer(), claim.buffer());
        assertEquals(3, claim.length());
        claim.buffer().put(claim.offset(), bytes("abc"), 0, 3);
        assertEquals(List.of(), readAll(ring));
        assertFalse(ring.isEmpty());
        claim.commit();

        assertEquals(List.of("abc"), readAll(ring));
        assertTrue(ring.isEmpty());
    }

    @Test
    void shouldGivePositionBehindRecordWhenTokenIsCommitted() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("12345"));

        final long token = ring.tryClaim(3);
        ring.buffer().put(ring.offset(token), bytes("abc"), 0, 3);

        assertEquals(8, ring.commit(token, 3));
        assertEquals(List.of("12345", "abc"), readAll(ring));
    }

    @Test
    void shouldLetEachRecordOfBatchBeCommittedOrAborted() {
        final ByteRing ring = kind.ring(64, 64);
        final long first = ring.tryClaimBatch(6, 3);
        final long second = ring.next(first, 1);
        final long third = ring.next(second, 2);
        ring.buffer().put(ring.offset(first), bytes("a"), 0, 1);
        ring.buffer().put(ring.offset(third), bytes("ccc"), 0, 3);

        assertEquals(6, ring.commit(third, 3));
        ring.abort(second, 2);
        assertEquals(List.of(), readAll(ring));
        assertEquals(1, ring.commit(first, 1));

        assertEquals(List.of("a", "ccc"), readAll(ring));
        assertEquals(1, ring.abortedRecords());
    }

    @Test
    void shouldRefuseBatchThatEmptyRingCouldNotHold() {
        final ByteRing ring = kind.ring(64, 8);

        assertEquals(ByteRing.RECORD_TOO_LONG, ring.tryClaimBatch(65, 9));
        assertEquals(ByteRing.RECORD_TOO_LONG, ring.tryClaimBatch(64, ring.recordCapacity() + 1));
        assertThrows(IllegalArgumentException.class, () -> ring.tryClaimBatch(0, 1));
        assertThrows(IllegalArgumentException.class, () -> ring.tryClaimBatch(1, 0));
        assertThrows(IllegalArgumentException.class, () -> ring.tryClaimBatch(7, 8));
        assertTrue(ring.isEmpty());
        assertTrue(ring.tryClaimBatch(64, ring.recordCapacity()) >= 0);
        assertEquals(ByteRing.BACK_PRESSURED, ring.tryClaimBatch(1, 1));
    }

    @Test
    void shouldHideWhatIsBehindOpenClaim() {
        final ByteRing ring = kind.ring(64, 64);
        final long first = ring.tryClaim(2);
        final long second = ring.tryClaim(2);
        ring.buffer().put(ring.offset(first), bytes("ab"), 0, 2);
        ring.buffer().put(ring.offset(second), bytes("cd"), 0, 2);

        ring.commit(second, 2);
        assertEquals(List.of(), readAll(ring));
        assertEquals(0, ring.peek(64).remaining());
        ring.commit(first, 2);

        assertEquals(List.of("ab", "cd"), readAll(ring));
    }

    @Test
    void shouldPassOverAbortedRecordsWhenReading() {
        final ByteRing ring = kind.ring(64, 64);
        final RingClaim claim = new RingClaim();
        ring.tryClaim(5, claim);
        claim.abort();
        ring.offer(bytes("a"));
        ring.tryClaim(6, claim);
        claim.abort();
        ring.offer(bytes("b"));
        ring.abort(ring.tryClaim(7), 7);

        assertEquals(List.of("a", "b"), readAll(ring));

        assertEquals(3, ring.abortedRecords());
        assertEquals(2, ring.readRecords());
        assertEquals(20, ring.consumerPosition());
        assertTrue(ring.isEmpty());
    }

    @Test
    void shouldGiveSpaceBackWhenOnlyAbortedRecordsWereClaimed() {
        final ByteRing ring = kind.ring(64, 64);
        for (int i = 0; i < 100; i++) {
            ring.abort(ring.tryClaim(64), 64);
            assertEquals(ByteRing.BACK_PRESSURED, ring.tryClaim(1));
            assertEquals(0, i % 2 == 0 ? readAll(ring).size() : ring.peek(64).remaining());
        }
        assertEquals(100, ring.abortedRecords());
        assertTrue(ring.isEmpty());
    }

    @Test
    void shouldReuseClaimWhenCommittedOrAborted() {
        final ByteRing ring = kind.ring(64, 64);
        final RingClaim claim = new RingClaim();
        for (int i = 0; i < 100; i++) {
            assertTrue(ring.tryClaim(4, claim) > 0);
            claim.buffer().put(claim.offset(), bytes(record(i, 4)), 0, 4);
            claim.commit();
            assertEquals(List.of(record(i, 4)), readAll(ring));
        }
    }

    @Test
    void shouldLeaveClaimShutWhenRefused() {
        final ByteRing ring = kind.ring(64, 32);
        final RingClaim claim = new RingClaim();
        ring.offer(bytes(record(1, 32)));
        ring.offer(bytes(record(2, 32)));

        assertEquals(ByteRing.BACK_PRESSURED, ring.tryClaim(1, claim));
        assertThrows(IllegalStateException.class, claim::commit);
        ring.close();
        assertEquals(ByteRing.CLOSED, ring.tryClaim(1, claim));

        assertThrows(IllegalStateException.class, claim::abort);
    }

    @Test
    void shouldThrowWhenClaimIsUsedTwiceOrAfterwards() {
        final ByteRing ring = kind.ring(64, 64);
        final RingClaim claim = new RingClaim();
        assertThrows(IllegalStateException.class, claim::commit);
        ring.tryClaim(1, claim);
        final IllegalStateException open = assertThrows(IllegalStateException.class, () -> ring.tryClaim(1, claim));
        assertTrue(open.getMessage().contains("length=1"), open.getMessage());
        claim.commit();

        assertThrows(IllegalStateException.class, claim::commit);
        assertThrows(IllegalStateException.class, claim::abort);
        assertThrows(IllegalStateException.class, claim::buffer);
        assertThrows(IllegalStateException.class, claim::offset);
        assertThrows(IllegalStateException.class, claim::length);
        assertEquals(1, readAll(ring).size());
    }

    @Test
    void shouldClaimDistinctSpaceWhenSeveralAreOpen() {
        final ByteRing ring = kind.ring(64, 64);
        final long first = ring.tryClaim(10);
        final long second = ring.tryClaim(10);

        assertNotEquals(first, second);
        assertEquals(10, ring.offset(second) - ring.offset(first));
    }
}
