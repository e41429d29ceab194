package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.IdleContext;
import io.millrace.transport.IdleKind;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.frame.RawStreamProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.Test;

/** One thread plays the connection's, the senders', the peer's and the clock's part. */
class MessageAgentTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final class Handler implements ConnectionHandler {
        @Override
        public void onOpen(final Connection opened) {
            told.add("open");
        }

        @Override
        public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {
            told.add("message " + length);
            onMessage.run();
        }

        @Override
        public void onWritable(final Connection on) {
            told.add("writable");
        }

        @Override
        public void onSlowConsumer(final Connection on) {
            told.add("slow");
        }

        @Override
        public void onIdle(final Connection on, final IdleKind kind) {
            told.add("idle " + kind);
        }

        @Override
        public void onPeerEnd(final Connection on) {
            told.add("peer end");
        }

        @Override
        public void onClose(final Connection on, final CloseReport closing) {
            told.add("close");
            report = closing;
        }
    }

    private final List<String> told = new ArrayList<>();
    private final FakeMessages channel = new FakeMessages();
    private final TransportCounters counters = new TransportCounters();
    private Runnable onMessage = () -> {};
    private ConnectionContext settings = new ConnectionContext().maxMessageLength(1_000);
    private long nowNs = Long.MAX_VALUE - 500;
    private MessageAgent agent;
    private Connection connection;
    private CloseReport report;
    private int ends;

    private void start() {
        agent = new MessageAgent(
                1, () -> nowNs, settings.conclude(), counters, channel, new Handler(), ended -> ends++);
        connection = agent.connection();
        agent.onStart();
    }

    private void open() {
        start();
        agent.doWork();
        assertEquals(ConnectionPhase.OPEN, connection.state().phase());
    }

    private void turns(final int count) {
        for (int i = 0; i < count && connection.state().phase() != ConnectionPhase.CLOSED; i++) {
            agent.doWork();
        }
    }

    private void turnToTheEnd() {
        final long startNs = System.nanoTime();
        while (connection.state().phase() != ConnectionPhase.CLOSED && System.nanoTime() - startNs < 30 * SECOND) {
            agent.doWork();
            Thread.yield();
        }
    }

    private void pass(final long ns) {
        nowNs += ns;
        turns(2);
    }

    private static ByteBuffer message(final int length) {
        return ByteBuffer.allocate(length);
    }

    private void assertEnded(
            final CloseReason reason, final long accepted, final long flushed, final long undelivered) {
        assertEquals(ConnectionPhase.CLOSED, connection.state().phase());
        assertEquals(reason, report.reason(), report.detail());
        assertEquals(
                List.of(accepted, flushed, undelivered),
                List.of(report.accepted(), report.flushed(), report.undelivered()));
        assertEquals(1, ends);
        assertEquals(1, counters.closed(reason));
        assertEquals(1, told.stream().filter("close"::equals).count());
        assertEquals(Connection.CLOSED, connection.offer(message(1)));
        assertThrows(AgentTerminationException.class, agent::doWork);
    }

    @Test
    void shouldAnswerNotConnectedBeforeItIsOpenAndSendAfter() {
        channel.connects = false;
        start();
        turns(3);
        assertEquals(Connection.NOT_CONNECTED, connection.offer(message(1)));
        assertEquals(Connection.NOT_CONNECTED, connection.tryClaim(1, connection.newClaim()));
        channel.connects = true;
        turns(1);
        assertEquals(List.of("open"), told);
        assertEquals(1, connection.offer(message(1)));
        assertEquals(2, connection.offer(new ByteBuffer[] {message(1), message(1)}, 0, 2));
        assertEquals(4, connection.offerBatch(message(9), 0, new int[] {4, 5}, 2));
        assertEquals(
                List.of(1, 2, 4, 5), channel.sent.stream().map(m -> m.length).toList());
        assertEquals(4, connection.counters().messagesOut());
        assertEquals(12, connection.counters().bytesOut());
    }

    @Test
    void shouldRefuseByCodeWhatIsTooLongAndByExceptionWhatIsEmpty() {
        open();
        assertEquals(Connection.MESSAGE_TOO_LONG, connection.offer(message(1_001)));
        assertEquals(Connection.MESSAGE_TOO_LONG, connection.tryClaim(1_001, connection.newClaim()));
        assertEquals(2, connection.counters().tooLong());
        final var empty = assertThrows(IllegalArgumentException.class, () -> connection.offer(message(0)));
        assertTrue(empty.getMessage().contains("length=0"), empty.getMessage());
        assertThrows(IllegalStateException.class, () -> connection.switchProtocol(new RawStreamProtocol(10)));
        assertEquals(List.of(), channel.sent);
    }

    @Test
    void shouldDeliverAndCountWhatComes() {
        open();
        channel.inbound.add(new byte[3]);
        channel.inbound.add(new byte[4]);
        turns(1);
        assertEquals(List.of("open", "message 3", "message 4"), told);
        assertEquals(2, connection.counters().messagesIn());
        assertEquals(7, connection.counters().bytesIn());
    }

    @Test
    void shouldEndInOrderWhenClosedAndTheWholeIsTaken() {
        open();
        connection.offer(message(1));
        channel.endTaken = false;
        connection.close();
        turns(3);
        assertEquals(ConnectionPhase.DRAINING, connection.state().phase());
        assertEquals(1, channel.endedWith);
        channel.inbound.add(new byte[1]);
        channel.endTaken = true;
        turns(3);
        assertFalse(told.contains("message 1"), "what comes while it drains is nobody's");
        channel.peerEnded = true;
        channel.farewellSaid = false;
        turns(3);
        assertEquals(ConnectionPhase.DRAINING, connection.state().phase());
        channel.farewellSaid = true;
        turns(1);
        assertEnded(CloseReason.LOCAL_CLOSE, 1, 1, 0);
        assertTrue(channel.closed);
    }

    @Test
    void shouldEndWithThePeerAndTellWhoCameFirst() {
        open();
        channel.peerEnded = true;
        turns(2);
        assertEnded(CloseReason.PEER_CLOSE, 0, 0, 0);
        assertEquals(List.of("open", "peer end", "close"), told);
    }

    @Test
    void shouldStayOpenForOffersAfterThePeersEndWhenThatIsAllowed() {
        settings.allowHalfOpen(true);
        open();
        channel.peerEnded = true;
        turns(5);
        assertEquals(1, connection.offer(message(1)));
        connection.closeOutput();
        turns(3);
        assertEnded(CloseReason.PEER_CLOSE, 1, 1, 0);
    }

    @Test
    void shouldReceiveOnAfterItsOwnEnd() {
        open();
        connection.offer(message(1));
        connection.closeOutput();
        turns(2);
        assertEquals(Connection.CLOSED, connection.offer(message(1)));
        channel.inbound.add(new byte[5]);
        turns(2);
        assertTrue(told.contains("message 5"));
        channel.peerEnded = true;
        turns(2);
        assertEnded(CloseReason.LOCAL_CLOSE, 1, 1, 0);
    }

    @Test
    void shouldGiveUpWhenNothingComesBehindItsOwnEnd() {
        settings.halfCloseTimeoutNs(SECOND);
        open();
        connection.closeOutput();
        turns(2);
        pass(SECOND);
        assertEnded(CloseReason.HALF_CLOSE_TIMEOUT, 0, 0, 0);
    }

    @Test
    void shouldReportWhatThePeerHasNotTakenWhenClosedAtOnce() {
        open();
        for (int i = 0; i < 5; i++) {
            connection.offer(message(1));
        }
        channel.cutOffDone = false;
        connection.closeNow();
        turns(5);
        assertEquals(ConnectionPhase.DRAINING, connection.state().phase());
        assertEquals(5, channel.cutOffs);
        channel.taken = 3;
        channel.cutOffDone = true;
        turns(1);
        assertEnded(CloseReason.LOCAL_ABORT, 5, 3, 2);
    }

    @Test
    void shouldKeepTheErrorThatCameBetweenAnAbortAndThePeersWord() {
        open();
        channel.cutOffDone = false;
        connection.closeNow();
        turns(3);
        channel.broken = new ProtocolException(CloseReason.DRIVER_LOST, "gone: age=1");
        turns(2);
        assertEnded(CloseReason.LOCAL_ABORT, 0, 0, 0);
        assertEquals("gone: age=1", report.firstError().orElseThrow().getMessage());
    }

    @Test
    void shouldNotWaitForThePeersWordForEver() {
        open();
        connection.offer(message(1));
        channel.taken = 0;
        channel.cutOffDone = false;
        connection.closeNow();
        turns(3);
        pass(SECOND);
        assertEnded(CloseReason.LOCAL_ABORT, 1, 0, 1);
        assertTrue(report.detail().contains("the peer has not said how much it took"), report.detail());
    }

    @Test
    void shouldCutOffWhenWhatWasAcceptedIsNotTakenInTime() {
        settings.closeTimeoutNs(3 * SECOND);
        open();
        connection.offer(message(1));
        connection.offer(message(1));
        channel.endTaken = false;
        channel.taken = 1;
        connection.close();
        turns(3);
        pass(3 * SECOND);
        assertEnded(CloseReason.CLOSE_TIMEOUT, 2, 1, 1);
    }

    @Test
    void shouldTellSendersOfRoomOnceAndAgainWhenTheyFoundNone() {
        open();
        channel.roomy = false;
        assertEquals(Connection.BACK_PRESSURED, connection.offer(message(1)));
        turns(3);
        channel.roomy = true;
        turns(3);
        assertEquals(List.of("open", "writable"), told);
        channel.roomy = false;
        assertEquals(Connection.BACK_PRESSURED, connection.offer(message(1)));
        channel.roomy = true;
        turns(2);
        assertEquals(List.of("open", "writable", "writable"), told);
        assertEquals(2, connection.counters().backPressured());
    }

    @Test
    void shouldEndWhoTakesTooLittleIfThatIsThePolicy() {
        settings.slowConsumerPolicy(SlowConsumerPolicy.DISCONNECT).slowConsumerTimeoutNs(SECOND);
        open();
        channel.roomy = false;
        connection.offer(message(1));
        turns(1);
        pass(SECOND);
        assertEnded(CloseReason.SLOW_CONSUMER, 0, 0, 0);
        assertTrue(told.contains("slow"));
        assertEquals(1, connection.counters().slowConsumer());
    }

    @Test
    void shouldDropTheNewestIfThatIsThePolicy() {
        settings.slowConsumerPolicy(SlowConsumerPolicy.DROP_NEWEST);
        open();
        channel.roomy = false;
        assertEquals(Connection.DROPPED, connection.offer(message(1)));
        assertEquals(1, connection.counters().dropped());
    }

    @Test
    void shouldPassOnTheReasonOfTheEngine() {
        open();
        connection.offer(message(1));
        channel.taken = 0;
        channel.broken = new ProtocolException(CloseReason.DRIVER_LOST, "gone: age=1");
        turns(5);
        assertEnded(CloseReason.DRIVER_LOST, 1, 0, 1);
        assertEquals("gone: age=1", report.detail());
    }

    @Test
    void shouldSayWhyItCouldNotConnect() {
        channel.connectFailure = new IOException("nobody listens: uri=x");
        start();
        turns(1);
        assertEquals(CloseReason.CONNECT_FAILED, report.reason());
        assertTrue(report.detail().contains("uri=x"), report.detail());
        assertEquals(List.of("close"), told);
    }

    @Test
    void shouldGiveUpConnectingInTime() {
        channel.connects = false;
        settings.connectTimeoutNs(SECOND);
        start();
        turns(2);
        pass(SECOND);
        assertEquals(CloseReason.CONNECT_TIMEOUT, report.reason());
    }

    @Test
    void shouldEndOnlyWithTheHandlersErrorAndReceiveNothingMore() {
        onMessage = () -> {
            throw new IllegalStateException("deliberate");
        };
        open();
        channel.inbound.add(new byte[1]);
        channel.inbound.add(new byte[1]);
        turns(3);
        assertEnded(CloseReason.HANDLER_ERROR, 0, 0, 0);
        assertEquals("deliberate", report.firstError().orElseThrow().getMessage());
        assertEquals(1, told.stream().filter("message 1"::equals).count());
    }

    @Test
    void shouldDeliverNothingMoreWhenTheHandlerHasClosedOrPaused() {
        onMessage = () -> connection.pauseReading();
        open();
        channel.inbound.add(new byte[1]);
        channel.inbound.add(new byte[2]);
        turns(3);
        assertEquals(List.of("open", "message 1"), told);
        onMessage = () -> connection.close();
        connection.resumeReading();
        channel.inbound.add(new byte[3]);
        turns(3);
        assertEquals(List.of("open", "message 1", "message 2"), told.subList(0, 3));
        assertFalse(told.contains("message 3"));
    }

    @Test
    void shouldTellOfSilenceAndEndWhoDoesNotAnswer() {
        settings.idleContext(new IdleContext().heartbeatIntervalNs(SECOND).heartbeatMissedLimit(2));
        open();
        pass(SECOND);
        channel.inbound.add(new byte[1]);
        turns(2);
        pass(SECOND);
        pass(SECOND);
        pass(SECOND);
        assertEnded(CloseReason.HEARTBEAT_LOST, 0, 0, 0);
        assertEquals(3, told.stream().filter("idle READ"::equals).count());
    }

    @Test
    void shouldTellThatNothingIsSentThoughSendersCountForThemselves() {
        settings.idleContext(new IdleContext().writeIdleTimeoutNs(SECOND));
        open();
        nowNs += SECOND / 2;
        connection.offer(message(1));
        turns(2);
        pass(SECOND / 2);
        assertFalse(told.contains("idle WRITE"), "it was not silent");
        pass(SECOND / 2);
        assertTrue(told.contains("idle WRITE"));
    }

    @Test
    void shouldSendAClaimWhenItIsCommittedOnly() {
        open();
        final MessageClaim claim = connection.newClaim();
        assertEquals(0, connection.tryClaim(3, claim));
        assertThrows(IllegalStateException.class, () -> connection.tryClaim(3, claim));
        claim.buffer().put(claim.offset(), (byte) 7);
        assertEquals(1, claim.commit());
        assertEquals(7, channel.sent.get(0)[0]);
        assertEquals(0, connection.tryClaim(3, claim));
        claim.abort();
        assertThrows(IllegalStateException.class, claim::commit);
        assertThrows(IllegalArgumentException.class, () -> connection.tryClaim(1, new GateClaim(null, null)));
        assertEquals(1, connection.counters().messagesOut());
    }

    @Test
    void shouldWaitForAnOpenClaimAndFlushWhatIsCommittedBehindTheClose() {
        settings.closeTimeoutNs(4 * SECOND);
        open();
        final MessageClaim claim = connection.newClaim();
        connection.tryClaim(3, claim);
        connection.close();
        turns(5);
        assertEquals(-1, channel.endedWith, "ended over an open claim");
        claim.commit();
        channel.peerEnded = true;
        turns(3);
        assertEnded(CloseReason.LOCAL_CLOSE, 1, 1, 0);
    }

    @Test
    void shouldPassOverAClaimThatIsNeverCommittedAndKeepItsRoomUntilItIsResolved() {
        settings.closeTimeoutNs(4 * SECOND);
        open();
        final MessageClaim first = connection.newClaim();
        final MessageClaim second = connection.newClaim();
        final MessageClaim third = connection.newClaim();
        connection.tryClaim(3, first);
        connection.tryClaim(4, second);
        connection.tryClaim(5, third);
        connection.offer(message(1));
        second.commit();
        connection.close();
        turns(3);
        pass(2 * SECOND);
        assertEquals(2, channel.endedWith);
        channel.peerEnded = true;
        turns(3);
        assertEnded(CloseReason.LOCAL_CLOSE, 4, 2, 2);
        assertFalse(channel.closed, "closed under a claim");
        first.buffer().put(first.offset(), (byte) 1);
        first.commit();
        assertFalse(channel.closed, "closed under the other claim");
        third.abort();
        assertTrue(channel.closed);
        assertEquals(2, channel.sent.size());
    }

    @Test
    void shouldNotTouchTheChannelUnderASenderThatIsInsideOfAnOffer() throws Exception {
        open();
        final Thread[] closer = new Thread[1];
        channel.duringOffer = () -> {
            connection.closeNow();
            closer[0] = new Thread(this::turnToTheEnd);
            closer[0].start();
            // The connection's thread may turn as often as it likes.
            for (int i = 0; i < 1_000; i++) {
                Thread.yield();
            }
            assertEquals(0, channel.cutOffs);
            assertFalse(channel.closed);
        };
        assertEquals(1, connection.offer(message(1)));
        closer[0].join();
        assertEnded(CloseReason.LOCAL_ABORT, 1, 1, 0);
    }

    @Test
    void shouldNapUntilASenderIsOutThatIsInsideOfAnOfferWhenItsThreadIsLost() throws Exception {
        open();
        final Thread closer = new Thread(agent::onClose);
        channel.duringOffer = () -> {
            closer.start();
            final long startNs = System.nanoTime();
            boolean naps = false;
            while (!naps && System.nanoTime() - startNs < 30 * SECOND) {
                naps = closer.getState() == Thread.State.TIMED_WAITING;
            }
            assertTrue(naps, "it takes the processor from the sender that it waits for");
            assertFalse(channel.closed);
        };
        assertEquals(1, connection.offer(message(1)));
        closer.join();
        assertEnded(CloseReason.THREAD_LOST, 1, 1, 0);
        assertTrue(channel.closed);
    }

    @Test
    void shouldEndAtOnceWhenItsThreadIsLost() {
        open();
        connection.offer(message(1));
        channel.taken = 0;
        agent.onClose();
        assertEnded(CloseReason.THREAD_LOST, 1, 0, 1);
    }
}
