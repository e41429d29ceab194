package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The bounds of a message in pieces. */
class MessageAssemblyTest {
    private static final ByteBuffer SOURCE = ByteBuffer.allocate(1_000);

    private final MessageAssembly assembly = new MessageAssembly(600);

    @Test
    void shouldTakeAMessageAsLongAsOneMayBeAndNotAByteMore() {
        assembly.add(SOURCE, 0, 400);
        assembly.add(SOURCE, 0, 200);
        final ProtocolException tooLong = assertThrows(ProtocolException.class, () -> assembly.add(SOURCE, 0, 1));

        assertEquals(600, assembly.length());
        assertEquals(CloseReason.MESSAGE_TOO_LONG, tooLong.reason());
        assertEquals("message too long: length=601 maxMessageLength=600", tooLong.getMessage());
    }

    @Test
    void shouldGrowOnlyWhenAPieceDoesNotFit() {
        assembly.add(SOURCE, 0, 1);
        final ByteBuffer small = assembly.content();
        assembly.add(SOURCE, 0, small.capacity() - 1);
        assertSame(small, assembly.content());
        assembly.add(SOURCE, 0, 1);

        assertEquals(2 * small.capacity(), assembly.content().capacity());
    }
}
