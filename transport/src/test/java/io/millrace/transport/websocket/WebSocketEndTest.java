package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.IdleKind;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One end between its connection and its handler, without a connection. */
class WebSocketEndTest {
    private static final WebSocketContext PLAIN = new WebSocketContext();
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";
    private static final String CRLF = "\r\n";

    /** Of a frame that a server, or a client, sends. */
    private static byte[] payload(final boolean isServer, final ByteBuffer frame) {
        final int start = isServer ? 2 : 6;
        final ByteBuffer copy = ByteBuffer.allocate(frame.remaining()).put(0, frame, 0, frame.remaining());
        if (!isServer) {
            Masking.apply(copy, start, copy.capacity() - start, copy.getInt(2), 0);
        }
        return FakeLane.copy(copy, start, copy.capacity() - start);
    }

    private static CloseFrame farewell(final EndRig rig, final boolean isServer) {
        final ByteBuffer frame = rig.end.farewell();
        assertEquals(0x88, frame.get(frame.position()) & 0xFF);
        final byte[] said = payload(isServer, frame);
        return CloseFrame.parse(ByteBuffer.wrap(said), 0, said.length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellItsHandlerWhatComes(final boolean isServer) {
        final EndRig rig = EndRig.open(isServer, PLAIN);
        rig.receive(0x81, "grüß Gott");
        rig.receive(0x82, "b");
        rig.receive(0x01, "one, ");
        rig.receive(0x89, "ping");
        rig.receive(0x80, "two");
        rig.receive(0x8A, "pong");
        rig.end.onWritable(rig.link.connection());
        rig.end.onSlowConsumer(rig.link.connection());
        rig.end.onIdle(rig.link.connection(), IdleKind.WRITE);

        assertEquals(
                List.of(
                        "open",
                        "text grüß Gott",
                        "binary b",
                        "ping ping",
                        "text one, two",
                        "pong pong",
                        "writable",
                        "slow",
                        "idle WRITE"),
                rig.events);
        assertFalse(rig.end.isPeerEnded());
    }

    @Test
    void shouldHandOverPiecesIfItIsTo() {
        final EndRig rig = EndRig.open(true, new WebSocketContext().handOverPieces(true));
        rig.receive(0x01, "one");
        rig.receive(0x80, "two");
        rig.receive(0x82, "b");

        assertEquals(List.of("open", "piece text one", "last text two", "last binary b"), rig.events);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldBeOpenOnceThePeersHeadIsThere(final boolean isServer) {
        final EndRig rig = new EndRig(isServer, PLAIN);
        assertSame(rig.end, rig.end.conversation().orElseThrow());
        assertFalse(rig.end.isOpen());
        assertNull(rig.webSocket());
        final int taken = rig.shake("");
        final WebSocket webSocket = rig.webSocket();

        assertTrue(taken > 0);
        assertTrue(rig.end.isOpen());
        assertEquals(Optional.empty(), rig.end.refusal());
        assertEquals("/chat", webSocket.request().path());
        assertEquals(webSocket.request(), rig.link.connection().attributes().get(WebSocket.REQUEST));
        assertEquals(!isServer, rig.end.leavesEndToPeer());
        assertTrue(rig.end.opening().hasRemaining());
    }

    @Test
    void shouldSayWhyItWillNeverBeOpenAndTellOfTheFailure() {
        final EndRig rig = new EndRig(true, PLAIN);
        rig.shake("Host: another\r\n");
        rig.end.end();
        rig.end.onClose(rig.link.connection(), EndRig.report(CloseReason.UPGRADE_FAILED));

        assertFalse(rig.end.isOpen());
        assertEquals(CloseReason.UPGRADE_FAILED, rig.end.refusal().orElseThrow().reason());
        assertEquals(List.of("failed UPGRADE_FAILED"), rig.events);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerPingsBeforeItTellsOfThem(final boolean isServer) {
        final EndRig rig = EndRig.open(isServer, PLAIN);
        rig.receive(0x89, "ping");
        final ByteBuffer pong = ByteBuffer.wrap(rig.link.controls.get(0));

        assertEquals(0x8A, pong.get(0) & 0xFF);
        assertArrayEquals("ping".getBytes(StandardCharsets.US_ASCII), payload(isServer, pong));
        assertEquals(1, rig.link.controls.size());
        assertTrue(rig.end.isControl(FrameForms.PONG));
        assertFalse(rig.end.isControl(FrameForms.BINARY));
    }

    @Test
    void shouldEndWhenPingsAreTooMany() {
        final EndRig rig = EndRig.open(true, new WebSocketContext().maxPingsPerSecond(2));
        rig.receive(0x89, "1");
        rig.receive(0x89, "2");
        final ProtocolException flood = assertThrows(ProtocolException.class, () -> rig.receive(0x89, "3"));
        assertEquals(CloseReason.PING_FLOOD, flood.reason());
        rig.link.nowNs += 1_000_000_000;
        rig.receive(0x89, "4");

        assertEquals(List.of("open", "ping 1", "ping 2", "ping 4"), rig.events);
    }

    @Test
    void shouldEndWhenThePeerPingsAndDoesNotReadTheAnswersUnlessItIsClosing() {
        final EndRig rig = EndRig.open(true, PLAIN);
        rig.link.isFull = true;
        final ProtocolException flood = assertThrows(ProtocolException.class, () -> rig.receive(0x89, "1"));
        assertEquals(CloseReason.PING_FLOOD, flood.reason());
        rig.link.isClosed = true;
        rig.receive(0x89, "2");

        assertEquals(List.of("open", "ping 2"), rig.events);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldMeasureTheAnswersToItsHeartbeatsAndTellNobodyOfThem(final boolean isServer) {
        final EndRig rig = EndRig.open(isServer, PLAIN);
        assertEquals(-1, rig.webSocket().roundTripNs());
        rig.link.nowNs = 100;
        final ByteBuffer beat = rig.heartbeat();
        assertEquals(0x89, beat.get(0) & 0xFF);
        rig.link.nowNs = 350;
        rig.receive(0x8A, payload(isServer, beat));

        assertEquals(250, rig.webSocket().roundTripNs());
        assertEquals(List.of("open"), rig.events);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerThePeersCloseFrameAndTakeNothingBehindIt(final boolean isServer) {
        final EndRig rig = EndRig.open(isServer, PLAIN);
        rig.webSocket().close(4001, "ours");
        rig.receive(0x88, HexFormat.of().parseHex("0fa2627965"));
        assertTrue(rig.end.isPeerEnded());
        rig.receive(0x81, "late");
        rig.end.onClose(rig.link.connection(), EndRig.report(CloseReason.PEER_CLOSE));

        assertEquals(new CloseFrame(4002, "bye"), farewell(rig, isServer));
        assertEquals(List.of("open", "closed 4002 bye PEER_CLOSE"), rig.events);
    }

    @Test
    void shouldStopBehindAControlFrameIfTheConnectionDoesSo() {
        final EndRig rig = EndRig.open(true, PLAIN);
        final byte[] ping = rig.frame(0x89, (byte) 'i');
        final byte[] pong = rig.frame(0x8A, (byte) 'o');
        assertEquals(2 * ping.length, rig.receive(ping, ping));
        assertEquals(2 * pong.length, rig.receive(pong, pong));
        rig.goesOn = false;
        assertEquals(ping.length, rig.receive(ping, ping));
        assertEquals(pong.length, rig.receive(pong, pong));

        assertEquals(List.of("open", "ping i", "ping i", "pong o", "pong o", "ping i", "pong o"), rig.events);
    }

    /** Nobody is told of it, so nobody can have stopped the connection. */
    @Test
    void shouldGoOnBehindTheAnswerToAHeartbeat() {
        final EndRig rig = EndRig.open(true, PLAIN);
        final byte[] pong = rig.frame(0x8A, payload(true, rig.heartbeat()));
        final byte[] text = rig.frame(0x81, (byte) 't');
        rig.goesOn = false;

        assertEquals(pong.length + text.length, rig.receive(pong, text));
        assertEquals(List.of("open", "text t"), rig.events);
    }

    @Test
    void shouldTakeWhatComesBehindACloseFrameForNothing() {
        final EndRig rig = EndRig.open(true, PLAIN);
        final byte[] close = rig.frame(0x88);

        assertEquals(close.length + 3, rig.receive(close, new byte[] {-1, -1, -1}));
        assertEquals(List.of("open"), rig.events);
        assertEquals(new CloseFrame(CloseCodes.NONE, ""), farewell(rig, true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellThatThereWasNoCloseFrame(final boolean isServer) {
        final EndRig rig = EndRig.open(isServer, PLAIN);
        rig.end.onClose(rig.link.connection(), EndRig.report(CloseReason.TRUNCATED));

        assertEquals(List.of("open", "closed 1006  TRUNCATED"), rig.events);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSayWhyItFailsWhateverElseWasToBeSaidAndTakeNothingMore(final boolean isServer) {
        final EndRig rig = EndRig.open(isServer, PLAIN);
        rig.webSocket().close(4001, "ours");
        rig.end.fail(CloseReason.HANDLER_ERROR);
        rig.receive(0x81, "late");

        assertEquals(new CloseFrame(CloseCodes.INTERNAL_ERROR, "the handler threw"), farewell(rig, isServer));
        assertEquals(List.of("open"), rig.events);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSayWhatTheFirstWhoClosesWants(final boolean isServer) {
        final EndRig rig = EndRig.open(isServer, PLAIN);
        rig.webSocket().close(4001, "first");
        assertTrue(rig.link.isClosed);
        rig.webSocket().close();
        rig.end.leave();

        assertEquals(new CloseFrame(4001, "first"), farewell(rig, isServer));
    }

    @Test
    void shouldSayThatAllIsWellUnlessItGoesAway() {
        final EndRig closed = EndRig.open(true, PLAIN);
        assertEquals(new CloseFrame(CloseCodes.NORMAL, ""), farewell(closed, true));
        closed.webSocket().close();
        assertEquals(new CloseFrame(CloseCodes.NORMAL, ""), farewell(closed, true));
        final EndRig leaving = EndRig.open(true, PLAIN);
        leaving.end.leave();
        assertEquals(new CloseFrame(CloseCodes.GOING_AWAY, ""), farewell(leaving, true));
    }

    /** RFC 7692 section 7.2.3.2. */
    private static final byte[] HELLO = HexFormat.of().parseHex("f248cdc9c90700");

    private static final byte[] HELLO_AGAIN = HexFormat.of().parseHex("f200110000");

    private static EndRig inflating(final boolean isServer, final String fields) {
        final EndRig rig = new EndRig(isServer, new WebSocketContext().deflate(new DeflateContext()));
        rig.shake(fields);
        rig.receive(0xC1, HELLO);
        return rig;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldInflateIfThatWasAgreedOnAndForgetAtTheEnd(final boolean isServer) {
        final EndRig rig = inflating(isServer, DEFLATE + CRLF);
        rig.receive(0xC1, HELLO_AGAIN);
        rig.end.end();

        assertEquals(List.of("text Hello", "text Hello"), rig.events);
        assertThrows(ProtocolException.class, () -> rig.receive(0xC1, HELLO_AGAIN));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldForgetBetweenMessagesIfThePeerDoes(final boolean isServer) {
        final String server = DEFLATE + "; server_no_context_takeover" + CRLF;
        final String client = DEFLATE + "; client_no_context_takeover" + CRLF;
        inflating(isServer, isServer ? server : client).receive(0xC1, HELLO_AGAIN);
        final EndRig forgetful = inflating(isServer, isServer ? client : server);

        assertThrows(ProtocolException.class, () -> forgetful.receive(0xC1, HELLO_AGAIN));
    }

    @Test
    void shouldLetGoOfWhatHasComeOfAMessageAtTheEnd() {
        final EndRig rig = EndRig.open(true, PLAIN);
        rig.receive(0x01, "one, ");
        rig.end.end();
        rig.receive(0x80, "two");

        assertEquals(List.of("open", "text two"), rig.events);
    }
}
