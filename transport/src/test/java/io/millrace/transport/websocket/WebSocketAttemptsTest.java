package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.session.AttributeMap;
import io.millrace.transport.Connection;
import io.millrace.transport.ReconnectingConnection;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One handle to WebSockets that come and go: which of them it offers on, and what it answers while there is none. */
class WebSocketAttemptsTest {
    private static final String HALF_OF_A_PAIR = "\uD83D";

    private final List<WebSocket> opened = new ArrayList<>();
    private final WebSocketAttempts attempts = EndRig.side(false, new WebSocketContext())
            .attempts(new WebSocketHandler() {
                @Override
                public void onOpen(final WebSocket webSocket) {
                    opened.add(webSocket);
                }
            });

    /** What is published of the connection below. */
    private Optional<Connection> published = Optional.empty();

    private boolean isClosed;
    private final ReconnectingConnection connection = (ReconnectingConnection) Proxy.newProxyInstance(
            WebSocketAttemptsTest.class.getClassLoader(),
            new Class<?>[] {ReconnectingConnection.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "connection" -> published;
                case "isClosed" -> isClosed;
                case "close" -> {
                    isClosed = true;
                    yield null;
                }
                case "toString" -> "below";
                default -> throw new UnsupportedOperationException(method.getName());
            });
    private final ReconnectingWebSocket handle = attempts.on(connection);

    /** Every way to offer "grüß", and where it goes. */
    private enum Offer {
        STRING,
        TEXT,
        TEXT_TO_THE_LIMIT,
        BINARY,
        BINARY_TO_THE_LIMIT;

        long on(final ReconnectingWebSocket handle) {
            final ByteBuffer utf8 = ByteBuffer.wrap("-grüß-".getBytes(StandardCharsets.UTF_8));
            return switch (this) {
                case STRING -> handle.offerText("grüß");
                case TEXT -> handle.offerText(utf8, 1, 6);
                case TEXT_TO_THE_LIMIT -> handle.offerText(utf8.position(1).limit(7));
                case BINARY -> handle.offerBinary(utf8, 1, 6);
                case BINARY_TO_THE_LIMIT -> handle.offerBinary(utf8.position(1).limit(7));
            };
        }

        FakeLane lane(final EndRig rig) {
            return rig.link.lane(this == BINARY || this == BINARY_TO_THE_LIMIT ? FrameForms.BINARY : FrameForms.TEXT);
        }
    }

    /** An attempt whose WebSocket opens, before its connection is published. */
    private EndRig attempt() {
        final EndRig rig = new EndRig(attempts.next());
        rig.shake("");
        rig.end.onOpen(rig.link.connection());
        return rig;
    }

    private EndRig publishedAttempt() {
        final EndRig rig = attempt();
        published = Optional.of(rig.link.connection());
        return rig;
    }

    @Test
    void shouldMakeAnEndOfItsOwnForEachAttemptAndTellOneHandlerOfAll() {
        final EndRig first = attempt();
        final EndRig second = attempt();

        assertNotSame(first.end, second.end);
        assertEquals(List.of(first.webSocket(), second.webSocket()), opened);
    }

    @ParameterizedTest
    @EnumSource
    void shouldOfferOnTheWebSocketThatIsOpen(final Offer offer) {
        final EndRig rig = publishedAttempt();

        assertEquals(1, offer.on(handle));
        assertArrayEquals(
                "grüß".getBytes(StandardCharsets.UTF_8),
                offer.lane(rig).messages.get(0));
        assertSame(rig.webSocket(), handle.webSocket().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayWhatTheOpenWebSocketSays(final Offer offer) {
        offer.lane(publishedAttempt()).refusal = Connection.BACK_PRESSURED;

        assertEquals(Connection.BACK_PRESSURED, offer.on(handle));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeWithoutAWebSocketUntilOneIsOpenAndPublished(final Offer offer) {
        assertEquals(Connection.NOT_CONNECTED, offer.on(handle));
        final EndRig rig = attempt();
        assertEquals(Optional.empty(), handle.webSocket());
        assertEquals(Connection.NOT_CONNECTED, offer.on(handle));
        published = Optional.of(rig.link.connection());

        assertEquals(1, offer.on(handle));
    }

    /** The next attempt may begin, and even open, while the last connection is still to be seen. */
    @ParameterizedTest
    @EnumSource
    void shouldOfferNothingOnAWebSocketOfAnotherConnection(final Offer offer) {
        final EndRig first = publishedAttempt();
        final WebSocketEnd begun = attempts.next();
        assertEquals(Optional.empty(), handle.webSocket());
        assertEquals(Connection.NOT_CONNECTED, offer.on(handle));
        final EndRig second = attempt();
        assertEquals(Optional.empty(), handle.webSocket());
        assertEquals(Connection.NOT_CONNECTED, offer.on(handle));
        published = Optional.of(second.link.connection());

        assertEquals(1, offer.on(handle));
        assertEquals(1, offer.lane(second).messages.size());
        assertTrue(offer.lane(first).messages.isEmpty());
        assertNotSame(begun, second.end);
    }

    /** One WebSocket's end is not the handle's, but the handle's is for good. */
    @ParameterizedTest
    @EnumSource
    void shouldBeClosedOnceTheHandleIsClosedAndNotBefore(final Offer offer) {
        offer.lane(publishedAttempt()).refusal = Connection.CLOSED;
        assertEquals(Connection.NOT_CONNECTED, offer.on(handle));
        handle.close();
        assertTrue(isClosed);
        assertEquals(Connection.CLOSED, offer.on(handle));
        published = Optional.empty();

        assertEquals(Connection.CLOSED, offer.on(handle));
    }

    @Test
    void shouldLookAtATextOnlyWhileAWebSocketIsOpen() {
        assertEquals(Connection.NOT_CONNECTED, handle.offerText(HALF_OF_A_PAIR));
        publishedAttempt();

        assertThrows(IllegalArgumentException.class, () -> handle.offerText(HALF_OF_A_PAIR));
    }

    @Test
    void shouldRefuseAtOnceToAskForWhatNoAttemptCouldAskFor() {
        final String value = "a".repeat((int) AttributeMap.DEFAULT_MAX_BYTES);
        final WebSocketSide tooLong = EndRig.side(false, new WebSocketContext().header("A", value));

        assertThrows(IllegalArgumentException.class, () -> tooLong.attempts(new WebSocketHandler() {}));
    }

    @Test
    void shouldShowTheConnectionBelow() {
        assertSame(connection, handle.connection());
        assertEquals("WebSocket below", handle.toString());
        assertFalse(isClosed);
    }
}
