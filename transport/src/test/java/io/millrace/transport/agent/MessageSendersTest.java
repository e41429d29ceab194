package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.MessageClaim;
import org.junit.jupiter.api.Test;

/** One thread plays the connection's, the senders', the peer's and the clock's part. */

/** Claims, and senders that are inside of an offer, when the connection ends. */
class MessageSendersTest extends MessageRig {
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
}
