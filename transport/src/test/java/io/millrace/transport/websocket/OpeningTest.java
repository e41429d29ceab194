package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.session.AttributeMap;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.agrona.LangUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's side of RFC 6455 section 4 and the HTTP below it, without I/O; and the bytes between both sides. */
class OpeningTest {
    static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String UPGRADE = "Host: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" + KEY
            + "Sec-WebSocket-Version: 13\r\n";
    static final String REQUEST = "GET /chat?a=b HTTP/1.1\r\n" + UPGRADE + "\r\n";

    static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Offers what is not consumed again, with one byte more. */
    static int dropByDrop(final Opening opening, final byte[] wire) {
        int consumed = 0;
        for (int limit = 1;
                limit <= wire.length && !opening.isOpen() && opening.refusal().isEmpty();
                limit++) {
            consumed += opening.take(ByteBuffer.wrap(wire), consumed, limit);
        }
        return consumed;
    }

    static String said(final Opening opening) {
        return StandardCharsets.ISO_8859_1.decode(opening.words().duplicate()).toString();
    }

    static ServerOpening server(final WebSocketContext context) {
        return new ServerOpening(context, "");
    }

    @Test
    void shouldAcceptTheExampleOfTheRfcWhereverItIsCut() {
        final byte[] wire = bytes(REQUEST + "\u0081");
        for (int cut = 0; cut <= wire.length; cut++) {
            final ServerOpening opening = server(new WebSocketContext());
            final int first = opening.take(ByteBuffer.wrap(wire), 0, cut);
            final int all = opening.isOpen() ? first : first + opening.take(ByteBuffer.wrap(wire), first, wire.length);

            assertTrue(opening.isOpen(), "cut=" + cut);
            assertEquals(wire.length - 1, all);
            assertEquals("/chat", opening.request.path());
            assertEquals("a=b", opening.request.query());
            assertTrue(said(opening).startsWith("HTTP/1.1 101 Switching Protocols\r\n"));
            assertTrue(said(opening).contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
        }
    }

    private static Arguments bad(final String what, final int status, final String request) {
        return Arguments.of(what, status, request);
    }

    private static String without(final String field) {
        return REQUEST.replaceFirst("(?m)^" + field + ":.*\r\n", "");
    }

    static Stream<Arguments> badRequests() {
        return Stream.of(
                bad("no request line", 400, "\r\n\r\n"),
                bad("two spaces", 400, REQUEST.replace("GET /", "GET  /")),
                bad("method", 400, REQUEST.replace("GET", "POST")),
                bad("target without a slash", 400, REQUEST.replace("/chat", "chat")),
                bad("target with a fragment", 400, REQUEST.replace("/chat", "/chat#x")),
                bad("authority as target", 400, REQUEST.replace("/chat?a=b", "h:80")),
                bad("asterisk as target", 400, REQUEST.replace("/chat?a=b", "*")),
                bad("other scheme in the target", 400, REQUEST.replace("/chat", "ftp://h/chat")),
                bad("no host in the target", 400, REQUEST.replace("/chat", "http:///chat")),
                bad("user in the target", 400, REQUEST.replace("/chat", "http://u@h/chat")),
                bad("malformed Host", 400, REQUEST.replace("Host: h", "Host: h/x")),
                bad("user in Host", 400, REQUEST.replace("Host: h", "Host: u@h")),
                bad("two names in Host", 400, REQUEST.replace("Host: h", "Host: h, h2")),
                bad("port in words", 400, REQUEST.replace("Host: h", "Host: h:http")),
                bad("HTTP/2", 505, REQUEST.replace("HTTP/1.1", "HTTP/2.0")),
                bad("HTTP/1.0", 400, REQUEST.replace("HTTP/1.1", "HTTP/1.0")),
                bad("no Host", 400, without("Host")),
                bad("two Hosts", 400, REQUEST.replace(KEY, KEY + "Host: other\r\n")),
                bad("no Connection", 400, without("Connection")),
                bad("other Connection", 400, REQUEST.replace("keep-alive, Upgrade", "keep-alive")),
                bad("no Upgrade", 426, without("Upgrade")),
                bad("other Upgrade", 426, REQUEST.replace("Upgrade: websocket", "Upgrade: h2c")),
                bad("no key", 400, without("Sec-WebSocket-Key")),
                bad("two keys", 400, REQUEST.replace(KEY, KEY + KEY)),
                bad("short key", 400, REQUEST.replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=")),
                bad("key not in base64", 400, REQUEST.replace("dGhlIHNhbXBsZSBub25jZQ==", "????")),
                bad("no version", 426, without("Sec-WebSocket-Version")),
                bad("other version", 426, REQUEST.replace("Version: 13", "Version: 8")),
                bad("body", 400, REQUEST.replace(KEY, KEY + "Content-Length: 1\r\n")),
                bad("chunked body", 400, REQUEST.replace(KEY, KEY + "Transfer-Encoding: chunked\r\n")),
                bad("bare line feed", 400, REQUEST.replace("HTTP/1.1\r\n", "HTTP/1.1\n")),
                bad("bare carriage return", 400, REQUEST.replace("Host: h", "Host: h\rx")),
                bad("null", 400, REQUEST.replace("Host: h", "Host: h\0")),
                bad("folded line", 400, REQUEST.replace("Host: h", "Host: h\r\n x")),
                bad("space before the colon", 400, REQUEST.replace("Host:", "Host :")),
                bad("no colon", 400, REQUEST.replace("Host: h", "Host: h\r\nnothing")),
                bad("empty name", 400, REQUEST.replace("Host: h", "Host: h\r\n: x")),
                bad("line too long", 414, "GET /" + "a".repeat(9000)),
                bad("field too long", 431, REQUEST.replace("Host: h", "Host: h\r\nA: " + "a".repeat(9000))),
                bad("too many fields", 431, REQUEST.replace("Host: h", "Host: h" + "\r\nA: a".repeat(101))),
                bad("too much", 431, REQUEST.replace("Host: h", "Host: h" + ("\r\nA: " + "a".repeat(4000)).repeat(5))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badRequests")
    void shouldAnswerAndRefuseWhenARequestIsMalformed(final String what, final int status, final String request) {
        final ServerOpening opening = server(new WebSocketContext());
        dropByDrop(opening, bytes(request));

        assertFalse(opening.isOpen());
        assertTrue(opening.refusal().isPresent(), "refused");
        assertTrue(said(opening).startsWith("HTTP/1.1 " + status + " "), said(opening));
        assertTrue(said(opening).contains("\r\nConnection: close"));
    }

    @ParameterizedTest
    @CsvSource({
        "/chat?a=b, h, /chat, a=b",
        "http://other:8080/chat?a=b, other:8080, /chat, a=b",
        "HTTPS://[::1]:1/chat, [::1]:1, /chat, ''",
        "http://other, other, /, ''",
        "http://other?q, other, /, q"
    })
    void shouldTakePathAndHostOfAWholeUriAsOfAPath(
            final String target, final String host, final String path, final String query) {
        final ServerOpening opening = server(new WebSocketContext());
        dropByDrop(opening, bytes(REQUEST.replace("/chat?a=b", target)));

        assertTrue(opening.isOpen(), said(opening));
        assertEquals(Optional.of(host), opening.request.host());
        assertEquals(1, opening.request.fields().all("host").size());
        assertEquals(path, opening.request.path());
        assertEquals(query, opening.request.query());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h:", "h:80", "127.0.0.1:8080", "[::1]", "[fe80::1%25eth0]:1", "a-b.c_d.e"})
    void shouldTakeEveryHostThatIsOne(final String host) {
        final ServerOpening opening = server(new WebSocketContext());
        dropByDrop(opening, bytes(REQUEST.replace("Host: h", "Host: " + host)));

        assertTrue(opening.isOpen(), said(opening));
        assertEquals(Optional.of(host), opening.request.host());
    }

    @Test
    void shouldAcceptAnUpgradeThatSaysThatItHasNoBody() {
        final ServerOpening opening = server(new WebSocketContext());
        dropByDrop(opening, bytes(REQUEST.replace(KEY, KEY + "Content-Length: 0\r\n")));

        assertTrue(opening.isOpen(), said(opening));
    }

    @Test
    void shouldConsumeWhatFollowsABadHead() {
        final byte[] wire = bytes("GET /\n and whatever else");
        final ServerOpening opening = server(new WebSocketContext());

        assertEquals(wire.length - 4, opening.take(ByteBuffer.wrap(wire), 4, wire.length));
        assertTrue(opening.refusal().isPresent());
    }

    static Connection connection() {
        final AttributeMap attributes = new AttributeMap();
        return (Connection) Proxy.newProxyInstance(
                OpeningTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    assertEquals("attributes", method.getName());
                    return attributes;
                });
    }

    @Test
    void shouldShowTheHookTheConnectionWithTheRequestOnIt() {
        final Connection connection = connection();
        final ServerOpening opening = server(new WebSocketContext()
                .upgradeHook((on, request) -> HttpAnswer.upgrade()
                        .header(
                                "Same",
                                on.attributes().get(WebSocket.REQUEST).equals(request) + " " + (on == connection))));
        opening.begin(connection);
        dropByDrop(opening, bytes(REQUEST.replace(KEY, KEY + "Origin: https://o\r\n")));

        assertTrue(said(opening).contains("\r\nSame: true true\r\n"), said(opening));
        assertEquals(
                Optional.of("https://o"),
                connection.attributes().get(WebSocket.REQUEST).origin());
    }

    @Test
    void shouldAnswer431WhenTheRequestDoesNotFitIntoTheAttributes() {
        final ServerOpening opening = server(new WebSocketContext().maxHeadLength(1024 * 1024));
        opening.begin(connection());
        dropByDrop(opening, bytes(REQUEST.replace(KEY, KEY + ("A: " + "a".repeat(4000) + "\r\n").repeat(9))));

        assertFalse(opening.isOpen());
        assertTrue(said(opening).startsWith("HTTP/1.1 431 "), said(opening));
    }

    @Test
    void shouldChooseTheFirstOfItsOwnSubProtocolsThatIsOffered() {
        final String offer =
                REQUEST.replace(KEY, KEY + "Sec-WebSocket-Protocol: v1, v2\r\nSec-WebSocket-Protocol: v3\r\n");
        final ServerOpening opening = server(new WebSocketContext().protocols("v9", "v3", "v1"));
        opening.take(ByteBuffer.wrap(bytes(offer)), 0, offer.length());
        final ServerOpening none = server(new WebSocketContext().protocols("v9"));
        none.take(ByteBuffer.wrap(bytes(offer)), 0, offer.length());

        assertEquals(Optional.of("v3"), opening.protocol);
        assertTrue(said(opening).contains("\r\nSec-WebSocket-Protocol: v3\r\n"));
        assertEquals(Optional.empty(), none.protocol);
        assertTrue(none.isOpen());
        assertFalse(said(none).contains("Sec-WebSocket-Protocol"));
    }

    @Test
    void shouldAnswerAsTheHookSaysWhenAnUpgradeIsAskedFor() {
        final WebSocketContext context = new WebSocketContext()
                .header("Server", "millrace")
                .upgradeHook(request -> request.fields().first("origin").equals(Optional.of("https://good"))
                        ? HttpAnswer.upgrade().header("X-User", "7")
                        : HttpAnswer.status(403).body("no"));
        final ServerOpening refused = server(context);
        dropByDrop(refused, bytes(REQUEST));
        final ServerOpening accepted = server(context);
        dropByDrop(accepted, bytes(REQUEST.replace(KEY, KEY + "Origin: https://good\r\n")));

        assertEquals(
                CloseReason.UPGRADE_REFUSED, refused.refusal().orElseThrow().reason());
        assertTrue(said(refused).startsWith("HTTP/1.1 403 Forbidden\r\n"));
        assertTrue(said(refused).endsWith("\r\nContent-Length: 2\r\n\r\nno"));
        assertTrue(accepted.isOpen());
        assertTrue(said(accepted).contains("\r\nX-User: 7\r\n"));
        assertTrue(said(accepted).contains("\r\nServer: millrace\r\n"));
    }

    @Test
    void shouldAnswer500WhenAHookThrows() {
        for (final Throwable thrown : List.of(new IllegalStateException("a bug"), new StackOverflowError())) {
            final ServerOpening opening = server(new WebSocketContext().upgradeHook(request -> {
                LangUtil.rethrowUnchecked(thrown);
                return HttpAnswer.upgrade();
            }));
            dropByDrop(opening, bytes(REQUEST));

            assertTrue(said(opening).startsWith("HTTP/1.1 500 "));
        }
    }

    @Test
    void shouldAnswer500WhenAHookAnswersNothing() {
        final ServerOpening opening = server(new WebSocketContext().upgradeHook(request -> null));
        dropByDrop(opening, bytes(REQUEST));

        assertTrue(said(opening).startsWith("HTTP/1.1 500 "));
    }

    @Test
    void shouldAnswer500WhenAHookChoosesASubProtocolThatIsNotOffered() {
        final WebSocketContext context = new WebSocketContext()
                .upgradeHook(request -> HttpAnswer.upgrade().protocol("v2"));
        final ServerOpening other = server(context);
        dropByDrop(other, bytes(REQUEST.replace(KEY, KEY + "Sec-WebSocket-Protocol: v1\r\n")));
        final ServerOpening same = server(context);
        dropByDrop(same, bytes(REQUEST.replace(KEY, KEY + "Sec-WebSocket-Protocol: v1, v2\r\n")));

        assertFalse(other.isOpen());
        assertTrue(said(other).startsWith("HTTP/1.1 500 "));
        assertEquals(Optional.of("v2"), same.protocol);
    }

    @Test
    void shouldAnswerPlainRequestsByTheOtherHook() {
        final ServerOpening usual = server(new WebSocketContext());
        dropByDrop(usual, bytes("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        final ServerOpening healthy = server(new WebSocketContext()
                .requestHook(request -> HttpAnswer.status(200).body(request.path() + " is well")));
        dropByDrop(healthy, bytes("GET /health HTTP/1.0\r\n\r\n"));
        final ServerOpening head = server(new WebSocketContext()
                .requestHook(request -> HttpAnswer.status(200).body("four")));
        dropByDrop(head, bytes("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"));

        assertTrue(said(usual).startsWith("HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\n"));
        assertTrue(said(usual).contains("\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n"), said(usual));
        assertEquals(CloseReason.HTTP_ANSWERED, usual.refusal().orElseThrow().reason());
        assertTrue(said(healthy).endsWith("\r\n\r\n/health is well"));
        assertTrue(said(head).endsWith("\r\nContent-Length: 4\r\n\r\n"));
    }

    @Test
    void shouldFindOnlyThePathOfTheListener() {
        final ServerOpening other = new ServerOpening(new WebSocketContext(), "/other");
        dropByDrop(other, bytes(REQUEST));
        final ServerOpening same = new ServerOpening(new WebSocketContext(), "/chat");
        dropByDrop(same, bytes(REQUEST));

        assertTrue(said(other).startsWith("HTTP/1.1 404 "));
        assertTrue(same.isOpen());
    }

    @Test
    void shouldDateAnswersButUpgrades() {
        final InstantSource clock = InstantSource.fixed(Instant.parse("1994-11-06T08:49:37Z"));
        final ServerOpening answered = new ServerOpening(new WebSocketContext(), "", clock);
        dropByDrop(answered, bytes("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        final ServerOpening accepted = new ServerOpening(new WebSocketContext(), "", clock);
        dropByDrop(accepted, bytes(REQUEST));

        assertTrue(said(answered).contains("\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), said(answered));
        assertTrue(accepted.isOpen());
        assertFalse(said(accepted).contains("Date"), said(accepted));
    }

    @Test
    void shouldSayNothingBehindTheHeadOfAHeadRequest() {
        final ServerOpening opening = server(new WebSocketContext());
        dropByDrop(opening, bytes(REQUEST.replace("GET", "HEAD")));

        assertTrue(said(opening).startsWith("HTTP/1.1 400 "));
        assertTrue(said(opening).endsWith("\r\n\r\n"), said(opening));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void shouldHaveNeitherBodyNorItsLengthWhereThereIsNone(final int status) {
        final ServerOpening opening = server(new WebSocketContext().requestHook(request -> HttpAnswer.status(status)));
        dropByDrop(opening, bytes("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));

        assertTrue(said(opening).startsWith("HTTP/1.1 " + status + " "), said(opening));
        assertFalse(said(opening).contains("Content-Length"), said(opening));
        assertThrows(
                IllegalArgumentException.class, () -> HttpAnswer.status(status).body("x"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 299, 426, 599})
    void shouldAnswerByEveryStatusThatEndsARequest(final int status) {
        assertEquals(status, HttpAnswer.status(status).status());
        assertEquals(101, HttpAnswer.upgrade().status());
    }

    @ParameterizedTest
    @ValueSource(ints = {-200, 0, 100, 101, 199, 600})
    void shouldRefuseToAnswerByOtherStatuses(final int status) {
        assertThrows(IllegalArgumentException.class, () -> HttpAnswer.status(status));
    }

    @Test
    void shouldHaveOneTypeOfContentWhenTheBodyIsSetAgain() {
        final HttpAnswer answer = HttpAnswer.status(200).body("first").body("text/css", new byte[1]);

        assertEquals(List.of("text/css"), answer.fields().all("content-type"));
    }

    static ClientOpening client(final WebSocketContext context) {
        return new ClientOpening(context, URI.create("ws://example.com:8080/chat?a=b"), new SecureRandom());
    }

    static String answerTo(final ClientOpening client) {
        return answerTo(client.request.fields().first("Sec-WebSocket-Key").orElseThrow());
    }

    static String answerTo(final String key) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Opening.acceptOf(key) + "\r\n\r\n";
    }
}
