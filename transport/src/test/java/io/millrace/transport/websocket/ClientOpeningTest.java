package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.session.AttributeMap;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's side of RFC 6455 section 4, without I/O. */
class ClientOpeningTest {
    @Test
    void shouldAskAsTheRfcSays() {
        final ClientOpening client =
                OpeningTest.client(new WebSocketContext().protocols("v2", "v1").header("Origin", "https://o"));
        final ServerOpening server = OpeningTest.server(new WebSocketContext().protocols("v1"));
        OpeningTest.dropByDrop(server, OpeningTest.bytes(OpeningTest.said(client)));
        OpeningTest.dropByDrop(client, OpeningTest.bytes(OpeningTest.said(server)));

        assertTrue(OpeningTest.said(client).startsWith("GET /chat?a=b HTTP/1.1\r\nHost: example.com:8080\r\n"));
        assertTrue(client.isOpen());
        assertEquals(Optional.of("v1"), client.protocol);
        assertEquals(Optional.of("https://o"), server.request.fields().first("Origin"));
    }

    /** RFC 6455 section 4.1, no. 7. */
    @Test
    void shouldDrawAnotherKeyOfSixteenBytesForEachOpening() {
        final Set<String> keys = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            final String key = OpeningTest.client(new WebSocketContext())
                    .request
                    .fields()
                    .first("Sec-WebSocket-Key")
                    .orElseThrow();
            assertEquals(16, Base64.getDecoder().decode(key).length);
            keys.add(key);
        }

        assertEquals(100, keys.size());
    }

    @Test
    void shouldKeepTheAnswerWhereTheHandlerFindsItWhenItIsRefused() {
        final Connection connection = OpeningTest.connection();
        final ClientOpening client = OpeningTest.client(new WebSocketContext());
        client.begin(connection);
        OpeningTest.dropByDrop(
                client, OpeningTest.bytes("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n\r\n"));

        assertEquals(CloseReason.UPGRADE_REFUSED, client.refusal().orElseThrow().reason());
        final HttpResponse response = connection.attributes().get(WebSocket.RESPONSE);
        assertEquals(401, response.status());
        assertEquals(Optional.of("Basic"), response.fields().first("www-authenticate"));
        assertEquals(client.request, connection.attributes().get(WebSocket.REQUEST));
    }

    @Test
    void shouldSayWhereItWasSentInstead() {
        final ClientOpening client = OpeningTest.client(new WebSocketContext());
        OpeningTest.dropByDrop(client, OpeningTest.bytes("HTTP/1.1 302 Found\r\nLocation: /other\r\n\r\n"));

        assertEquals(
                "WebSocket handshake refused: status=302 location=/other",
                client.refusal().orElseThrow().getMessage());
    }

    @Test
    void shouldRefuseAnAnswerThatDoesNotFitIntoTheAttributes() {
        final ClientOpening client = OpeningTest.client(new WebSocketContext().maxHeadLength(1024 * 1024));
        client.begin(OpeningTest.connection());
        final String more = ("A: " + "a".repeat(4000) + "\r\n").repeat(9);
        OpeningTest.dropByDrop(
                client, OpeningTest.bytes(OpeningTest.answerTo(client).replace("\r\n\r\n", "\r\n" + more + "\r\n")));

        assertEquals(CloseReason.UPGRADE_FAILED, client.refusal().orElseThrow().reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws:///chat", "ws://under_score/", "ws://user:secret@h/"})
    void shouldRefuseToAskWhenAUriNamesNoHostOrAUser(final String uri) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new ClientOpening(new WebSocketContext(), URI.create(uri), new SecureRandom()));
    }

    @ParameterizedTest
    @CsvSource({
        "ws://h, h",
        "ws://h:80, h",
        "ws://h:443, h:443",
        "WS://h:80/, h",
        "wss://h, h",
        "wss://h:443, h",
        "wss://h:80, h:80",
        "WSS://h:443/, h",
        "ws://h:0, h:0",
        "ws://[::1]:8080, [::1]:8080"
    })
    void shouldNameThePortUnlessTheSchemeStandsForIt(final String uri, final String host) {
        final ClientOpening client = new ClientOpening(new WebSocketContext(), URI.create(uri), new SecureRandom());

        assertEquals(Optional.of(host), client.request.host());
    }

    @Test
    void shouldAskForPathsOfAllAlphabetsInAscii() {
        final ClientOpening client =
                new ClientOpening(new WebSocketContext(), URI.create("ws://h/grü?ß=%20"), new SecureRandom());

        assertTrue(
                OpeningTest.said(client).startsWith("GET /gr%C3%BC?%C3%9F=%20 HTTP/1.1\r\n"), OpeningTest.said(client));
    }

    @Test
    void shouldRefuseToAskWithMoreThanTheAttributesHold() {
        WebSocketContext context = new WebSocketContext();
        for (int i = 0; i < 9; i++) {
            context = context.header("A", "a".repeat(4000));
        }
        final WebSocketContext much = context;

        assertThrows(IllegalArgumentException.class, () -> OpeningTest.client(much));
    }

    @Test
    void shouldAskWithAsMuchAsTheAttributesHoldAndNotALetterMore() {
        final WebSocketContext bare = new WebSocketContext();
        final long left = AttributeMap.DEFAULT_MAX_BYTES
                - OpeningTest.client(bare).request.weightBytes();
        final String most = "a".repeat((int) left / 2 - 1);
        final Connection connection = OpeningTest.connection();
        OpeningTest.client(new WebSocketContext().header("A", most)).begin(connection);

        assertEquals(
                Optional.of(most),
                connection.attributes().get(WebSocket.REQUEST).fields().first("A"));
        final WebSocketContext more = new WebSocketContext().header("A", most + "a");
        assertThrows(IllegalArgumentException.class, () -> OpeningTest.client(more));
    }

    @Test
    void shouldPassOverInterimAnswersWhereverTheyAreCut() {
        final String interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100\r\n\r\n";
        final int length = (interim + OpeningTest.answerTo(OpeningTest.client(new WebSocketContext()))).length();
        for (int cut = 0; cut <= length; cut++) {
            final ClientOpening client = OpeningTest.client(new WebSocketContext());
            final byte[] wire = OpeningTest.bytes(interim + OpeningTest.answerTo(client) + "\u0081");
            final int first = client.take(ByteBuffer.wrap(wire), 0, cut);
            final int all = client.isOpen() ? first : first + client.take(ByteBuffer.wrap(wire), first, wire.length);

            assertTrue(client.isOpen(), "cut=" + cut);
            assertEquals(wire.length - 1, all);
            assertEquals(Optional.empty(), client.responseFields.first("Link"));
        }
    }

    @Test
    void shouldRefuseAnswersThatAreInterimForEver() {
        final ClientOpening client = OpeningTest.client(new WebSocketContext().maxHeadLength(1_000));
        OpeningTest.dropByDrop(client, OpeningTest.bytes("HTTP/1.1 100 Continue\r\n\r\n".repeat(50)));

        assertEquals(CloseReason.UPGRADE_FAILED, client.refusal().orElseThrow().reason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "upgrade",
                "Connection",
                "Sec-WebSocket-Key",
                "Sec-WebSocket-Accept",
                "Sec-WebSocket-Protocol",
                "Sec-WebSocket-Extensions",
                "sec-websocket-version",
                "Transfer-Encoding",
                "a b",
                ""
            })
    void shouldRefuseHeaderFieldsOfTheHandshakesOwn(final String name) {
        final WebSocketContext context = new WebSocketContext();

        assertThrows(IllegalArgumentException.class, () -> context.header(name, "x"));
        assertThrows(IllegalArgumentException.class, () -> context.header("X", "y\r\nZ: z"));
    }

    static Stream<Arguments> badResponses() {
        return Stream.of(
                Arguments.of("status line", CloseReason.UPGRADE_FAILED, "HTTP/1.1 101", "HTTP/1.1 1x1"),
                Arguments.of("redirect", CloseReason.UPGRADE_REFUSED, "101 Switching Protocols", "302 Found"),
                Arguments.of(
                        "no status of an upgrade", CloseReason.UPGRADE_REFUSED, "101 Switching Protocols", "200 OK"),
                Arguments.of("no Upgrade", CloseReason.UPGRADE_FAILED, "Upgrade: WebSocket\r\n", ""),
                Arguments.of("other Upgrade", CloseReason.UPGRADE_FAILED, "Upgrade: WebSocket", "Upgrade: h2c"),
                Arguments.of("no Connection", CloseReason.UPGRADE_FAILED, "Connection: upgrade\r\n", ""),
                Arguments.of(
                        "other Connection",
                        CloseReason.UPGRADE_FAILED,
                        "Connection: upgrade",
                        "Connection: keep-alive"),
                Arguments.of("no Accept", CloseReason.UPGRADE_FAILED, "Sec-WebSocket-Accept", "X"),
                Arguments.of("other Accept", CloseReason.UPGRADE_FAILED, "Accept: ", "Accept: a"),
                Arguments.of(
                        "sub-protocol that was not offered",
                        CloseReason.UPGRADE_FAILED,
                        "\r\n\r\n",
                        "\r\nSec-WebSocket-Protocol: v9\r\n\r\n"),
                Arguments.of(
                        "two sub-protocols",
                        CloseReason.UPGRADE_FAILED,
                        "\r\n\r\n",
                        "\r\nSec-WebSocket-Protocol: v1\r\nSec-WebSocket-Protocol: v1\r\n\r\n"),
                Arguments.of(
                        "extension that was not offered",
                        CloseReason.UPGRADE_FAILED,
                        "\r\n\r\n",
                        "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badResponses")
    void shouldRefuseWhenAResponseIsNotWhatWasAskedFor(
            final String what, final CloseReason reason, final String from, final String to) {
        final ClientOpening client = OpeningTest.client(new WebSocketContext().protocols("v1"));
        final String answer = OpeningTest.answerTo(client);
        OpeningTest.dropByDrop(client, OpeningTest.bytes(answer.replace(from, to)));
        final ClientOpening good = OpeningTest.client(new WebSocketContext());
        OpeningTest.dropByDrop(good, OpeningTest.bytes(OpeningTest.answerTo(good)));

        assertFalse(client.isOpen());
        assertEquals(reason, client.refusal().orElseThrow().reason());
        assertTrue(good.isOpen());
    }
}
