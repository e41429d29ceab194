package io.millrace.ring;

import static io.millrace.ring.Text.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class ByteRingBadInputTest {
    @Parameter
    RingKind kind;

    @Test
    void shouldThrowWhenCapacityIsNoPowerOfTwoOrOutOfRange() {
        for (final int capacity : new int[] {0, -1, 1, 32, 63, 65, 100, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            refuse("capacity=" + capacity, () -> kind.ring(capacity, 1));
        }
        assertEquals(64, kind.ring(64, 1).capacity());
    }

    @Test
    void shouldThrowWhenLongestRecordIsOutOfRange() {
        for (final int length : new int[] {0, -1, 65, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            refuse("maxRecordLength=" + length, () -> kind.ring(64, length));
        }
        refuse("maxRecordLength=" + ((1 << 30) - 1), () -> kind.ring(1 << 30, (1 << 30) - 1));
        assertEquals(1, kind.ring(64, 1).maxRecordLength());
        assertEquals(64, kind.ring(64, 64).maxRecordLength());
    }

    @Test
    void shouldThrowWhenLengthIsNotPositive() {
        final ByteRing ring = kind.ring(64, 64);
        final ByteBuffer source = bytes("abc");
        for (final int length : new int[] {0, -1, Integer.MIN_VALUE}) {
            refuse("length=" + length, () -> ring.offer(source, 0, length));
            refuse("length=" + length, () -> ring.offer(ByteRingOfferTest.directBuffer(source), 0, length));
            refuse("length=" + length, () -> ring.tryClaim(length));
            refuse("length=" + length, () -> ring.tryClaim(length, new RingClaim()));
            refuse("length=" + length, () -> ring.offerBatch(source, 0, new int[] {1, length}, 2));
            refuse("length=" + length, () -> ring.offerBatch(source, 0, new int[] {1}, length));
        }
        refuse("length=0", () -> ring.offer(bytes("")));
        refuse("length=0", () -> ring.offer(new ByteBuffer[] {bytes(""), bytes("")}, 0, 2));
        refuse("length=0", () -> ring.offer(new ByteBuffer[0], 0, 0));

        assertTrue(ring.isEmpty(), "nothing was claimed");
    }

    @Test
    void shouldThrowWhenRangeIsNotInSource() {
        final ByteRing ring = kind.ring(64, 64);
        final ByteBuffer source = bytes("abcd").limit(3);

        outOfBounds(() -> ring.offer(source, 0, 4));
        outOfBounds(() -> ring.offer(source, -1, 2));
        outOfBounds(() -> ring.offer(source, Integer.MAX_VALUE, 1));
        outOfBounds(() -> ring.offer(ByteRingOfferTest.directBuffer(source), 3, 2));
        outOfBounds(() -> ring.offer(new ByteBuffer[] {source}, 0, 2));
        outOfBounds(() -> ring.offerBatch(source, 0, new int[] {2, 2}, 2));
        outOfBounds(() -> ring.offerBatch(source, 0, new int[] {1}, 2));

        assertTrue(ring.isEmpty(), "nothing was claimed");
    }

    @Test
    void shouldThrowWhenSourceIsNull() {
        final ByteRing ring = kind.ring(64, 64);

        assertThrows(NullPointerException.class, () -> ring.offer((ByteBuffer) null));
        assertThrows(NullPointerException.class, () -> ring.offer(new ByteBuffer[] {null}, 0, 1));

        assertTrue(ring.isEmpty(), "nothing was claimed");
    }

    private static void refuse(final String text, final Executable call) {
        final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call);
        assertTrue(refused.getMessage().contains(text), refused.getMessage());
    }

    private static void outOfBounds(final Executable call) {
        assertThrows(IndexOutOfBoundsException.class, call);
    }

    @Test
    void shouldTakeNoRecordForAMissingHandler() {
        final ByteRing ring = kind.ring(64, 64);
        ring.offer(bytes("abc"));
        assertThrows(NullPointerException.class, () -> ring.read(null, 1));
        assertEquals(1, ring.read((buffer, offset, length) -> {}, 1));
    }

    @Test
    void shouldThrowWhenAStreamCannotBeginThere() {
        for (final long start : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            refuse("startPosition=" + start, () -> new ManyToOneByteRing(64, 64, Memory.HEAP, start));
        }
    }
}
