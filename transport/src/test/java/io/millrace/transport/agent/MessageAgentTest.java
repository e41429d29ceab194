package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.IdleContext;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.frame.RawStreamProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One thread plays the connection's, the senders', the peer's and the clock's part. */
class MessageAgentTest extends MessageRig {
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

    /** To the peer it would be a close in order, or a cut, as the two happen to come. */
    @Test
    void shouldNotEndInOrderWhenClosedAtOnceByItsHandler() {
        open();
        channel.inbound.add(new byte[1]);
        onMessage = connection::closeNow;
        turns(3);
        assertEquals(-1, channel.endedWith);
        assertEnded(CloseReason.LOCAL_ABORT, 0, 0, 0);
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
        channel.takenFinal = false;
        channel.cutOffDone = false;
        connection.closeNow();
        turns(3);
        pass(SECOND);
        assertEnded(CloseReason.LOCAL_ABORT, 1, 0, 1);
        assertTrue(report.detail().contains("the peer has not said how much it took"), report.detail());
    }

    /** Also if it is known at once that nothing more will be: the peer is gone. */
    @Test
    void shouldSayThatWhatWasTakenIsNotAllThatMayHaveBeen() {
        open();
        connection.offer(message(1));
        channel.taken = 0;
        channel.takenFinal = false;
        channel.broken = new ProtocolException(CloseReason.PEER_RESET, "gone");
        turns(1);
        channel.broken = null;
        turns(1);
        assertEnded(CloseReason.PEER_RESET, 1, 0, 1);
        assertTrue(report.detail().contains("the peer has not said how much it took"), report.detail());
    }

    /** What is behind the message at which the handler threw nobody takes: the peer is not to be told of it as taken. */
    @Test
    void shouldCutOffBeforeItSkipsWhatIsLeft() {
        open();
        for (int i = 0; i < 3; i++) {
            channel.inbound.add(new byte[1]);
        }
        channel.cutOffDone = false;
        onMessage = connection::closeNow;
        turns(3);
        assertEquals(2, channel.leftAtCutOff);
        assertEquals(0, channel.inbound.size());
        channel.cutOffDone = true;
        turns(1);
        assertEnded(CloseReason.LOCAL_ABORT, 0, 0, 0);
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
    void shouldEndAtOnceWhenItsThreadIsLost() {
        open();
        connection.offer(message(1));
        channel.taken = 0;
        agent.onClose();
        assertEnded(CloseReason.THREAD_LOST, 1, 0, 1);
    }
}
