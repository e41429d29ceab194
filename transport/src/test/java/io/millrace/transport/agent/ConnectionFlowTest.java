package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.SlowConsumerPolicy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Offers and reading, and what becomes of senders while there is no room. One thread plays all parts. */
class ConnectionFlowTest {
    private final ConnectionRig rig = new ConnectionRig();

    @Test
    void shouldSendPiecesAsOneMessage() {
        final Connection connection = rig.open(ConnectionRig.settings());
        final ByteBuffer[] pieces = {
            ByteBuffer.wrap(new byte[] {1, 2}), ConnectionRig.message(0), ByteBuffer.wrap(new byte[] {3})
        };
        assertEquals(7, connection.offer(pieces, 0, 3));
        assertEquals(12, connection.offer(pieces, 2, 1));
        rig.turn();
        assertArrayEquals(new byte[] {0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 1, 3}, rig.channel.written.toByteArray());
        assertEquals(0, pieces[0].position());
    }

    @Test
    void shouldSendABatchWholeOrNotAtAll() {
        final Connection connection = rig.open(ConnectionRig.settings());
        final ByteBuffer messages = ByteBuffer.wrap(new byte[] {9, 1, 2, 3});
        assertEquals(11, connection.offerBatch(messages, 1, new int[] {2, 1}, 2));
        rig.turn();
        assertArrayEquals(new byte[] {0, 0, 0, 2, 1, 2, 0, 0, 0, 1, 3}, rig.channel.written.toByteArray());

        rig.channel.writeLimit = 0;
        connection.offer(ConnectionRig.message(500));
        assertEquals(
                Connection.BACK_PRESSURED,
                connection.offerBatch(ConnectionRig.message(600), 0, new int[] {300, 300}, 2));
        assertEquals(
                Connection.MESSAGE_TOO_LONG,
                connection.offerBatch(ConnectionRig.message(900), 0, new int[] {1, 513}, 2));
        assertThrows(
                IllegalArgumentException.class,
                () -> connection.offerBatch(ConnectionRig.message(9), 0, new int[] {3, 0}, 2));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> connection.offerBatch(ConnectionRig.message(9), 0, new int[] {9, 1}, 2));
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
        final Connection connection = rig.open(ConnectionRig.settings());
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
        final Connection connection = rig.open(ConnectionRig.settings());
        final MessageClaim foreign =
                new ConnectionRig().open(ConnectionRig.settings()).newClaim();
        assertThrows(IllegalArgumentException.class, () -> connection.tryClaim(1, foreign));
    }

    @Test
    void shouldCountWhatIsRefused() {
        final Connection connection = rig.open(ConnectionRig.settings());
        assertEquals(Connection.MESSAGE_TOO_LONG, connection.offer(ConnectionRig.message(513)));
        rig.fillRing();
        assertEquals(1, connection.counters().tooLong());
        assertEquals(1, connection.counters().backPressured());
        assertEquals(0, connection.counters().dropped());
    }

    @Test
    void shouldTellOnceThatThereIsRoomWhenAnOfferFoundNone() {
        rig.open(ConnectionRig.settings());
        rig.fillRing();
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
        rig.open(ConnectionRig.settings());
        rig.fillRing();
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
        final Connection connection = rig.open(ConnectionRig.settings());
        rig.onWritable = () -> connection.offerBatch(ConnectionRig.message(1000), 0, new int[] {500, 500}, 2);
        rig.fillRing();
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
        final Connection connection = rig.open(ConnectionRig.settings());
        rig.fillRing();
        final CompletableFuture<Long> answer = sendInAnotherThread(connection, 1_000_000);
        assertFalse(answer.isDone());
        rig.pass(1_000_000);
        assertEquals(Connection.BACK_PRESSURED, answer.get(30, TimeUnit.SECONDS));
        assertEquals(2, connection.counters().backPressured());
    }

    @Test
    void shouldSendOnceThereIsRoomOrSayThatItIsClosed() throws Exception {
        final Connection connection = rig.open(ConnectionRig.settings());
        rig.fillRing();
        final CompletableFuture<Long> answer = sendInAnotherThread(connection, TimeUnit.HOURS.toNanos(1));
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        assertTrue(answer.get(30, TimeUnit.SECONDS) > 0);
        rig.fillRing();
        final CompletableFuture<Long> other = sendInAnotherThread(connection, TimeUnit.HOURS.toNanos(1));
        connection.close();
        rig.turn();
        assertEquals(Connection.CLOSED, other.get(30, TimeUnit.SECONDS));
    }

    @Test
    void shouldRefuseToBlockTheConnectionsOwnThread() {
        final Connection connection = rig.open(ConnectionRig.settings());
        assertThrows(IllegalStateException.class, () -> connection.send(ConnectionRig.message(1), 1));
    }

    /** Returns once the sender is parked. */
    private static CompletableFuture<Long> sendInAnotherThread(final Connection connection, final long timeoutNs)
            throws Exception {
        final CompletableFuture<Long> answer = new CompletableFuture<>();
        final Thread sender = new Thread(() -> {
            try {
                answer.complete(connection.send(ConnectionRig.message(200), timeoutNs));
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
        final Connection connection = rig.open(ConnectionRig.settings().slowConsumerTimeoutNs(1000));
        rig.fillRing();
        rig.turn();
        rig.pass(999);
        assertEquals(0, rig.slow);
        rig.pass(1);
        assertEquals(1, rig.slow);
        rig.pass(5000);
        assertEquals(1, rig.slow);
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        rig.fillRing();
        rig.turn();
        rig.pass(1000);
        assertEquals(2, rig.slow);
        assertEquals(2, connection.counters().slowConsumer());
        assertFalse(connection.isClosed());
    }

    @Test
    void shouldDropAndCountWhenThePolicySaysSo() {
        final Connection connection =
                rig.open(ConnectionRig.settings().slowConsumerPolicy(SlowConsumerPolicy.DROP_NEWEST));
        rig.fillRing();
        assertEquals(Connection.DROPPED, connection.offer(ConnectionRig.message(200)));
        assertEquals(2, connection.counters().dropped());
        rig.channel.writeLimit = Integer.MAX_VALUE;
        rig.turn();
        assertEquals(1, rig.writable);
    }

    @Test
    void shouldDisconnectASlowConsumerWhenThePolicySaysSo() {
        rig.open(ConnectionRig.settings()
                .slowConsumerPolicy(SlowConsumerPolicy.DISCONNECT)
                .slowConsumerTimeoutNs(1000));
        rig.fillRing();
        rig.turn();
        rig.pass(1000);
        assertEquals(CloseReason.SLOW_CONSUMER, rig.onlyReport().reason());
        assertEquals(rig.onlyReport().accepted(), rig.onlyReport().undelivered());
        assertTrue(rig.onlyReport().undelivered() > 0);
        assertTrue(rig.channel.outputEnded, "the peer is told");
    }

    @Test
    void shouldTellOfRoomOnceThoughASenderWantsMoreThanThereIs() {
        final Connection connection = rig.open(ConnectionRig.settings());
        rig.fillRing();
        rig.channel.writeLimit = 600;
        rig.agent.doWork();
        assertEquals(1, rig.writable);
        rig.channel.writeLimit = 0;
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    Connection.BACK_PRESSURED,
                    connection.offerBatch(ConnectionRig.message(1000), 0, new int[] {500, 500}, 2));
            rig.agent.doWork();
        }
        assertEquals(1, rig.writable, "told again though nothing has moved");
    }

    @Test
    void shouldStopReadingAtOnceWhenTheCallbackPauses() {
        final Connection connection = rig.open(ConnectionRig.settings());
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
}
