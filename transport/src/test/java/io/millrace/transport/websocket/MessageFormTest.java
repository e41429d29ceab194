package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** What is offered on the connection of a WebSocket goes out as the binary messages do. */
class MessageFormTest {
    private final FrameForm binary =
            new FrameForms(1_000, new MaskingKeys(new SecureRandom()), true).get(FrameForms.BINARY);
    private final Protocol messages = new MessageForm(
            binary,
            () -> {
                throw new UnsupportedOperationException();
            },
            () -> ByteBuffer.allocate(0));

    @Test
    void shouldMaskAndFrameAsTheFormOfBinaryMessages() {
        final ByteBuffer frame = ByteBuffer.allocate(7).put(6, (byte) 'b');
        messages.encodeHeader(frame, 0, 1);
        messages.encodeTrailer(frame, 0, 1);

        assertEquals(6, messages.headerLength(1));
        assertEquals(1_008, messages.maxFrameLength());
        assertEquals(0, messages.minMessageLength());
        assertArrayEquals(
                new byte[] {(byte) 0x82, (byte) 0x81, (byte) ('b' ^ frame.get(2))},
                new byte[] {frame.get(0), frame.get(1), frame.get(6)});
        assertEquals(binary.toString(), messages.toString());
    }

    @Test
    void shouldBeatThoughThePeerIsNotSilentForTheAnswersAreMeasured() {
        assertTrue(messages.beatsAlways());
        assertEquals(0, messages.heartbeat().orElseThrow().remaining());
    }
}
