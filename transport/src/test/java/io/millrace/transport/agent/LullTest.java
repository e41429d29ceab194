package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LullTest {
    private long nowNs = Long.MAX_VALUE - 5;
    private final Lull lull = new Lull(() -> nowNs);

    @Test
    void shouldBeLongOnceItHasLasted() {
        assertFalse(lull.isLong());
        nowNs += Lull.LONG_NS - 1;
        assertFalse(lull.isLong());
        nowNs++;
        assertTrue(lull.isLong());
    }

    @Test
    void shouldBeginAgainBehindEachPieceOfWork() {
        lull.isLong();
        nowNs += Lull.SHORT_NS - 1;
        lull.end();
        nowNs += Lull.LONG_NS;
        lull.end();
        assertFalse(lull.isLong());
        nowNs += Lull.LONG_NS - 1;
        assertFalse(lull.isLong());
    }

    @Test
    void shouldBeLongAtOnceWhenOneOfTheLastTwoWasNotShort() {
        lull.isLong();
        nowNs += Lull.SHORT_NS;
        lull.end();
        assertTrue(lull.isLong());
        nowNs += Lull.SHORT_NS - 1;
        lull.end();
        assertTrue(lull.isLong());
        nowNs += Lull.SHORT_NS - 1;
        lull.end();
        assertFalse(lull.isLong());
    }

    @Test
    void shouldBeLongAtOnceBehindEachAnswer() {
        lull.isLong();
        for (int i = 0; i < 3; i++) {
            nowNs += Lull.SHORT_NS;
            lull.end();
            assertTrue(lull.isLong(), "while the answer is waited for");
            nowNs++;
            lull.end();
            assertTrue(lull.isLong(), "behind the answer");
        }
    }

    @Test
    void shouldLookAgainInAWhileWhenTheThreadWasNotSpared() {
        lull.isLong();
        nowNs += Lull.LONG_NS;
        assertTrue(lull.isLong());
        lull.lookAgain();
        assertFalse(lull.isLong());
        nowNs += Lull.AGAIN_NS - 1;
        assertFalse(lull.isLong());
        nowNs++;
        assertTrue(lull.isLong());
    }

    @Test
    void shouldLetTheThreadSleepUntilItIsLong() {
        lull.isLong();
        assertEquals(Lull.LONG_NS, lull.leftNs());
        nowNs += 3;
        assertEquals(Lull.LONG_NS - 3, lull.leftNs());
        nowNs += Lull.LONG_NS;
        assertEquals(1, lull.leftNs());
    }
}
