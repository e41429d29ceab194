package io.millrace.transport.frame;

import static io.millrace.transport.frame.LineProtocol.Ending.CRLF;
import static io.millrace.transport.frame.LineProtocol.Ending.LF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LineProtocolTest {
    @ParameterizedTest
    @EnumSource
    void shouldAcceptBothEndingsAndEmptyLines(final LineProtocol.Ending ending) {
        final Protocol protocol = new LineProtocol(10, ending);
        final byte[] bytes = Frames.bytes("a\nb\r\n\n\r\n\rc\r\r\n");
        final List<String> lines = List.of("a", "b", "", "", "\rc\r");
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertEquals(lines, Frames.decode(protocol, bytes, cut), "cut=" + cut);
        }
        assertEquals(lines, Frames.decode(protocol, bytes, Frames.everyByte(bytes.length)));
    }

    @Test
    void shouldSendTheConfiguredEnding() {
        assertEquals("a\n", Frames.text(Frames.encode(new LineProtocol(10, LF), Frames.bytes("a"))));
        assertEquals("a\r\n", Frames.text(Frames.encode(new LineProtocol(10, CRLF), Frames.bytes("a"))));
        assertEquals("\r\n", Frames.text(Frames.encode(new LineProtocol(10, CRLF), Frames.bytes(""))));
    }

    private static void refused(final LineProtocol protocol, final String line, final String named) {
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> Frames.encode(protocol, Frames.bytes(line)));
        assertTrue(failure.getMessage().contains(named), failure.getMessage());
    }

    @Test
    void shouldRefuseToSendWhatWouldArriveOtherwise() {
        refused(new LineProtocol(20, LF), "0123456789\nabcdef", "index=10");
        refused(new LineProtocol(20, CRLF), "\n", "index=0");
        refused(new LineProtocol(20, LF), "ab\r", "messageLength=3");
        final Protocol crlf = new LineProtocol(20, CRLF);
        assertEquals(List.of("ab\r"), Frames.decode(crlf, Frames.encode(crlf, Frames.bytes("ab\r"))));
        final Protocol unchecked = new LineProtocol(20, LF).unchecked();
        assertEquals(List.of("a", "b"), Frames.decode(unchecked, Frames.encode(unchecked, Frames.bytes("a\nb"))));
    }

    private static void tooLongAt(final String bytes, final int limit) {
        final Protocol.Decoder decoder = new LineProtocol(4, LF).newDecoder();
        final ByteBuffer source = ByteBuffer.wrap(Frames.bytes(bytes));
        for (int i = 1; i < limit; i++) {
            assertEquals(0, decoder.decode(source, 0, i, (b, o, l) -> true), "limit=" + i);
        }
        final ProtocolException failure =
                assertThrows(ProtocolException.class, () -> decoder.decode(source, 0, limit, (b, o, l) -> true));
        assertEquals(CloseReason.DELIMITER_MISSING, failure.reason());
        assertTrue(failure.getMessage().contains("maxMessageLength=4"), failure.getMessage());
    }

    @Test
    void shouldRefuseAsSoonAsTheEndingComesTooLate() {
        final Protocol protocol = new LineProtocol(4, LF);
        assertEquals(List.of("1234", "1234"), Frames.decode(protocol, Frames.bytes("1234\r\n1234\n")));
        tooLongAt("12345\n", 5);
        tooLongAt("1234\r\r\n", 6);
        tooLongAt("1234\r5", 6);
    }

    @Test
    void shouldNotLookTwiceAtABytePassedBefore() {
        final ByteBuffer bytes = ByteBuffer.wrap(Frames.bytes("0123456789\nab\n"));
        final Protocol.Decoder decoder = new LineProtocol(20, LF).newDecoder();
        assertEquals(0, decoder.decode(bytes, 0, 10, (b, o, l) -> true));
        bytes.put(5, (byte) '\n');
        assertEquals(11, decoder.decode(bytes, 0, 13, (b, o, length) -> {
            assertEquals(10, length);
            return true;
        }));
        assertEquals(3, decoder.decode(bytes, 11, 14, (b, o, l) -> true));
    }
}
