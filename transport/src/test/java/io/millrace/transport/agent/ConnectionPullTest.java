package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.IdleContext;
import io.millrace.transport.MessageHandler;
import io.millrace.transport.Waiting;
import io.millrace.transport.frame.LengthPrefixProtocol;
import io.millrace.transport.frame.LineProtocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Messages that are pulled. One thread plays the connection's part and the puller's, unless a test says otherwise. */
class ConnectionPullTest {
    private static final int RING = 1024;

    private final ConnectionRig rig = new ConnectionRig();
    private final List<Integer> pulled = new ArrayList<>();
    private final MessageHandler handler = (buffer, offset, length) -> {
        pulled.add(length);
        last = buffer;
    };
    private ByteBuffer last;

    private static ConnectionContext context() {
        return new ConnectionContext()
                .maxMessageLength(ConnectionRig.MAX_MESSAGE_LENGTH)
                .outboundCapacity(RING)
                .pullCapacity(RING)
                .waiting(Waiting.PARKING)
                .idleContext(new IdleContext().bufferIdleTimeoutNs(0))
                .closeTimeoutNs(300);
    }

    private static int[] times(final int count, final int length) {
        final int[] lengths = new int[count];
        Arrays.fill(lengths, length);
        return lengths;
    }

    private void receive(final int... lengths) {
        rig.channel.receive(ConnectionRig.frames(lengths));
    }

    private void expectNothingLeftIn(final ByteBuffer buffer) {
        for (int i = 0; i < buffer.capacity(); i++) {
            assertEquals(0, buffer.get(i), "at " + i);
        }
    }

    @Test
    void shouldGiveMessagesToThePullerAndAllElseToTheHandler() {
        final Connection connection = rig.open(context());
        assertEquals(0, connection.poll(handler, 10));
        receive(3, 1, 2);
        rig.turn();
        assertEquals(2, connection.poll(handler, 2));
        assertEquals(1, connection.poll(handler, 2));
        assertEquals(0, connection.poll(handler, 2));
        assertEquals(List.of(3, 1, 2), pulled);
        assertEquals(List.of(), rig.lengths);
        assertEquals(3, connection.counters().messagesIn());
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(1, rig.peerEnds);
        assertEquals(CloseReason.PEER_CLOSE, rig.onlyReport().reason());
    }

    @Test
    void shouldPullWhatWasSent() {
        final Connection connection = rig.open(context());
        rig.channel.receive(ByteBuffer.wrap(new byte[] {0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9}));
        rig.turn();
        final List<Byte> bytes = new ArrayList<>();
        connection.poll(
                (buffer, offset, length) -> {
                    for (int i = 0; i < length; i++) {
                        bytes.add(buffer.get(offset + i));
                    }
                },
                10);
        assertEquals(List.of((byte) 7, (byte) 8, (byte) 9), bytes);
    }

    @Test
    void shouldPullEmptyMessages() {
        final Connection connection = rig.open(context());
        connection.switchInbound(new LineProtocol(100, LineProtocol.Ending.LF));
        rig.channel.receive(ByteBuffer.wrap("\n\nab\n".getBytes(StandardCharsets.US_ASCII)));
        rig.turn();
        assertEquals(3, connection.poll(handler, 10));
        assertEquals(List.of(0, 0, 2), pulled);
    }

    // ---- back pressure ----

    @Test
    void shouldStopReadingWhenTheRingIsFullAndLoseNothing() {
        final Connection connection = rig.open(context());
        receive(times(15, 200));
        rig.turn();
        final long before = connection.counters().messagesIn();
        assertTrue(before < 5, "more than the ring holds: " + before);
        int turns = 0;
        while (pulled.size() < 15) {
            connection.poll(handler, 1);
            rig.turn();
            assertTrue(++turns < 100, "stands still at " + pulled.size());
        }
        assertEquals(15, connection.counters().messagesIn());
        assertEquals(0, connection.poll(handler, 1));
    }

    @Test
    void shouldStopWhenTheSlotsAreFullToo() {
        final Connection connection = rig.open(context());
        receive(times(100, 1));
        rig.turn();
        assertEquals(RING / 32, connection.counters().messagesIn());
        int turns = 0;
        while (pulled.size() < 100) {
            connection.poll(handler, 7);
            rig.turn();
            assertTrue(++turns < 100, "stands still at " + pulled.size());
        }
    }

    @Test
    void shouldNotWakeTheConnectionWhenItWaitsForThePeer() {
        final Connection connection = rig.open(context());
        receive(1, 2, 3);
        rig.sleep(() -> {
            assertTrue(rig.channel.readWanted);
            assertEquals(3, connection.poll(handler, 10));
        });
        assertEquals(1, rig.channel.parks);
        assertEquals(0, rig.channel.unparks);
    }

    @Test
    void shouldWakeTheConnectionOnceWhenHalfOfAFullRingIsPulled() {
        final Connection connection = rig.open(context());
        receive(times(100, 1));
        rig.sleep(() -> {
            assertFalse(rig.channel.readWanted, "woken by what it must not read");
            for (int i = 0; i < 15; i++) {
                connection.poll(handler, 1);
                assertEquals(0, rig.channel.unparks, "woken for one message");
            }
            connection.poll(handler, 1);
            assertEquals(1, rig.channel.unparks, "not woken");
            connection.poll(handler, 10);
            assertEquals(1, rig.channel.unparks, "woken twice from one sleep");
        });
        assertEquals(1, rig.channel.parks);
        rig.turn();
        assertEquals(26 + RING / 32, connection.counters().messagesIn());
    }

    @Test
    void shouldWakeTheConnectionWhenThePullersHandlerThrows() {
        final Connection connection = rig.open(context());
        receive(500, 500, 500);
        rig.sleep(() -> {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> connection.poll(
                            (buffer, offset, length) -> {
                                throw new IllegalArgumentException("thrown by the handler");
                            },
                            1));
            assertEquals(1, rig.channel.unparks);
        });
        assertEquals(1, rig.channel.parks);
        rig.turn();
        assertEquals(2, connection.poll(handler, 10), "the message counts as taken, and the third one came");
        assertFalse(connection.isClosed());
    }

    @Test
    void shouldNotSleepWhenRoomWasMadeAfterTheLastTurn() {
        final Connection connection = rig.open(context());
        receive(500, 500, 500);
        rig.turn();
        connection.poll(handler, 10);
        rig.channel.whileParked = () -> {};
        rig.agent.rest().onPlatformThread().idle(0);
        assertEquals(0, rig.channel.parks);
    }

    @Test
    void shouldNotHoldAFullRingAgainstThePeer() {
        final Connection connection = rig.open(context()
                .idleContext(new IdleContext()
                        .bufferIdleTimeoutNs(0)
                        .heartbeatIntervalNs(100)
                        .heartbeatMissedLimit(1)
                        .readIdleTimeoutNs(100)));
        receive(500, 500, 500);
        rig.turn();
        rig.pass(100);
        rig.pass(100);
        rig.pass(100);
        assertFalse(connection.isClosed());
        assertEquals(List.of(), rig.idle);
    }

    @Test
    void shouldHoldReadingWhilePausedThoughThereIsRoom() {
        final Connection connection = rig.open(context());
        connection.pauseReading();
        receive(1, 2);
        rig.turn();
        assertEquals(0, connection.poll(handler, 10));
        connection.resumeReading();
        rig.turn();
        assertEquals(2, connection.poll(handler, 10));
    }

    // ---- the end ----

    @Test
    void shouldLeaveWhatCameReadableAfterTheEndAndThenSayClosed() {
        final Connection connection = rig.open(context());
        receive(1, 2);
        rig.turn();
        connection.closeNow();
        rig.turn();
        assertEquals(CloseReason.LOCAL_ABORT, rig.onlyReport().reason());
        assertEquals(1, connection.poll(handler, 1));
        assertEquals(1, connection.poll(handler, 1));
        assertEquals(Connection.CLOSED, connection.poll(handler, 1));
        assertEquals(Connection.CLOSED, connection.poll(handler, 1));
        assertEquals(List.of(1, 2), pulled);
    }

    @Test
    void shouldGiveThePullerEverythingBeforeThePeersEnd() {
        final Connection connection = rig.open(context());
        receive(times(15, 200));
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(0, rig.peerEnds);
        int turns = 0;
        while (connection.poll(handler, 2) != Connection.CLOSED) {
            rig.turn();
            assertTrue(++turns < 100, "no end");
        }
        assertEquals(15, pulled.size());
        assertEquals(CloseReason.PEER_CLOSE, rig.onlyReport().reason());
    }

    @Test
    void shouldCloseWhileTheRingIsFull() {
        final Connection connection = rig.open(context());
        receive(times(15, 200));
        rig.turn();
        connection.close();
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(CloseReason.LOCAL_CLOSE, rig.onlyReport().reason());
        final long came = connection.counters().messagesIn();
        int turns = 0;
        while (connection.poll(handler, 1) != Connection.CLOSED) {
            assertTrue(++turns < 100, "no end");
        }
        assertEquals(came, pulled.size());
    }

    @Test
    void shouldSayClosedToThePullerOfAConnectionThatStillSends() {
        final Connection connection = rig.open(context().allowHalfOpen(true));
        receive(1);
        rig.turn();
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(1, connection.poll(handler, 10));
        assertEquals(Connection.CLOSED, connection.poll(handler, 10));
        assertTrue(connection.offer(ByteBuffer.allocate(10)) > 0);
        assertEquals(ConnectionPhase.OPEN, connection.state().phase());
    }

    @Test
    void shouldSayClosedWhenTheConnectionNeverOpened() {
        rig.channel.connected = false;
        rig.make(context().connectTimeoutNs(100));
        rig.pass(100);
        assertEquals(CloseReason.CONNECT_TIMEOUT, rig.onlyReport().reason());
        assertEquals(Connection.CLOSED, rig.agent.connection().poll(handler, 1));
    }

    @Test
    void shouldNameBothLengthsWhenAMessageNeverFits() {
        final Connection connection = rig.open(context());
        connection.switchInbound(new LengthPrefixProtocol(4000));
        receive(3, 1500);
        rig.turn();
        assertEquals(CloseReason.MESSAGE_TOO_LONG, rig.onlyReport().reason());
        final String detail = rig.onlyReport().detail();
        assertTrue(detail.contains("length=1500") && detail.contains("pullCapacity=1024"), detail);
        assertEquals(1, connection.poll(handler, 10));
    }

    // ---- buffers ----

    @Test
    void shouldLeaveNoContentBehindTheEnd() {
        final Connection connection = rig.open(context());
        final ByteBuffer secret = ByteBuffer.wrap(new byte[] {0, 0, 0, 3, 1, 2, 3});
        rig.channel.receive(secret);
        rig.turn();
        connection.closeNow();
        rig.turn();
        connection.poll(handler, 10);
        assertEquals(1, last.get(0));
        connection.poll(handler, 10);
        expectNothingLeftIn(last);
    }

    @Test
    void shouldLetTheRingGoWhenAllIsPulledAndIdle() {
        final Connection connection = rig.open(context().idleContext(new IdleContext().bufferIdleTimeoutNs(100)));
        final byte[] frame = new byte[504];
        Arrays.fill(frame, (byte) 1);
        ByteBuffer.wrap(frame).putInt(0, 500);
        for (int i = 0; i < 5; i++) {
            // Round the ring, so that all of it is used.
            rig.channel.receive(ByteBuffer.wrap(frame));
            rig.turn();
            assertEquals(1, connection.poll(handler, 10));
        }
        rig.channel.receive(ByteBuffer.wrap(frame));
        rig.turn();
        rig.pass(100);
        assertEquals(1, connection.poll(handler, 10), "let go with a message in it");
        final ByteBuffer first = last;
        assertEquals(1, first.get(0));
        rig.pass(100);
        expectNothingLeftIn(first);
        receive(2);
        rig.turn();
        assertEquals(1, connection.poll(handler, 10));
        assertNotSame(first, last);
    }

    // ---- misuse ----

    @Test
    void shouldRefuseToPullWhatIsPushed() {
        final Connection connection = rig.open(context().pullCapacity(0));
        final IllegalStateException refusal =
                assertThrows(IllegalStateException.class, () -> connection.poll(handler, 1));
        assertTrue(refusal.getMessage().contains("pullCapacity"), refusal.getMessage());
    }

    @Test
    void shouldRefuseALimitBelowOne() {
        final Connection connection = rig.open(context());
        assertThrows(IllegalArgumentException.class, () -> connection.poll(handler, 0));
        assertThrows(NullPointerException.class, () -> connection.poll(null, 1));
    }

    @Test
    void shouldRefuseAHandlerThatPolls() {
        final Connection connection = rig.open(context());
        receive(1, 2);
        rig.turn();
        assertThrows(IllegalStateException.class, () -> connection.poll((b, o, l) -> connection.poll(handler, 1), 10));
        assertEquals(1, connection.poll(handler, 10));
        assertEquals(List.of(2), pulled);
    }

    @Test
    void shouldRefuseToWaitOnTheConnectionsOwnThread() {
        final Connection connection = rig.open(context());
        assertThrows(IllegalStateException.class, () -> connection.poll(handler, 1, 1));
    }

    @Test
    void shouldAssertThatOneThreadPulls() throws Exception {
        final Connection connection = rig.open(context());
        connection.poll(handler, 1);
        final CompletableFuture<Throwable> failure = new CompletableFuture<>();
        final Thread second = new Thread(() -> {
            try {
                connection.poll(handler, 1);
                failure.complete(null);
            } catch (final AssertionError expected) {
                failure.complete(expected);
            }
        });
        second.start();
        assertTrue(failure.get(30, TimeUnit.SECONDS).getMessage().contains("one thread pulls"));
    }

    // ---- waiting ----

    /** Returns once the puller is parked. */
    private CompletableFuture<Integer> pollInAnotherThread(
            final Connection connection, final long timeoutNs, final CompletableFuture<Thread> who) throws Exception {
        final CompletableFuture<Integer> answer = new CompletableFuture<>();
        final Thread puller = new Thread(() -> {
            try {
                answer.complete(connection.poll(handler, 10, timeoutNs));
            } catch (final InterruptedException | RuntimeException ex) {
                answer.completeExceptionally(ex);
            }
        });
        puller.setDaemon(true);
        puller.start();
        who.complete(puller);
        final long startNs = System.nanoTime();
        while (puller.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(30), "the puller does not wait");
            assertFalse(answer.isDone(), "the puller does not wait");
            Thread.onSpinWait();
        }
        return answer;
    }

    private CompletableFuture<Integer> pollInAnotherThread(final Connection connection) throws Exception {
        return pollInAnotherThread(connection, TimeUnit.HOURS.toNanos(1), new CompletableFuture<>());
    }

    @Test
    void shouldWakeThePullerThatWaitsWhenAMessageComes() throws Exception {
        final Connection connection = rig.open(context());
        final CompletableFuture<Integer> answer = pollInAnotherThread(connection);
        receive(7);
        rig.turn();
        assertEquals(1, answer.get(30, TimeUnit.SECONDS));
        assertEquals(List.of(7), pulled);
    }

    @Test
    void shouldWakeThePullerThatWaitsAtTheEnd() throws Exception {
        final Connection connection = rig.open(context());
        final CompletableFuture<Integer> answer = pollInAnotherThread(connection);
        connection.closeNow();
        rig.turn();
        assertEquals(Connection.CLOSED, (long) answer.get(30, TimeUnit.SECONDS));
    }

    @Test
    void shouldAnswerZeroWhenNothingCameInTime() throws Exception {
        final Connection connection = rig.open(context());
        final CompletableFuture<Integer> answer = pollInAnotherThread(connection, 1_000_000, new CompletableFuture<>());
        rig.pass(1_000_000);
        assertEquals(0, answer.get(30, TimeUnit.SECONDS));
    }

    @Test
    void shouldEndTheWaitWhenInterrupted() throws Exception {
        final Connection connection = rig.open(context());
        final CompletableFuture<Thread> puller = new CompletableFuture<>();
        final CompletableFuture<Integer> answer = pollInAnotherThread(connection, TimeUnit.HOURS.toNanos(1), puller);
        puller.get().interrupt();
        final Exception ended = assertThrows(Exception.class, () -> answer.get(30, TimeUnit.SECONDS));
        assertEquals(InterruptedException.class, ended.getCause().getClass());
    }
}
