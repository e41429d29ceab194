package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class WireTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);

    @Test
    void shouldTellEachKindFromTheOthersAndFromAPlainMessage() {
        assertEquals(
                6,
                Set.of(Wire.PLAIN, Wire.HELLO, Wire.WELCOME, Wire.REFUSED, Wire.STATE, Wire.BATCH)
                        .size());
        assertEquals(0x4d696c6c72616301L, Wire.HELLO);
        assertEquals(0x4d696c6c72616305L, Wire.BATCH_VALUE.get(buffer, 0, 0));
    }

    @Test
    void shouldReadWhereItLies() {
        buffer.putInt(8, 9);
        buffer.putInt(12, -7);
        assertEquals(9, Wire.version(buffer, 8));
        assertEquals(-7, Wire.helloSession(buffer, 8));
        buffer.putLong(16, 5);
        buffer.putLong(24, 1L << 40);
        assertEquals(5, Wire.stateFlags(buffer, 16));
        assertEquals(1L << 40, Wire.stateTaken(buffer, 16));
    }

    @Test
    void shouldReadNoMoreOfARefusalThanIsThere() {
        buffer.putStringAscii(8, "no\nroom");
        assertEquals("no room", Wire.refusalText(buffer, 8, 11));
        assertEquals("no r", Wire.refusalText(buffer, 8, 8));
        assertEquals("", Wire.refusalText(buffer, 8, 4));
        assertEquals("", Wire.refusalText(buffer, 8, 0));
        buffer.putInt(8, 2);
        assertEquals("no", Wire.refusalText(buffer, 8, 11));
        buffer.putInt(8, -1);
        assertEquals("", Wire.refusalText(buffer, 8, 11));
        buffer.putInt(8, Integer.MAX_VALUE);
        assertEquals("no room", Wire.refusalText(buffer, 8, 11));
    }
}
