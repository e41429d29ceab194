package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.IdleContext;
import io.millrace.transport.IdleKind;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.Waiting;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Senders, room, silence and both halves of the end. One thread plays all parts. */
class ConnectionFlowTest {
    private static final int RING = 1024;

    private final ConnectionRig rig = new ConnectionRig();

    private static ConnectionContext context() {
        return new ConnectionContext()
                .maxMessageLength(ConnectionRig.MAX_MESSAGE_LENGTH)
                .outboundCapacity(RING)
                .closeTimeoutNs(300);
    }

    private static ByteBuffer message(final int length) {
        return ByteBuffer.allocate(length);
    }

    private void fillRing(final Connection connection) {
        rig.channel.writeLimit = 0;
        while (connection.offer(message(200)) >= 0) {
            // until it is full
        }
    }

    // ---- offers ----

    @Test
    void shouldSendPiecesAsOneMessage() {
        final Connection connection = rig.open(context());
        final ByteBuffer[] pieces = {ByteBuffer.wrap(new byte[] {1, 2}), message(0), ByteBuffer.wrap(new byte[] {3})};
        assertEquals(7, connection.offer(pieces, 0, 3));
        assertEquals(12, connection.offer(pieces, 2, 1));
        rig.turn();
        assertArrayEquals(new byte[] {0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 1, 3}, rig.channel.written.toByteArray());
        assertEquals(0, pieces[0].position());
    }

    @Test
    void shouldSendABatchWholeOrNotAtAll() {
        final Connection connection = rig.open(context());
        final ByteBuffer messages = ByteBuffer.wrap(new byte[] {9, 1, 2, 3});
        assertEquals(11, connection.offerBatch(messages, 1, new int[] {2, 1}, 2));
        rig.turn();
        assertArrayEquals(new byte[] {0, 0, 0, 2, 1, 2, 0, 0, 0, 1, 3}, rig.channel.written.toByteArray());

        rig.channel.writeLimit = 0;
        connection.offer(message(500));
        assertEquals(Connection.BACK_PRESSURED, connection.offerBatch(message(600), 0, new int[] {300, 300}, 2));
        assertEquals(Connection.MESSAGE_TOO_LONG, connection.offerBatch(message(900), 0, new int[] {1, 513}, 2));
        assertThrows(IllegalArgumentException.class, () -> connection.offerBatch(message(9), 0, new int[] {3, 0}, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> connection.offerBatch(message(9), 0, new int[] {9, 1}, 2));
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        assertEquals(11 + 504, rig.channel.written.size());
        connection.close();
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(3, rig.onlyReport().accepted());
    }

    @Test
    void shouldSendWhatIsWrittenIntoAClaimOnceCommitted() {
        final Connection connection = rig.open(context());
        final MessageClaim claim = connection.newClaim();
        assertEquals(0, connection.tryClaim(2, claim));
        assertThrows(IllegalStateException.class, () -> connection.tryClaim(2, claim));
        claim.buffer().put(claim.offset(), (byte) 7).put(claim.offset() + 1, (byte) 8);
        rig.turn();
        assertEquals(0, rig.channel.written.size());
        assertEquals(6, claim.commit());
        assertThrows(IllegalStateException.class, claim::commit);
        connection.tryClaim(100, claim);
        claim.abort();
        rig.turn();
        assertArrayEquals(new byte[] {0, 0, 0, 2, 7, 8}, rig.channel.written.toByteArray());
    }

    @Test
    void shouldRefuseAClaimOfAnotherConnection() {
        final Connection connection = rig.open(context());
        final MessageClaim foreign = new ConnectionRig().open(context()).newClaim();
        assertThrows(IllegalArgumentException.class, () -> connection.tryClaim(1, foreign));
    }

    @Test
    void shouldCountWhatIsRefused() {
        final Connection connection = rig.open(context());
        assertEquals(Connection.MESSAGE_TOO_LONG, connection.offer(message(513)));
        fillRing(connection);
        assertEquals(1, connection.counters().tooLong());
        assertEquals(1, connection.counters().backPressured());
        assertEquals(0, connection.counters().dropped());
    }

    // ---- room ----

    @Test
    void shouldTellOnceThatThereIsRoomWhenAnOfferFoundNone() {
        final Connection connection = rig.open(context());
        fillRing(connection);
        rig.turn();
        assertEquals(0, rig.writable);
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        assertEquals(1, rig.writable);
        rig.turn();
        assertEquals(1, rig.writable);
    }

    @Test
    void shouldTellOfRoomWhenTheSenderIsLateWithItsWord() {
        final Connection connection = rig.open(context());
        fillRing(connection);
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        assertEquals(1, rig.writable);
        // As if a sender had found the ring full, and slept until all of it was sent.
        rig.agent.lane().leaveWord();
        rig.turn();
        assertEquals(2, rig.writable);
    }

    @Test
    void shouldNotSpinWhenASenderWantsMoreThanThereIs() {
        final Connection connection = rig.open(context());
        rig.onWritable = () -> connection.offerBatch(message(1000), 0, new int[] {500, 500}, 2);
        fillRing(connection);
        rig.channel.writeLimit = 600;
        rig.agent.doWork();
        rig.channel.writeLimit = 0;
        rig.turn();
        assertTrue(rig.writable <= 1, "writable=" + rig.writable);
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        assertTrue(rig.writable >= 1);
    }

    @Test
    void shouldAnswerBackPressureWhenASendHasWaitedLongEnough() throws Exception {
        final Connection connection = rig.open(context());
        fillRing(connection);
        final CompletableFuture<Long> answer = sendInAnotherThread(connection, 1_000_000);
        assertFalse(answer.isDone());
        rig.pass(1_000_000);
        assertEquals(Connection.BACK_PRESSURED, answer.get(30, TimeUnit.SECONDS));
    }

    @Test
    void shouldSendOnceThereIsRoomOrSayThatItIsClosed() throws Exception {
        final Connection connection = rig.open(context());
        fillRing(connection);
        final CompletableFuture<Long> answer = sendInAnotherThread(connection, TimeUnit.HOURS.toNanos(1));
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        assertTrue(answer.get(30, TimeUnit.SECONDS) > 0);
        fillRing(connection);
        final CompletableFuture<Long> other = sendInAnotherThread(connection, TimeUnit.HOURS.toNanos(1));
        connection.close();
        rig.turn();
        assertEquals(Connection.CLOSED, other.get(30, TimeUnit.SECONDS));
    }

    @Test
    void shouldRefuseToBlockTheConnectionsOwnThread() {
        final Connection connection = rig.open(context());
        assertThrows(IllegalStateException.class, () -> connection.send(message(1), 1));
    }

    /** Returns once the sender is parked. */
    private static CompletableFuture<Long> sendInAnotherThread(final Connection connection, final long timeoutNs)
            throws Exception {
        final CompletableFuture<Long> answer = new CompletableFuture<>();
        final Thread sender = new Thread(() -> {
            try {
                answer.complete(connection.send(message(200), timeoutNs));
            } catch (final InterruptedException | RuntimeException ex) {
                answer.completeExceptionally(ex);
            }
        });
        sender.setDaemon(true);
        sender.start();
        final long startNs = System.nanoTime();
        while (sender.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(30), "the sender does not wait");
            assertFalse(answer.isDone(), "the sender does not wait");
            Thread.onSpinWait();
        }
        return answer;
    }

    @Test
    void shouldTellOfASlowConsumerOnceUntilThereIsRoom() {
        final Connection connection = rig.open(context().slowConsumerTimeoutNs(1000));
        fillRing(connection);
        rig.turn();
        rig.pass(999);
        assertEquals(0, rig.slow);
        rig.pass(1);
        assertEquals(1, rig.slow);
        rig.pass(5000);
        assertEquals(1, rig.slow);
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        fillRing(connection);
        rig.turn();
        rig.pass(1000);
        assertEquals(2, rig.slow);
        assertEquals(2, connection.counters().slowConsumer());
        assertFalse(connection.isClosed());
    }

    @Test
    void shouldDropAndCountWhenThePolicySaysSo() {
        final Connection connection = rig.open(context().slowConsumerPolicy(SlowConsumerPolicy.DROP_NEWEST));
        fillRing(connection);
        assertEquals(Connection.DROPPED, connection.offer(message(200)));
        assertEquals(2, connection.counters().dropped());
    }

    @Test
    void shouldDisconnectASlowConsumerWhenThePolicySaysSo() {
        final Connection connection = rig.open(
                context().slowConsumerPolicy(SlowConsumerPolicy.DISCONNECT).slowConsumerTimeoutNs(1000));
        fillRing(connection);
        rig.turn();
        rig.pass(1000);
        assertEquals(CloseReason.SLOW_CONSUMER, rig.onlyReport().reason());
        assertEquals(rig.onlyReport().accepted(), rig.onlyReport().undelivered());
        assertTrue(rig.onlyReport().undelivered() > 0);
    }

    // ---- reading ----

    @Test
    void shouldStopReadingAtOnceWhenTheCallbackPauses() {
        final Connection connection = rig.open(context());
        rig.onMessage = connection::pauseReading;
        rig.channel.receive(ConnectionRig.frames(1, 2, 3));
        rig.turn();
        assertEquals(List.of(1), rig.lengths);
        rig.pass(1);
        assertEquals(List.of(1), rig.lengths);
        rig.onMessage = () -> {};
        connection.resumeReading();
        rig.turn();
        assertEquals(List.of(1, 2, 3), rig.lengths);
        assertEquals(3, connection.counters().messagesIn());
        assertEquals(18, connection.counters().bytesIn());
    }

    // ---- silence ----

    @Test
    void shouldTellOfSilenceAtTheEndOfEachInterval() {
        final Connection connection = rig.open(context().idleContext(new IdleContext().readIdleTimeoutNs(100)));
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
        final Connection connection = rig.open(
                context().idleContext(new IdleContext().writeIdleTimeoutNs(100).idleTimeoutNs(150)));
        rig.pass(60);
        connection.offer(message(1));
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
        final Connection connection = rig.open(
                context().idleContext(new IdleContext().heartbeatIntervalNs(100).heartbeatMissedLimit(3)));
        for (int i = 1; i <= 5; i++) {
            rig.pass(100);
            assertEquals(i, connection.counters().heartbeats());
            rig.channel.receive(ConnectionRig.frames(1));
            rig.turn();
        }
        assertFalse(connection.isClosed());
        assertEquals(5 * ConnectionRig.HEARTBEAT.length, rig.channel.written.size());
    }

    @Test
    void shouldCloseAtOneBeyondTheLimitWhenNoHeartbeatIsAnswered() {
        rig.heartbeat = true;
        final Connection connection = rig.open(
                context().idleContext(new IdleContext().heartbeatIntervalNs(100).heartbeatMissedLimit(3)));
        rig.pass(100);
        rig.pass(100);
        rig.pass(100);
        assertFalse(connection.isClosed());
        rig.pass(99);
        assertFalse(connection.isClosed());
        rig.pass(1);
        assertEquals(CloseReason.HEARTBEAT_LOST, rig.onlyReport().reason());
        assertEquals(3, connection.counters().heartbeats());
    }

    @Test
    void shouldKeepAHeartbeatOutOfAMessageThatIsHalfWritten() {
        rig.heartbeat = true;
        final Connection connection = rig.open(context().idleContext(new IdleContext().heartbeatIntervalNs(100)));
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
        final Connection connection = rig.open(context().idleContext(new IdleContext().heartbeatIntervalNs(100)));
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
        final Connection connection = rig.open(
                context().idleContext(new IdleContext().heartbeatIntervalNs(100).heartbeatMissedLimit(2)));
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
        rig.pass(99);
        assertFalse(connection.isClosed());
        rig.pass(1);
        assertEquals(CloseReason.HEARTBEAT_LOST, rig.onlyReport().reason());
    }

    @Test
    void shouldLeaveTheHeartbeatToTheHandlerWhenTheProtocolHasNone() {
        final Connection connection = rig.open(context().idleContext(new IdleContext().heartbeatIntervalNs(100)));
        rig.pass(100);
        assertEquals(List.of(IdleKind.READ), rig.idle);
        assertEquals(0, connection.counters().heartbeats());
    }

    @Test
    void shouldNotHoldAPauseAgainstThePeer() {
        final Connection connection = rig.open(
                context().idleContext(new IdleContext().heartbeatIntervalNs(100).heartbeatMissedLimit(1)));
        connection.pauseReading();
        rig.pass(100);
        rig.pass(100);
        rig.pass(100);
        assertFalse(connection.isClosed());
    }

    @Test
    void shouldCloseWhenNotAuthenticatedInTime() {
        rig.open(context().authenticationTimeoutNs(100));
        rig.pass(99);
        assertEquals(List.of(), rig.reports);
        rig.pass(1);
        assertEquals(CloseReason.AUTHENTICATION_TIMEOUT, rig.onlyReport().reason());
        assertTrue(rig.channel.outputEnded);
    }

    @Test
    void shouldStayOpenWhenAuthenticatedInTime() {
        final Connection connection = rig.open(context().authenticationTimeoutNs(100));
        connection.authenticated();
        rig.pass(1000);
        assertFalse(connection.isClosed());
    }

    // ---- both halves of the end ----

    @Test
    void shouldStillReceiveWhenOnlyTheOutputIsClosed() {
        final Connection connection = rig.open(context());
        connection.offer(message(10));
        connection.closeOutput();
        assertEquals(Connection.CLOSED, connection.offer(message(10)));
        rig.turn();
        assertTrue(rig.channel.outputEnded);
        assertEquals(14, rig.channel.written.size());
        rig.pass(10_000);
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
        final Connection connection = rig.open(context());
        rig.channel.writeLimit = 0;
        connection.offer(message(10));
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
        final Connection connection = rig.open(context());
        connection.tryClaim(5, connection.newClaim());
        connection.offer(message(10));
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
        final Connection connection = rig.open(context());
        connection.tryClaim(5, connection.newClaim());
        connection.offer(message(10));
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
        final Connection connection = rig.open(context()
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
        final Connection connection = rig.open(context().halfCloseTimeoutNs(1000));
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
        final Connection connection = rig.open(context().halfCloseTimeoutNs(0));
        connection.closeOutput();
        rig.turn();
        rig.pass(TimeUnit.DAYS.toNanos(1));
        assertEquals(ConnectionPhase.OPEN, connection.state().phase());
    }

    // ---- sleep ----

    @Test
    void shouldNotSleepWhenASenderLeftWordAfterTheLastTurnAndThereIsRoom() {
        rig.open(context().waiting(Waiting.PARKING));
        rig.turn();
        rig.agent.lane().leaveWord();
        rig.channel.whileParked = () -> {};
        rig.agent.rest().onPlatformThread().idle(0);
        assertEquals(0, rig.channel.parks, "slept though there is room, and somebody who wants it");
    }

    @Test
    void shouldSleepWhileASenderWaitsAndThereIsNoRoom() {
        final Connection connection = rig.open(context().waiting(Waiting.PARKING));
        fillRing(connection);
        rig.sleep(() -> {});
        assertEquals(1, rig.channel.parks);
    }

    @Test
    void shouldHoldNoBufferWhileItSleepsInTheMiddleOfAMessage() {
        rig.open(context().waiting(Waiting.PARKING));
        rig.channel.receive(ConnectionRig.frames(9).limit(7));
        rig.sleep(() -> assertEquals(0, rig.buffers.lent()));
        assertEquals(1, rig.channel.parks);
        rig.channel.receive(ConnectionRig.frames(9).position(7));
        rig.turn();
        assertEquals(List.of(9), rig.lengths);
    }

    @Test
    void shouldNotCountLettingBuffersGoAsWork() {
        final Connection connection = rig.open(context().idleContext(new IdleContext().bufferIdleTimeoutNs(100)));
        connection.offer(message(10));
        rig.turn();
        rig.passUnnoticed(100);
        assertEquals(0, rig.agent.doWork(), "a turn that only let buffers go has worked");
        assertFalse(rig.agent.lane().rings().isHolding());
    }

    @Test
    void shouldTellOfRoomOnceThoughASenderWantsMoreThanThereIs() {
        final Connection connection = rig.open(context());
        fillRing(connection);
        rig.channel.writeLimit = 600;
        rig.agent.doWork();
        assertEquals(1, rig.writable);
        rig.channel.writeLimit = 0;
        for (int i = 0; i < 10; i++) {
            assertEquals(Connection.BACK_PRESSURED, connection.offerBatch(message(1000), 0, new int[] {500, 500}, 2));
            rig.agent.doWork();
        }
        assertEquals(1, rig.writable, "told again though nothing has moved");
    }

    @Test
    void shouldStillSendWhenThePeerHasEndedAndThatIsAllowed() {
        final Connection connection = rig.open(context().allowHalfOpen(true));
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(1, rig.peerEnds);
        rig.pass(10_000);
        assertEquals(14, connection.offer(message(10)));
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
        final Connection connection = rig.open(context());
        rig.onPeerEnd = () -> assertTrue(connection.offer(message(10)) > 0);
        rig.channel.inputEnded = true;
        rig.turn();
        assertEquals(CloseReason.PEER_CLOSE, rig.onlyReport().reason());
        assertEquals(1, rig.onlyReport().flushed());
    }

    @Test
    void shouldFlushNothingWhenClosedNow() {
        final Connection connection = rig.open(context());
        connection.offer(message(10));
        connection.closeNow();
        connection.closeNow();
        assertEquals(Connection.CLOSED, connection.offer(message(10)));
        rig.turn();
        assertEquals(CloseReason.LOCAL_ABORT, rig.onlyReport().reason());
        assertEquals(1, rig.onlyReport().undelivered());
        assertEquals(ConnectionPhase.CLOSED, connection.state().phase());
        assertEquals(CloseReason.LOCAL_ABORT, connection.state().closeReason().orElseThrow());
    }

    // ---- buffers ----

    @Test
    void shouldHoldNoRingBeforeTheFirstMessageAndNoneOnceIdle() {
        final Connection connection = rig.open(context().idleContext(new IdleContext().bufferIdleTimeoutNs(100)));
        final RingCell rings = rig.agent.lane().rings();
        assertFalse(rings.isHolding());
        assertEquals(14, connection.offer(message(10)));
        rig.turn();
        assertTrue(rings.isHolding());
        rig.pass(99);
        assertTrue(rings.isHolding());
        rig.pass(1);
        assertFalse(rings.isHolding());
        // The stream goes on where it was.
        assertEquals(28, connection.offer(message(10)));
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
        final Connection connection = rig.open(context().idleContext(new IdleContext().bufferIdleTimeoutNs(100)));
        rig.channel.writeLimit = 0;
        connection.offer(message(10));
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
