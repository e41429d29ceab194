package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.Waiting;
import org.junit.jupiter.api.Test;

class LullTest {
    private static final long KEEP_ALIVE_NS = 10 * Lull.SHORT_NS;

    private long nowNs = Long.MAX_VALUE - 5;
    private final Lull lull = Lull.expecting(KEEP_ALIVE_NS, () -> nowNs);

    private void assertShort() {
        assertTrue(lull.leftNs() > 0);
        assertFalse(lull.isLong());
    }

    private void assertLong() {
        assertEquals(0, lull.leftNs());
        assertTrue(lull.isLong());
    }

    @Test
    void shouldBeLongOnceItHasLasted() {
        assertFalse(lull.isLong());
        assertShort();
        nowNs += KEEP_ALIVE_NS - 1;
        assertShort();
        nowNs++;
        assertFalse(lull.isLong(), "nobody has looked");
        assertLong();
    }

    @Test
    void shouldBeginAgainBehindEachPieceOfWork() {
        assertShort();
        nowNs += Lull.SHORT_NS - 1;
        lull.end();
        nowNs += KEEP_ALIVE_NS;
        lull.end();
        assertShort();
        nowNs += KEEP_ALIVE_NS - 1;
        assertShort();
        nowNs++;
        assertLong();
        lull.end();
        assertFalse(lull.isLong());
    }

    @Test
    void shouldBeLongAtOnceWhenOneOfTheLastTwoWasNotShort() {
        assertShort();
        nowNs += Lull.SHORT_NS;
        lull.end();
        assertLong();
        nowNs += Lull.SHORT_NS - 1;
        lull.end();
        assertLong();
        nowNs += Lull.SHORT_NS - 1;
        lull.end();
        assertShort();
    }

    @Test
    void shouldBeLongAtOnceBehindEachAnswer() {
        assertShort();
        for (int i = 0; i < 3; i++) {
            nowNs += Lull.SHORT_NS;
            lull.end();
            assertLong();
            nowNs++;
            lull.end();
            assertLong();
        }
    }

    @Test
    void shouldLookAgainInAWhileWhenTheThreadWasNotSpared() {
        assertShort();
        nowNs += KEEP_ALIVE_NS;
        assertLong();
        lull.lookAgain();
        assertFalse(lull.isLong());
        assertShort();
        nowNs += Lull.AGAIN_NS - 1;
        assertShort();
        nowNs++;
        assertLong();
    }

    @Test
    void shouldLetTheThreadSleepUntilItIsLong() {
        assertEquals(KEEP_ALIVE_NS, lull.leftNs());
        nowNs += 3;
        assertEquals(KEEP_ALIVE_NS - 3, lull.leftNs());
        nowNs += KEEP_ALIVE_NS;
        assertEquals(0, lull.leftNs());
    }

    @Test
    void shouldExpectNothingWhenItHasToLast() {
        final Lull lasting = Lull.lasting(KEEP_ALIVE_NS, () -> nowNs);
        for (int i = 0; i < 2; i++) {
            assertEquals(KEEP_ALIVE_NS, lasting.leftNs());
            nowNs += KEEP_ALIVE_NS;
            assertEquals(0, lasting.leftNs());
            lasting.end();
        }
    }

    private record Agent(boolean mayDetach) implements DrivenAgent {
        @Override
        public Rest rest() {
            return new Rest(Waiting.PARKING, new Doorbell(new ThreadParker()), () -> 0);
        }

        @Override
        public void drivenBy(final Thread thread) {}

        @Override
        public int doWork() {
            return 0;
        }

        @Override
        public String roleName() {
            return "agent";
        }
    }

    @Test
    void shouldBeForWhatCanDetachAndDoesNotKeepItsThreadForEver() {
        assertTrue(Lull.isFor(new Agent(true), Long.MAX_VALUE - 1));
        assertFalse(Lull.isFor(new Agent(true), Long.MAX_VALUE));
        assertFalse(Lull.isFor(new Agent(false), 1));
    }
}
