package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What is shown in a log or a debugger tells how full a ring is, and none of its bytes. */
class DebugTextTest {
    @Test
    void shouldShowPositionsAndBoundsOfAByteRing() {
        final ByteRing ring = new ManyToOneByteRing(64, 16, Memory.HEAP, 1_000);
        final RingClaim claim = new RingClaim();
        assertEquals("RingClaim not open", claim.toString());
        ring.tryClaim(5, claim);

        final String text =
                "ManyToOneByteRing producerPosition=1005 consumerPosition=1000 pendingRecords=1 closed=false"
                        + " capacity=64 maxRecordLength=16";
        assertEquals(text, ring.toString());
        assertEquals("RingClaim length=5 of " + text, claim.toString());
    }

    @Test
    void shouldShowCountsOfABroadcast() {
        final BroadcastRing ring = new BroadcastRing(64, 16, Memory.HEAP);
        final BroadcastReader reader = ring.newReader();
        ring.offer(ByteBuffer.allocate(16));
        ring.close();

        assertEquals("BroadcastRing publishedRecords=1 closed=true capacity=64 maxRecordLength=16", ring.toString());
        assertEquals("BroadcastReader readRecords=0 missedRecords=0 missedBytes=0 waitingRecords=1", reader.toString());
    }

    @Test
    void shouldShowWhatIsLeftOfABudget() {
        assertEquals("SpinBudget left=3", new SpinBudget(3).toString());
    }
}
