package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.IdleContext;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.Waiting;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Both halves of the end, one after the other or at once. One thread plays all parts. */
class ConnectionEndTest {
    private final ConnectionRig rig = new ConnectionRig();

    @Test
    void shouldStillReceiveWhenOnlyTheOutputIsClosed() {
        final Connection connection =
                rig.open(ConnectionRig.settings().idleContext(new IdleContext().writeIdleTimeoutNs(1000)));
        connection.offer(ConnectionRig.message(10));
        connection.closeOutput();
        assertEquals(Connection.CLOSED, connection.offer(ConnectionRig.message(10)));
        rig.turn();
        assertTrue(rig.channel.outputEnded);
        assertEquals(14, rig.channel.written.size());
        rig.pass(10_000);
        assertEquals(List.of(), rig.idle, "there is nothing left to send");
        rig.channel.receive(ConnectionRig.frames(1, 2));
        rig.turn();
        assertEquals(List.of(1, 2), rig.lengths);
        assertEquals(ConnectionPhase.OPEN, connection.state().phase());
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(CloseReason.LOCAL_CLOSE, rig.onlyReport().reason());
        assertEquals(1, rig.peerEnds);
    }

    @Test
    void shouldEndWhenTheClosedOutputIsNotFlushedInTime() {
        final Connection connection = rig.open(ConnectionRig.settings());
        rig.channel.writeLimit = 0;
        connection.offer(ConnectionRig.message(10));
        connection.closeOutput();
        rig.turn();
        rig.pass(299);
        assertEquals(ConnectionPhase.OPEN, connection.state().phase());
        rig.pass(1);
        assertEquals(CloseReason.CLOSE_TIMEOUT, rig.onlyReport().reason());
        assertEquals(1, rig.onlyReport().undelivered());
    }

    @Test
    void shouldPassOverAnOpenClaimInHalfTheTimeWhenTheOutputIsClosed() {
        final Connection connection = rig.open(ConnectionRig.settings());
        connection.tryClaim(5, connection.newClaim());
        connection.offer(ConnectionRig.message(10));
        connection.closeOutput();
        rig.turn();
        rig.pass(149);
        assertEquals(0, rig.channel.written.size());
        rig.pass(1);
        assertEquals(14, rig.channel.written.size());
        assertTrue(rig.channel.outputEnded);
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(CloseReason.LOCAL_CLOSE, rig.onlyReport().reason());
        assertEquals(1, rig.onlyReport().undelivered());
    }

    @Test
    void shouldPassOverAnOpenClaimInHalfTheTimeWhenClosed() {
        final Connection connection = rig.open(ConnectionRig.settings());
        connection.tryClaim(5, connection.newClaim());
        connection.offer(ConnectionRig.message(10));
        connection.close();
        rig.turn();
        rig.pass(149);
        assertEquals(0, rig.channel.written.size());
        rig.pass(1);
        assertEquals(14, rig.channel.written.size());
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(CloseReason.LOCAL_CLOSE, rig.onlyReport().reason());
    }

    @Test
    void shouldEndWhenNothingComesAfterTheOutputIsClosed() {
        rig.heartbeat = true;
        final Connection connection = rig.open(ConnectionRig.settings()
                .halfCloseTimeoutNs(1000)
                .idleContext(new IdleContext().heartbeatIntervalNs(400).heartbeatMissedLimit(1)));
        connection.closeOutput();
        rig.turn();
        rig.pass(999);
        rig.channel.receive(ConnectionRig.frames(1));
        rig.turn();
        rig.pass(999);
        assertEquals(ConnectionPhase.OPEN, connection.state().phase());
        rig.pass(1);
        assertEquals(CloseReason.HALF_CLOSE_TIMEOUT, rig.onlyReport().reason());
        assertTrue(
                rig.onlyReport().detail().contains("ns=1000"), rig.onlyReport().detail());
        assertEquals(0, connection.counters().heartbeats());
    }

    @Test
    void shouldNotHoldAPauseAgainstThePeerAfterTheOutputIsClosed() {
        final Connection connection = rig.open(ConnectionRig.settings().halfCloseTimeoutNs(1000));
        connection.pauseReading();
        connection.closeOutput();
        rig.turn();
        rig.pass(1000);
        rig.pass(1000);
        assertEquals(ConnectionPhase.OPEN, connection.state().phase());
        connection.resumeReading();
        rig.turn();
        rig.pass(1000);
        assertEquals(CloseReason.HALF_CLOSE_TIMEOUT, rig.onlyReport().reason());
    }

    @Test
    void shouldWaitForEverWhenTheHalfCloseHasNoBound() {
        final Connection connection = rig.open(ConnectionRig.settings().halfCloseTimeoutNs(0));
        connection.closeOutput();
        rig.turn();
        rig.pass(TimeUnit.DAYS.toNanos(1));
        assertEquals(ConnectionPhase.OPEN, connection.state().phase());
    }

    @Test
    void shouldStillSendWhenThePeerHasEndedAndThatIsAllowed() {
        rig.heartbeat = true;
        final Connection connection = rig.open(ConnectionRig.settings()
                .allowHalfOpen(true)
                .idleContext(new IdleContext()
                        .readIdleTimeoutNs(100)
                        .heartbeatIntervalNs(100)
                        .heartbeatMissedLimit(1)));
        rig.channel.receive(ConnectionRig.frames(1));
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(1, rig.peerEnds);
        rig.pass(10_000);
        rig.pass(10_000);
        assertEquals(List.of(), rig.idle, "who has ended is not silent");
        assertEquals(14, connection.offer(ConnectionRig.message(10)));
        rig.turn();
        assertEquals(14, rig.channel.written.size());
        connection.closeOutput();
        rig.turn();
        assertEquals(CloseReason.PEER_CLOSE, rig.onlyReport().reason());
        assertEquals(1, rig.onlyReport().flushed());
        assertEquals(1, rig.peerEnds);
    }

    @Test
    void shouldTellThePeersEndBeforeItClosesForIt() {
        final Connection connection = rig.open(ConnectionRig.settings());
        rig.onPeerEnd = () -> assertTrue(connection.offer(ConnectionRig.message(10)) > 0);
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(CloseReason.PEER_CLOSE, rig.onlyReport().reason());
        assertEquals(1, rig.onlyReport().flushed());
    }

    @Test
    void shouldFlushNothingWhenClosedNow() {
        final Connection connection = rig.open(ConnectionRig.settings());
        connection.offer(ConnectionRig.message(10));
        connection.closeNow();
        connection.closeNow();
        assertEquals(Connection.CLOSED, connection.offer(ConnectionRig.message(10)));
        rig.turn();
        assertEquals(CloseReason.LOCAL_ABORT, rig.onlyReport().reason());
        assertEquals(1, rig.onlyReport().undelivered());
        assertEquals(ConnectionPhase.CLOSED, connection.state().phase());
        assertEquals(CloseReason.LOCAL_ABORT, connection.state().closeReason().orElseThrow());
    }

    @Test
    void shouldHaveNoBoundButThatOfClosingWhileItDrains() {
        rig.heartbeat = true;
        final Connection connection = rig.open(ConnectionRig.settings()
                .authenticationTimeoutNs(100)
                .halfCloseTimeoutNs(100)
                .slowConsumerTimeoutNs(100)
                .slowConsumerPolicy(SlowConsumerPolicy.DISCONNECT)
                .idleContext(new IdleContext()
                        .readIdleTimeoutNs(100)
                        .writeIdleTimeoutNs(100)
                        .idleTimeoutNs(100)
                        .heartbeatIntervalNs(100)
                        .heartbeatMissedLimit(1)
                        .bufferIdleTimeoutNs(100)));
        rig.fillRing();
        rig.turn();
        rig.channel.writeLimit = Integer.MAX_VALUE;
        connection.close();
        rig.turn();
        rig.pass(299);
        assertEquals(ConnectionPhase.DRAINING, connection.state().phase());
        rig.pass(1);
        assertEquals(CloseReason.LOCAL_CLOSE, rig.onlyReport().reason());
        assertEquals(List.of(), rig.idle);
        assertEquals(0, connection.counters().heartbeats());
        assertEquals(0, rig.slow);
    }

    @Test
    void shouldWakeTheConnectionWhenAClaimIsGivenUpThatHeldUpAnother() {
        final Connection connection = rig.open(ConnectionRig.settings().waiting(Waiting.PARKING));
        final MessageClaim claim = connection.newClaim();
        connection.tryClaim(5, claim);
        assertEquals(0, rig.channel.unparks);
        rig.channel.whileParked = () -> {};
        connection.offer(ConnectionRig.message(10));
        rig.sleep(claim::abort);
        assertTrue(rig.channel.unparks > 0, "it sleeps on");
        rig.turn();
        assertEquals(14, rig.channel.written.size());
    }
}
