package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.IdleContext;
import io.millrace.transport.IdleKind;
import io.millrace.transport.Waiting;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a connection does because nothing happens on it: it tells, asks, sleeps, and lets its buffers go. One thread plays all parts. */
class ConnectionSilenceTest {
    private final ConnectionRig rig = new ConnectionRig();

    @Test
    void shouldTellOfSilenceAtTheEndOfEachInterval() {
        final Connection connection =
                rig.open(ConnectionRig.settings().idleContext(new IdleContext().readIdleTimeoutNs(100)));
        rig.pass(99);
        assertEquals(List.of(), rig.idle);
        rig.pass(1);
        assertEquals(List.of(IdleKind.READ), rig.idle);
        rig.pass(50);
        rig.channel.receive(ConnectionRig.frames(1));
        rig.turn();
        rig.pass(99);
        assertEquals(1, rig.idle.size());
        rig.pass(1);
        assertEquals(2, connection.counters().idle());
        assertEquals(List.of(1), rig.lengths);
    }

    @Test
    void shouldTellBothDirectionsApart() {
        final Connection connection = rig.open(ConnectionRig.settings()
                .idleContext(new IdleContext().writeIdleTimeoutNs(100).idleTimeoutNs(150)));
        rig.pass(60);
        connection.offer(ConnectionRig.message(1));
        rig.turn();
        rig.pass(99);
        assertEquals(List.of(), rig.idle);
        rig.pass(1);
        assertEquals(List.of(IdleKind.WRITE), rig.idle);
        rig.pass(50);
        assertEquals(List.of(IdleKind.WRITE, IdleKind.BOTH), rig.idle);
    }

    @Test
    void shouldStayOpenWhenEveryHeartbeatIsAnswered() {
        rig.heartbeat = true;
        final Connection connection = rig.open(ConnectionRig.settings()
                .idleContext(new IdleContext().heartbeatIntervalNs(100).heartbeatMissedLimit(3)));
        for (int i = 1; i <= 5; i++) {
            rig.pass(100);
            assertEquals(i, connection.counters().heartbeats());
            rig.channel.receive(ConnectionRig.frames(1));
            rig.turn();
        }
        assertFalse(connection.isClosed());
        assertEquals(5 * ConnectionRig.HEARTBEAT.length, rig.channel.written.size());
        assertEquals(rig.channel.written.size(), connection.counters().bytesOut());
    }

    private void assertLostInAHundred(final Connection connection) {
        rig.pass(99);
        assertFalse(connection.isClosed());
        rig.pass(1);
        assertEquals(CloseReason.HEARTBEAT_LOST, rig.onlyReport().reason());
    }

    @Test
    void shouldCloseAtOneBeyondTheLimitWhenNoHeartbeatIsAnswered() {
        rig.heartbeat = true;
        final Connection connection = rig.open(ConnectionRig.settings()
                .idleContext(new IdleContext().heartbeatIntervalNs(100).heartbeatMissedLimit(3)));
        rig.pass(100);
        rig.pass(100);
        rig.pass(100);
        assertFalse(connection.isClosed());
        assertLostInAHundred(connection);
        assertEquals(3, connection.counters().heartbeats());
        assertTrue(rig.channel.outputEnded, "the peer is told");
    }

    @Test
    void shouldKeepAHeartbeatOutOfAMessageThatIsHalfWritten() {
        rig.heartbeat = true;
        final Connection connection =
                rig.open(ConnectionRig.settings().idleContext(new IdleContext().heartbeatIntervalNs(100)));
        rig.channel.writeLimit = 3;
        connection.offer(ByteBuffer.wrap(new byte[] {5, 6, 7, 8}));
        rig.agent.doWork();
        rig.channel.writeLimit = 0;
        rig.pass(100);
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        final ByteBuffer wire = ByteBuffer.allocate(8 + ConnectionRig.HEARTBEAT.length);
        wire.putInt(4).put(new byte[] {5, 6, 7, 8}).put(ConnectionRig.HEARTBEAT);
        assertArrayEquals(wire.array(), rig.channel.written.toByteArray());
    }

    @Test
    void shouldSendAHeartbeatBehindTheMessageThatIsHalfWrittenAndAheadOfTheOthers() {
        rig.heartbeat = true;
        final Connection connection =
                rig.open(ConnectionRig.settings().idleContext(new IdleContext().heartbeatIntervalNs(100)));
        final ByteBuffer wire = ByteBuffer.allocate(3 * 8 + ConnectionRig.HEARTBEAT.length);
        for (byte i = 1; i <= 3; i++) {
            connection.offer(ByteBuffer.wrap(new byte[] {i, i, i, i}));
            wire.putInt(4).put(new byte[] {i, i, i, i});
            if (i == 2) {
                wire.put(ConnectionRig.HEARTBEAT);
            }
        }
        rig.channel.writeLimit = 11;
        rig.agent.doWork();
        rig.channel.writeLimit = 0;
        rig.pass(100);
        rig.channel.writeLimit = 2;
        rig.turn();
        assertArrayEquals(wire.array(), rig.channel.written.toByteArray());
        assertEquals(3, connection.counters().messagesOut());
    }

    @Test
    void shouldAskAPeerThatIsNotSilentTooWhenTheProtocolSaysSoAndHoldNothingAgainstIt() {
        rig.heartbeat = true;
        rig.beatsAlways = true;
        final Connection connection = rig.open(ConnectionRig.settings()
                .idleContext(new IdleContext().heartbeatIntervalNs(100).heartbeatMissedLimit(2)));
        for (int i = 1; i <= 9; i++) {
            rig.pass(60);
            rig.channel.receive(ConnectionRig.frames(1));
            rig.turn();
            rig.pass(40);
            assertEquals(i, connection.counters().heartbeats());
        }
        assertFalse(connection.isClosed());
        rig.pass(100);
        assertFalse(connection.isClosed());
        assertLostInAHundred(connection);
    }

    @Test
    void shouldLeaveTheHeartbeatToTheHandlerWhenTheProtocolHasNone() {
        final Connection connection =
                rig.open(ConnectionRig.settings().idleContext(new IdleContext().heartbeatIntervalNs(100)));
        rig.pass(100);
        assertEquals(List.of(IdleKind.READ), rig.idle);
        assertEquals(0, connection.counters().heartbeats());
    }

    @Test
    void shouldNotHoldAPauseAgainstThePeer() {
        final Connection connection = rig.open(ConnectionRig.settings()
                .idleContext(new IdleContext()
                        .readIdleTimeoutNs(100)
                        .heartbeatIntervalNs(100)
                        .heartbeatMissedLimit(1)));
        connection.pauseReading();
        rig.pass(100);
        rig.pass(100);
        rig.pass(100);
        assertFalse(connection.isClosed());
        assertEquals(List.of(), rig.idle);
    }

    @Test
    void shouldEndForItsOwnReasonWhenThereIsNoMemoryToTellThePeer() {
        rig.open(ConnectionRig.settings().authenticationTimeoutNs(100));
        rig.channel.outputEndError = new OutOfMemoryError("deliberate");
        rig.pass(100);
        assertEquals(CloseReason.AUTHENTICATION_TIMEOUT, rig.onlyReport().reason());
        assertTrue(rig.channel.closed);
    }

    @Test
    void shouldCloseWhenNotAuthenticatedInTime() {
        rig.open(ConnectionRig.settings().authenticationTimeoutNs(100));
        rig.pass(99);
        assertEquals(List.of(), rig.reports);
        rig.pass(1);
        assertEquals(CloseReason.AUTHENTICATION_TIMEOUT, rig.onlyReport().reason());
        assertTrue(rig.channel.outputEnded);
    }

    @Test
    void shouldStayOpenWhenAuthenticatedInTime() {
        final Connection connection = rig.open(ConnectionRig.settings().authenticationTimeoutNs(100));
        connection.authenticated();
        rig.pass(1000);
        assertFalse(connection.isClosed());
    }

    @Test
    void shouldNotSleepWhenASenderLeftWordAfterTheLastTurnAndThereIsRoom() {
        rig.open(ConnectionRig.settings().waiting(Waiting.PARKING));
        rig.turn();
        rig.agent.lane().leaveWord();
        rig.channel.whileParked = () -> {};
        rig.agent.rest().onPlatformThread().idle(0);
        assertEquals(0, rig.channel.parks, "slept though there is room, and somebody who wants it");
    }

    @Test
    void shouldSleepWhileASenderWaitsAndThereIsNoRoom() {
        rig.open(ConnectionRig.settings().waiting(Waiting.PARKING));
        rig.fillRing();
        rig.sleep(() -> {});
        assertEquals(1, rig.channel.parks);
    }

    @Test
    void shouldHoldNoBufferWhileItSleepsInTheMiddleOfAMessage() {
        rig.open(ConnectionRig.settings().waiting(Waiting.PARKING));
        rig.channel.receive(ConnectionRig.frames(9).limit(7));
        rig.sleep(() -> assertEquals(0, rig.buffers.lent()));
        assertEquals(1, rig.channel.parks);
        rig.channel.receive(ConnectionRig.frames(9).position(7));
        rig.turn();
        assertEquals(List.of(9), rig.lengths);
    }

    @Test
    void shouldNotCountLettingBuffersGoAsWork() {
        final Connection connection =
                rig.open(ConnectionRig.settings().idleContext(new IdleContext().bufferIdleTimeoutNs(100)));
        connection.offer(ConnectionRig.message(10));
        rig.turn();
        rig.passUnnoticed(100);
        assertEquals(0, rig.agent.doWork(), "a turn that only let buffers go has worked");
        assertFalse(rig.agent.lane().rings().isHolding());
    }

    @Test
    void shouldHoldNoRingBeforeTheFirstMessageAndNoneOnceIdle() {
        final Connection connection =
                rig.open(ConnectionRig.settings().idleContext(new IdleContext().bufferIdleTimeoutNs(100)));
        final RingCell rings = rig.agent.lane().rings();
        assertFalse(rings.isHolding());
        assertEquals(14, connection.offer(ConnectionRig.message(10)));
        rig.turn();
        assertTrue(rings.isHolding());
        rig.pass(99);
        assertTrue(rings.isHolding());
        rig.pass(1);
        assertFalse(rings.isHolding());
        // The stream goes on where it was.
        assertEquals(28, connection.offer(ConnectionRig.message(10)));
        rig.turn();
        connection.close();
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(2, rig.onlyReport().accepted());
        assertEquals(2, rig.onlyReport().flushed());
        assertEquals(2, connection.counters().messagesOut());
    }

    @Test
    void shouldKeepTheRingWhileItsMessagesAreNotTaken() {
        final Connection connection =
                rig.open(ConnectionRig.settings().idleContext(new IdleContext().bufferIdleTimeoutNs(100)));
        rig.channel.writeLimit = 0;
        connection.offer(ConnectionRig.message(10));
        rig.turn();
        rig.pass(100);
        rig.pass(100);
        assertTrue(rig.agent.lane().rings().isHolding());
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        rig.pass(100);
        assertFalse(rig.agent.lane().rings().isHolding());
        assertEquals(14, rig.channel.written.size());
    }
}
