package io.millrace.transport.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnframedProtocolTest {
    @Test
    void shouldHandOverEachChunkAsItComes() {
        final Protocol protocol = new RawStreamProtocol(5);
        assertEquals(List.of("a", "bcd", "efghi", "jk"), Frames.decode(protocol, Frames.bytes("abcdefghijk"), 1, 4));
        assertEquals("abc", Frames.text(Frames.encode(protocol, Frames.bytes("abc"))));
    }

    @Test
    void shouldHaveOneLengthOnlyWhenFixed() {
        final Protocol protocol = new FixedLengthProtocol(3);
        assertEquals(3, protocol.minMessageLength());
        assertEquals(3, protocol.maxMessageLength());
        assertEquals(List.of("abc", "def"), Frames.decode(protocol, Frames.bytes("abcdef"), 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void shouldNameTheLengthWhenItIsOutOfRange(final int length) {
        final IllegalArgumentException fixed =
                assertThrows(IllegalArgumentException.class, () -> new FixedLengthProtocol(length));
        assertTrue(fixed.getMessage().contains("messageLength=" + length), fixed.getMessage());
        final IllegalArgumentException raw =
                assertThrows(IllegalArgumentException.class, () -> new RawStreamProtocol(length));
        assertTrue(raw.getMessage().contains("maxMessageLength=" + length), raw.getMessage());
    }
}
