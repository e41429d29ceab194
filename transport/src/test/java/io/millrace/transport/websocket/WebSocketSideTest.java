package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.ConnectionContext;
import io.millrace.transport.frame.LengthPrefixProtocol;
import java.net.URI;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a URI and a connection's settings make of the WebSockets of one side. */
class WebSocketSideTest {
    private static final WebSocketContext CONTEXT = new WebSocketContext();

    private static WebSocketSide server(final String uri) {
        return WebSocketSide.server(URI.create(uri), CONTEXT, new ConnectionContext().conclude());
    }

    private static WebSocketSide client(final String uri) {
        return WebSocketSide.client(URI.create(uri), CONTEXT, new ConnectionContext().conclude());
    }

    @ParameterizedTest
    @CsvSource({"ws, true", "wss, true", "tcp, false", "tls, false", "http, false"})
    void shouldKnowItsSchemes(final String scheme, final boolean isWebSocket) {
        assertEquals(isWebSocket, WebSocketSide.isWebSocket(scheme));
    }

    @ParameterizedTest
    @CsvSource({"ws://h, true", "ws://h/, true", "ws://h/chat, true", "ws://h/other, false", "ws:opaque, true"})
    void shouldLeadToAWebSocketByItsPathAlone(final String uri, final boolean leads) {
        final Opening opening = server(uri).newOpening();
        OpeningTest.dropByDrop(opening, OpeningTest.bytes(OpeningTest.REQUEST));

        assertEquals(leads, opening.isOpen());
    }

    /** RFC 9110 section 6.6.1. */
    @Test
    void shouldAnswerWithADate() {
        final Opening opening = server("ws://h/other").newOpening();
        OpeningTest.dropByDrop(opening, OpeningTest.bytes(OpeningTest.REQUEST));

        assertTrue(OpeningTest.said(opening).contains("\r\nDate: "), OpeningTest.said(opening));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://h/?q", "ws://h/#f"})
    void shouldNotListenWithAQueryOrAFragment(final String uri) {
        assertThrows(IllegalArgumentException.class, () -> server(uri));
    }

    @Test
    void shouldAskForPathAndQueryAndForNoFragment() {
        assertTrue(OpeningTest.said(client("ws://h/p?q").newOpening()).startsWith("GET /p?q HTTP/1.1\r\n"));
        assertThrows(IllegalArgumentException.class, () -> client("ws://h/p#f"));
    }

    @Test
    void shouldMaskAsAClientAlone() {
        assertTrue(client("ws://h").forms().get(FrameForms.TEXT).toString().contains("masked=true"));
        assertTrue(server("ws://h").forms().get(FrameForms.TEXT).toString().contains("masked=false"));
        assertTrue(server("ws://h").isServer());
        assertFalse(client("ws://h").isServer());
    }

    @Test
    void shouldTakeMessagesAsLongAsTheConnection() {
        final ConnectionContext settings =
                new ConnectionContext().maxMessageLength(99).conclude();

        assertEquals(
                99,
                WebSocketSide.server(URI.create("ws://h"), CONTEXT, settings).maxMessageLength());
        assertEquals(
                99,
                WebSocketSide.client(URI.create("ws://h"), CONTEXT, settings)
                        .forms()
                        .get(FrameForms.BINARY)
                        .maxMessageLength());
    }

    @Test
    void shouldCheckTextThatIsSentUnlessItIsNotTo() {
        final byte[] bad = {(byte) 0xFF};
        assertThrows(
                IllegalArgumentException.class,
                () -> server("ws://h").forms().get(FrameForms.TEXT).frame(bad));
        final ByteBuffer frame = WebSocketSide.server(
                        URI.create("ws://h"),
                        new WebSocketContext().checkSentText(false),
                        new ConnectionContext().conclude())
                .forms()
                .get(FrameForms.TEXT)
                .frame(bad);

        assertEquals(3, frame.remaining());
    }

    private static void assertRefused(final ConnectionContext settings) {
        final URI uri = URI.create("ws://h");
        assertThrows(IllegalArgumentException.class, () -> WebSocketSide.server(uri, CONTEXT, settings));
        assertThrows(IllegalArgumentException.class, () -> WebSocketSide.client(uri, CONTEXT, settings));
    }

    @Test
    void shouldRefuseSettingsThatDoNotSuitIt() {
        assertRefused(
                new ConnectionContext().protocol(new LengthPrefixProtocol(100)).conclude());
        assertRefused(new ConnectionContext().pullCapacity(1 << 20).conclude());
    }
}
