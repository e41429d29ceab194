package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The target of a request, letter by letter: RFC 9112 section 3.2, more leniently than RFC 3986 by a few marks. */
class RequestLineTest {
    private static final HttpFields HOST = HttpFields.EMPTY.with("Host", "h");

    private static HttpRequest parse(final char inPath) throws HttpException {
        return RequestLine.parse("GET /a" + inPath + "b HTTP/1.1", HOST);
    }

    @Test
    void shouldTakeTargetsOfVisibleAsciiAlone() throws HttpException {
        for (char c = 0; c <= 0xFF; c++) {
            final char inPath = c;
            if (c <= ' ' || c >= 0x7F || "#\"<>".indexOf(c) >= 0) {
                final HttpException bad = assertThrows(HttpException.class, () -> parse(inPath), "c=" + (int) c);
                assertEquals(400, bad.status());
            } else if (c == '?') {
                assertEquals("/a", parse(c).path());
                assertEquals("b", parse(c).query());
            } else {
                assertEquals("/a" + c + "b", parse(c).path());
                assertEquals("", parse(c).query());
            }
        }
    }
}
