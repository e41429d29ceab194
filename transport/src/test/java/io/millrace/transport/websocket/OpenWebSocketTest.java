package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.Connection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is offered on a WebSocket, and in which form it goes out. */
class OpenWebSocketTest {
    private static final WebSocketContext PLAIN = new WebSocketContext();
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";
    private static final ByteBuffer NOT_UTF8 = ByteBuffer.wrap(new byte[] {(byte) 0xFF});

    private static ByteBuffer utf8(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertSent(final EndRig rig, final int form, final String... contents) {
        assertEquals(
                List.of(contents),
                rig.link.lane(form).messages.stream()
                        .map(each -> new String(each, StandardCharsets.UTF_8))
                        .toList(),
                "form=" + form);
    }

    private static EndRig compressing(final boolean isServer, final String parameters) {
        final EndRig rig = new EndRig(isServer, new WebSocketContext().deflate(new DeflateContext().minLength(10)));
        rig.shake(DEFLATE + parameters + "\r\n");
        return rig;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSendEachKindInItsForm(final boolean isServer) {
        final EndRig rig = EndRig.open(isServer, PLAIN);
        final WebSocket webSocket = rig.webSocket();
        assertEquals(1, webSocket.offerText("grüß"));
        assertEquals(2, webSocket.offerText(utf8("-Gott-").position(1).limit(5)));
        assertEquals(1, webSocket.offerBinary(utf8("-b-").position(1).limit(2)));
        assertEquals(1, webSocket.ping(utf8("-p-").position(1).limit(2)));
        assertEquals(1, webSocket.pong(utf8("-q-").position(1).limit(2)));

        assertSent(rig, FrameForms.TEXT, "grüß", "Gott");
        assertSent(rig, FrameForms.BINARY, "b");
        assertSent(rig, FrameForms.PING, "p");
        assertSent(rig, FrameForms.PONG, "q");
        assertSame(rig.link.lane(FrameForms.TEXT), webSocket.texts());
        assertSame(rig.link.lane(FrameForms.BINARY), webSocket.binaries());
        assertSame(rig.link.connection(), webSocket.connection());
        assertFalse(webSocket.isCompressed());
    }

    @Test
    void shouldRefuseTextThatIsNoText() {
        final EndRig rig = EndRig.open(true, PLAIN);
        for (final String half : new String[] {"half \uD83D of a pair", "\uDE00"}) {
            assertThrows(IllegalArgumentException.class, () -> rig.webSocket().offerText(half));
        }
        rig.webSocket().offerText("a pair: \uD83D\uDE00");
        assertSent(rig, FrameForms.TEXT, "a pair: \uD83D\uDE00");
    }

    @Test
    void shouldSayWhatItsLanesSay() {
        final EndRig rig = EndRig.open(true, PLAIN);
        for (final int form : new int[] {FrameForms.TEXT, FrameForms.BINARY, FrameForms.PING, FrameForms.PONG}) {
            rig.link.lane(form).refusal = -10L - form;
        }

        assertEquals(-10 - FrameForms.TEXT, rig.webSocket().offerText("t"));
        assertEquals(-10 - FrameForms.BINARY, rig.webSocket().offerBinary(utf8("b")));
        assertEquals(-10 - FrameForms.PING, rig.webSocket().ping(utf8("p")));
        assertEquals(-10 - FrameForms.PONG, rig.webSocket().pong(utf8("p")));
    }

    @Test
    void shouldSendFragmentsOfBothKindsAndCheckTextAlone() {
        final EndRig rig = EndRig.open(true, PLAIN);
        final FragmentedMessage text = rig.webSocket().newText().orElseThrow();
        assertThrows(IllegalArgumentException.class, () -> text.offer(NOT_UTF8, 0, 1, false));
        text.offer(utf8("t"), 0, 1, false);
        rig.webSocket().newBinary().orElseThrow().offer(NOT_UTF8, 0, 1, false);
        assertEquals(List.of(FrameForms.FIRST_TEXT + " t", FrameForms.FIRST_BINARY + " ÿ"), rig.link.fragments.sent);
        rig.link.isHeld = true;
        assertEquals(Optional.empty(), rig.webSocket().newText());
        assertEquals(Optional.empty(), rig.webSocket().newBinary());
    }

    @Test
    void shouldNotLookAtFragmentsOfTextIfItIsNotTo() {
        final EndRig rig = EndRig.open(true, new WebSocketContext().checkSentText(false));

        assertEquals(1, rig.webSocket().newText().orElseThrow().offer(NOT_UTF8, 0, 1, false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCompressWhatIsLongEnough(final boolean isServer) {
        final EndRig rig = compressing(isServer, "");
        final String words = "said again, ".repeat(20);
        assertTrue(rig.webSocket().isCompressed());
        rig.webSocket().offerText(words);
        rig.webSocket().offerText("short");
        rig.webSocket().offerBinary(utf8(words));
        rig.webSocket().offerBinary(utf8("short"));

        assertSent(rig, FrameForms.TEXT, "short");
        assertSent(rig, FrameForms.BINARY, "short");
        assertEquals(1, rig.link.lane(FrameForms.DEFLATED_TEXT).messages.size());
        assertTrue(rig.link.lane(FrameForms.DEFLATED_TEXT).messages.get(0).length < 50);
        assertEquals(1, rig.link.lane(FrameForms.DEFLATED_BINARY).messages.size());
    }

    @Test
    void shouldSayWhatTheCompressedLaneSays() {
        final EndRig rig = compressing(true, "");
        rig.link.lane(FrameForms.DEFLATED_TEXT).refusal = Connection.BACK_PRESSURED;
        rig.link.lane(FrameForms.DEFLATED_BINARY).refusal = Connection.ADMIN_ACTION;

        assertEquals(Connection.BACK_PRESSURED, rig.webSocket().offerText("long enough to be compressed"));
        assertEquals(Connection.ADMIN_ACTION, rig.webSocket().offerBinary(utf8("long enough to be compressed")));
    }

    /** What is random shrinks only by referring to where it was before. */
    private static boolean refersTo(final EndRig rig, final int gap) {
        final byte[] content = new byte[100 + gap];
        new Random(5).nextBytes(content);
        final FakeLane lane = rig.link.lane(FrameForms.DEFLATED_BINARY);
        rig.webSocket().offerBinary(ByteBuffer.wrap(content));
        rig.webSocket().offerBinary(ByteBuffer.wrap(content, 0, 100));
        return lane.messages.get(lane.messages.size() - 1).length < 50;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKeepToItsOwnTermsAndNotToThePeers(final boolean isServer) {
        final String own = isServer ? "server" : "client";
        final String peers = isServer ? "client" : "server";

        assertFalse(refersTo(compressing(isServer, "; " + own + "_no_context_takeover"), 0));
        assertTrue(refersTo(compressing(isServer, "; " + peers + "_no_context_takeover"), 0));
        assertFalse(refersTo(compressing(isServer, "; " + own + "_max_window_bits=8"), 300));
        assertTrue(refersTo(compressing(isServer, "; " + peers + "_max_window_bits=8"), 300));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLookAtTextThatIsCompressedUnlessItIsNotTo(final boolean checks) {
        final EndRig rig = new EndRig(
                true, new WebSocketContext().deflate(new DeflateContext()).checkSentText(checks));
        rig.shake(DEFLATE + "\r\n");
        final ByteBuffer bad = ByteBuffer.allocate(500).put(499, (byte) 0xC3);
        if (checks) {
            assertThrows(IllegalArgumentException.class, () -> rig.webSocket().offerText(bad));
        } else {
            assertEquals(1, rig.webSocket().offerText(bad));
        }
    }

    @Test
    void shouldCompressNothingMoreAfterTheEnd() {
        final EndRig rig = compressing(true, "");
        rig.end.end();
        rig.webSocket().offerText("long enough to be compressed");

        assertSent(rig, FrameForms.TEXT, "long enough to be compressed");
    }

    @Test
    void shouldKnowWhatWasSaidWhenItOpened() {
        final EndRig server = new EndRig(
                true,
                new WebSocketContext()
                        .protocols("v1")
                        .upgradeHook(request -> HttpAnswer.upgrade().header("X", "y")));
        server.shake("Sec-WebSocket-Protocol: v1\r\n");
        final EndRig client = new EndRig(false, new WebSocketContext().protocols("v1"));
        client.shake("Sec-WebSocket-Protocol: v1\r\nX: z\r\n");

        assertEquals("/chat", server.webSocket().request().path());
        assertEquals("/chat", client.webSocket().request().path());
        assertEquals(Optional.of("y"), server.webSocket().responseFields().first("X"));
        assertEquals(Optional.of("z"), client.webSocket().responseFields().first("X"));
        assertEquals(Optional.of("v1"), server.webSocket().protocol());
        assertEquals(Optional.of("v1"), client.webSocket().protocol());
        assertEquals("WebSocket path=/chat fake", server.webSocket().toString());
    }

    @Test
    void shouldNotCloseByWhatMayNotBeSaid() {
        final EndRig rig = EndRig.open(true, PLAIN);
        assertThrows(IllegalArgumentException.class, () -> rig.webSocket().close(1005, ""));
        assertThrows(IllegalArgumentException.class, () -> rig.webSocket().close(1000, "r".repeat(124)));
        assertFalse(rig.link.isClosed);
        rig.webSocket().close();

        assertTrue(rig.link.isClosed);
        assertArrayEquals(
                new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xE8},
                rig.end.farewell().array());
    }
}
