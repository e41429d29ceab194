package io.millrace.ring;

import static io.millrace.ring.Text.bytes;
import static io.millrace.ring.Text.readAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A source whose memory is gone passes every check of its range and throws only when it is copied from. */
@ParameterizedClass
@EnumSource
@EnabledForJreRange(
        min = JRE.JAVA_22,
        disabledReason = "only an arena, public since Java 22, can free a buffer's memory")
class ByteRingLostSourceTest {
    @Parameter
    RingKind kind;

    @Test
    void shouldAbortClaimWhenCopyThrows() throws ReflectiveOperationException {
        final ByteRing ring = kind.ring(64, 64);
        final ByteBuffer lost = lostBuffer();

        assertThrows(IllegalStateException.class, () -> ring.offer(lost));
        assertThrows(IllegalStateException.class, () -> ring.offer(new ByteBuffer[] {bytes("a"), lost}, 0, 2));

        assertGoesOn(ring, 2);
    }

    @Test
    void shouldAbortWholeBatchWhenCopyThrows() throws ReflectiveOperationException {
        final ByteRing ring = kind.ring(64, 64);
        final ByteBuffer lost = lostBuffer();

        assertThrows(IllegalStateException.class, () -> ring.offerBatch(lost, 0, new int[] {1, 2, 3}, 3));

        assertGoesOn(ring, 3);
    }

    private static void assertGoesOn(final ByteRing ring, final int aborted) {
        assertTrue(ring.offer(bytes("next")) > 0);
        assertEquals(List.of("next"), readAll(ring));
        assertEquals(aborted, ring.abortedRecords());
        assertTrue(ring.isEmpty());
    }

    private static ByteBuffer lostBuffer() throws ReflectiveOperationException {
        final Class<?> type = Class.forName("java.lang.foreign.Arena");
        final Object arena = type.getMethod("ofShared").invoke(null);
        final Object segment = type.getMethod("allocate", long.class).invoke(arena, 16L);
        final ByteBuffer buffer = (ByteBuffer) Class.forName("java.lang.foreign.MemorySegment")
                .getMethod("asByteBuffer")
                .invoke(segment);
        type.getMethod("close").invoke(arena);
        return buffer;
    }
}
