package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.BroadcastRing;
import io.millrace.ring.Memory;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.SlowConsumerPolicy;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a publisher into the rings of its subscribers, of which one turn after the other is taken by hand. */
class WebSocketBroadcastTest {
    private static final int CAPACITY = 4_096;
    private static final int MAX_MESSAGE_LENGTH = 100;

    private final WebSocketBroadcast broadcast = new WebSocketBroadcast(CAPACITY, MAX_MESSAGE_LENGTH);
    private final EndRig rig = subscriber();

    private EndRig subscriber() {
        final EndRig subscribed = EndRig.open(true, new WebSocketContext());
        broadcast.subscribe(subscribed.webSocket());
        return subscribed;
    }

    private static FakeLane lane(final EndRig of) {
        return of.link.lane(FrameForms.ENCODED);
    }

    private static List<String> frames(final EndRig of) {
        return lane(of).messages.stream()
                .map(each -> new String(each, StandardCharsets.ISO_8859_1))
                .toList();
    }

    private long publish(final String text) {
        final ByteBuffer utf8 = ByteBuffer.wrap(("-" + text).getBytes(StandardCharsets.UTF_8));
        return broadcast.offerText(utf8, 1, utf8.limit() - 1);
    }

    private static void assertSlow(final EndRig of, final String detail) {
        final ProtocolException slow = assertThrows(ProtocolException.class, of.end::poll);
        assertEquals(CloseReason.SLOW_CONSUMER, slow.reason());
        assertTrue(slow.getMessage().contains(detail), slow.getMessage());
    }

    @Test
    void shouldBringFramesToEachSubscriberAsTheyAre() {
        final EndRig other = subscriber();
        assertEquals(2, broadcast.subscribers());
        assertEquals(3, publish("t"));
        assertEquals(6, broadcast.offerBinary(ByteBuffer.wrap(new byte[] {0, 'b', 0}), 1, 1));
        for (final EndRig each : List.of(rig, other)) {
            assertEquals(2, each.link.wakes);
            assertTrue(each.end.needsTurn());
            assertEquals(2, each.end.poll());
            assertFalse(each.end.needsTurn());
            assertEquals(0, each.end.poll());
            assertEquals(List.of("\u0081\u0001t", "\u0082\u0001b"), frames(each));
        }
        assertEquals(0, broadcast.missed());
    }

    /** The one before lives on: it serves another connection. */
    @Test
    void shouldBringFramesOnAnotherThreadWhenTheConnectionHasOne() throws Exception {
        publish("a");
        final CompletableFuture<Integer> first = new CompletableFuture<>();
        final CompletableFuture<Void> over = new CompletableFuture<>();
        final Thread before = new Thread(() -> {
            first.complete(rig.end.poll());
            over.join();
        });
        before.start();
        assertEquals(1, first.get(30, TimeUnit.SECONDS));
        publish("b");
        rig.end.attach();
        assertEquals(1, rig.end.poll());
        over.complete(null);
        before.join();
    }

    @Test
    void shouldBringTheMessagesOfSeveralBroadcasts() {
        final WebSocketBroadcast second = new WebSocketBroadcast(CAPACITY, MAX_MESSAGE_LENGTH);
        second.subscribe(rig.webSocket());
        second.offerText(ByteBuffer.wrap(new byte[] {'2'}), 0, 1);
        assertTrue(rig.end.needsTurn());
        publish("1");

        assertEquals(2, rig.end.poll());
        assertEquals(List.of("\u0081\u00011", "\u0081\u00012"), frames(rig));
        broadcast.unsubscribe(rig.webSocket());
        assertEquals(0, broadcast.subscribers());
        assertEquals(1, second.subscribers());
    }

    @Test
    void shouldSubscribeOnceAndFromThereOn() {
        publish("before");
        final EndRig late = subscriber();
        broadcast.subscribe(late.webSocket());
        publish("after");
        late.end.poll();

        assertEquals(2, broadcast.subscribers());
        assertEquals(List.of("\u0081\u0005after"), frames(late));
    }

    @Test
    void shouldSubscribeOnceThoughAnotherThreadDoesSoMeanwhile() {
        final OpenWebSocket webSocket =
                (OpenWebSocket) EndRig.open(true, new WebSocketContext()).webSocket();
        final BroadcastRing ring = new BroadcastRing(CAPACITY, MAX_MESSAGE_LENGTH, Memory.HEAP);
        webSocket.subscribe(broadcast, link -> {
            broadcast.subscribe(webSocket);
            return new Subscription(broadcast, ring.newReader(), link, new AtomicLong());
        });
        publish("1");

        assertEquals(2, broadcast.subscribers());
        assertEquals(1, webSocket.poll());
    }

    @Test
    void shouldBringNothingMoreOnceUnsubscribed() {
        final EndRig other = subscriber();
        publish("1");
        broadcast.unsubscribe(rig.webSocket());
        broadcast.unsubscribe(rig.webSocket());
        publish("2");

        assertEquals(1, broadcast.subscribers());
        assertEquals(0, rig.end.poll());
        assertEquals(1, rig.link.wakes);
        assertEquals(2, other.end.poll());
    }

    @Test
    void shouldForgetASubscriberThatEnds() {
        rig.end.end();

        assertEquals(0, broadcast.subscribers());
    }

    @Test
    void shouldNotSubscribeOneThatIsClosed() {
        final EndRig closed = EndRig.open(true, new WebSocketContext());
        closed.link.isClosed = true;
        broadcast.subscribe(closed.webSocket());
        publish("1");

        assertEquals(1, broadcast.subscribers());
        assertEquals(0, closed.end.poll());
    }

    @Test
    void shouldRefuseAClientAndOneThatTakesShorterMessagesAndAForeignOne() {
        final WebSocketBroadcast longest = new WebSocketBroadcast(CAPACITY, EndRig.MAX_MESSAGE_LENGTH);
        longest.subscribe(rig.webSocket());
        final WebSocketBroadcast longer = new WebSocketBroadcast(CAPACITY, EndRig.MAX_MESSAGE_LENGTH + 1);
        final EndRig client = EndRig.open(false, new WebSocketContext());
        final WebSocket foreign = (WebSocket) Proxy.newProxyInstance(
                WebSocketBroadcastTest.class.getClassLoader(),
                new Class<?>[] {WebSocket.class},
                (proxy, method, arguments) -> "foreign");

        assertThrows(IllegalArgumentException.class, () -> longer.subscribe(rig.webSocket()));
        assertThrows(IllegalArgumentException.class, () -> broadcast.subscribe(client.webSocket()));
        assertThrows(IllegalArgumentException.class, () -> broadcast.subscribe(foreign));
        broadcast.unsubscribe(foreign);
        assertEquals(1, broadcast.subscribers());
        assertEquals(1, longest.subscribers());
    }

    @Test
    void shouldHaveAtMostHalfItsCapacityForOneMessage() {
        new WebSocketBroadcast(CAPACITY, CAPACITY / 2).close();
        assertThrows(IllegalArgumentException.class, () -> new WebSocketBroadcast(CAPACITY, CAPACITY / 2 + 1));
        assertThrows(IllegalArgumentException.class, () -> new WebSocketBroadcast(CAPACITY, 0));
    }

    @Test
    void shouldPublishNothingThatIsTooLongOrNoText() {
        final ByteBuffer content = ByteBuffer.allocate(MAX_MESSAGE_LENGTH + 1).put(0, (byte) 0xC3);

        assertEquals(Connection.MESSAGE_TOO_LONG, broadcast.offerBinary(content, 0, MAX_MESSAGE_LENGTH + 1));
        assertThrows(IllegalArgumentException.class, () -> broadcast.offerText(content, 0, 1));
        assertFalse(rig.end.needsTurn());
        assertEquals(MAX_MESSAGE_LENGTH + 2, broadcast.offerBinary(content, 0, MAX_MESSAGE_LENGTH));
        assertEquals(1, rig.link.wakes);
    }

    @Test
    void shouldBringWhatWasPublishedBeforeItWasClosed() {
        publish("1");
        broadcast.close();
        assertEquals(Connection.CLOSED, publish("2"));
        rig.end.poll();

        assertEquals(List.of("\u0081\u00011"), frames(rig));
        assertEquals(1, rig.link.wakes);
    }

    @Test
    void shouldMoveSoMuchInATurnAndNoMore() {
        for (int i = 0; i < 100; i++) {
            publish("x");
        }

        assertEquals(64, rig.end.poll());
        assertTrue(rig.end.needsTurn());
        assertEquals(36, rig.end.poll());
    }

    @ParameterizedTest
    @ValueSource(longs = {Connection.BACK_PRESSURED, Connection.ADMIN_ACTION})
    void shouldKeepAFrameThatFindsNoRoomAndTheOthersBehindIt(final long refusal) {
        lane(rig).refusal = refusal;
        publish("1");
        publish("2");
        assertEquals(1, rig.end.poll());
        assertFalse(rig.end.needsTurn(), "what waits for room hears of it otherwise");
        assertEquals(0, rig.end.poll());
        lane(rig).refusal = 0;

        assertEquals(2, rig.end.poll());
        assertEquals(List.of("\u0081\u00011", "\u0081\u00012"), frames(rig));
        assertEquals(0, broadcast.missed());
    }

    @Test
    void shouldCountWhatIsDroppedAndNotWhatComesTooLate() {
        lane(rig).refusal = Connection.DROPPED;
        publish("1");
        publish("2");
        assertEquals(2, rig.end.poll());
        assertEquals(2, broadcast.missed());
        lane(rig).refusal = Connection.CLOSED;
        publish("3");
        assertEquals(1, rig.end.poll());

        assertEquals(2, broadcast.missed());
        assertEquals("broadcast subscribers=1 missed=2", broadcast.toString());
    }

    private void flood() {
        final String text = "x".repeat(MAX_MESSAGE_LENGTH);
        IntStream.range(0, CAPACITY / MAX_MESSAGE_LENGTH + 10).forEach(i -> publish(text));
    }

    @ParameterizedTest
    @EnumSource(names = {"REPORT", "DROP_NEWEST"})
    void shouldGoOnBehindTheGapAndCountItWhenOvertaken(final SlowConsumerPolicy policy) {
        rig.link.policy = policy;
        flood();
        final int moved = rig.end.poll();

        assertTrue(moved > 0);
        assertEquals(CAPACITY / MAX_MESSAGE_LENGTH + 10, moved + broadcast.missed());
        assertEquals(moved, frames(rig).size());
    }

    @Test
    void shouldEndTheConnectionWhenOvertakenIfThatIsItsPolicy() {
        rig.link.policy = SlowConsumerPolicy.DISCONNECT;
        flood();

        assertSlow(rig, "overtaken by a broadcast: missed=");
        assertTrue(broadcast.missed() > 0);
    }

    @Test
    void shouldEndTheConnectionWhenOvertakenWhileAMessageWaitsIfThatIsItsPolicy() {
        rig.link.policy = SlowConsumerPolicy.DISCONNECT;
        lane(rig).refusal = Connection.BACK_PRESSURED;
        publish("1");
        rig.end.poll();
        rig.end.poll();
        flood();

        assertSlow(rig, "while a message waits: length=3");
    }

    @Test
    void shouldCountTheGapBehindAMessageThatFoundRoomBeforeItEndsTheConnection() {
        rig.link.policy = SlowConsumerPolicy.DISCONNECT;
        lane(rig).refusal = Connection.BACK_PRESSURED;
        publish("1");
        rig.end.poll();
        flood();
        lane(rig).refusal = 0;

        assertSlow(rig, "overtaken by a broadcast: missed=");
        assertEquals(List.of("\u0081\u00011"), frames(rig));
    }

    @Test
    void shouldKeepTheMessageThatWaitsWhenOvertakenByOthers() {
        lane(rig).refusal = Connection.BACK_PRESSURED;
        publish("1");
        rig.end.poll();
        flood();
        assertEquals(0, rig.end.poll());
        lane(rig).refusal = 0;
        rig.end.poll();

        assertEquals("\u0081\u00011", frames(rig).get(0));
        assertTrue(broadcast.missed() > 0);
    }
}
