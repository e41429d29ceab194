package io.millrace.transport.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LengthPrefixProtocolTest {
    private static final int MAX = 10;

    private final Protocol protocol = new LengthPrefixProtocol(MAX);

    private ByteBuffer encode(final int... lengths) {
        final ByteBuffer target = ByteBuffer.allocate(256);
        int at = 0;
        for (final int length : lengths) {
            protocol.encodeHeader(target, at, length);
            at += protocol.headerLength(length);
            for (int i = 0; i < length; i++) {
                target.put(at++, (byte) length);
            }
        }
        return target.limit(at);
    }

    @Test
    void shouldDecodeTheSameMessagesWhereverTheBytesAreCut() {
        final ByteBuffer bytes = encode(1, 10, 3, 7);
        for (int cut = 0; cut <= bytes.limit(); cut++) {
            final Protocol.Decoder decoder = protocol.newDecoder();
            final List<Integer> lengths = new ArrayList<>();
            final Protocol.MessageSink sink = (buffer, offset, length) -> {
                for (int i = 0; i < length; i++) {
                    assertEquals(length, buffer.get(offset + i));
                }
                return lengths.add(length);
            };
            int consumed = decoder.decode(bytes, 0, cut, sink);
            assertTrue(consumed <= cut);
            consumed += decoder.decode(bytes, consumed, bytes.limit(), sink);
            assertEquals(bytes.limit(), consumed);
            assertEquals(List.of(1, 10, 3, 7), lengths, "cut=" + cut);
        }
    }

    @Test
    void shouldStopBehindTheMessageWhenTheSinkSaysSo() {
        final ByteBuffer bytes = encode(2, 3);
        assertEquals(6, protocol.newDecoder().decode(bytes, 0, bytes.limit(), (buffer, offset, length) -> false));
    }

    @ParameterizedTest
    @CsvSource({"0, BAD_LENGTH", "-1, BAD_LENGTH", "11, MESSAGE_TOO_LONG", "2147483647, MESSAGE_TOO_LONG"})
    void shouldNameTheLengthWhenItIsOutOfRange(final int length, final CloseReason reason) {
        final ByteBuffer bytes = ByteBuffer.allocate(4).putInt(0, length);
        final ProtocolException failure = assertThrows(
                ProtocolException.class, () -> protocol.newDecoder().decode(bytes, 0, 4, (b, o, l) -> true));
        assertEquals(reason, failure.reason());
        assertTrue(failure.getMessage().contains("length=" + length), failure.getMessage());
        assertEquals(0, failure.getStackTrace().length);
    }
}
