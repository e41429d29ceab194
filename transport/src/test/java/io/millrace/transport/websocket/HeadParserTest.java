package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The bounds of a head, to the byte: RFC 9112 sections 2 and 3, RFC 6585 section 5. */
class HeadParserTest {
    private static final int MUCH = 1024 * 1024;
    private static final String START = "GET / HTTP/1.1\r\n";
    private static final String FIELDS = "Host: h\r\nA: b\r\nC:\r\n";

    private static HeadParser parse(final int maxLength, final String head) throws HttpException {
        final byte[] wire = OpeningTest.bytes(head);
        final HeadParser parser = new HeadParser(maxLength);
        assertEquals(wire.length, parser.parse(ByteBuffer.wrap(wire), 0, wire.length));
        assertTrue(parser.isDone());
        return parser;
    }

    private static void assertRefused(final int status, final int maxLength, final String head) {
        final HttpException bad = assertThrows(HttpException.class, () -> parse(maxLength, head));
        assertEquals(status, bad.status(), bad.getMessage());
    }

    @Test
    void shouldTakeAHeadAsLongAsOneMayBeAndNotAByteMore() throws HttpException {
        final String head = START + FIELDS + "\r\n";

        assertEquals(3, parse(head.length(), head).fields().entries().size());
        assertRefused(431, head.length() - 1, head);
    }

    @Test
    void shouldRefuseALineThatHasNotEndedOnceTheHeadCanNotBeShortEnough() throws HttpException {
        final byte[] wire = OpeningTest.bytes(START + "A: bcd");
        final HeadParser parser = new HeadParser(wire.length);
        parser.parse(ByteBuffer.wrap(wire), 0, wire.length - 1);

        assertThrows(HttpException.class, () -> parser.parse(ByteBuffer.wrap(wire), START.length(), wire.length));
    }

    @Test
    void shouldTakeLinesAsLongAsTheyMayBeAndNotAByteMore() throws HttpException {
        final String path = "GET /" + "a".repeat(HeadParser.MAX_LINE_LENGTH - 14);
        final String field = "A:" + "a".repeat(HeadParser.MAX_LINE_LENGTH - 2);

        assertEquals(
                HeadParser.MAX_LINE_LENGTH - 13,
                parse(MUCH, path + " HTTP/1.1\r\nHost: h\r\n\r\n")
                        .request()
                        .path()
                        .length());
        assertRefused(414, MUCH, path + "a HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals(
                HeadParser.MAX_LINE_LENGTH - 2,
                parse(MUCH, START + field + "\r\n\r\n")
                        .fields()
                        .first("A")
                        .orElseThrow()
                        .length());
        assertRefused(431, MUCH, START + field + "a\r\n\r\n");
    }

    @Test
    void shouldTakeAsManyFieldsAsThereMayBeAndNotOneMore() throws HttpException {
        final String most = START + "A: a\r\n".repeat(HeadParser.MAX_FIELDS);

        assertEquals(
                HeadParser.MAX_FIELDS,
                parse(MUCH, most + "\r\n").fields().entries().size());
        assertRefused(431, MUCH, most + "A: a\r\n\r\n");
    }

    /** RFC 9110 section 5.5. */
    @Test
    void shouldTakeAllBytesButControlCharactersAndOfThoseTheTab() throws HttpException {
        for (char c = 0; c <= 0xFF; c++) {
            final String head = START + "A: b" + c + "d\r\n\r\n";
            if ((c < 0x20 && c != '\t') || c == 0x7F) {
                assertRefused(400, MUCH, head);
            } else {
                assertEquals(
                        "b" + c + "d", parse(MUCH, head).fields().first("A").orElseThrow());
            }
        }
    }
}
