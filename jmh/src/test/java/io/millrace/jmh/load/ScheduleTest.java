package io.millrace.jmh.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final long START_NS = -5_000;
    private static final long SECOND_NS = 1_000_000_000;

    @Test
    void shouldSpaceMessagesEvenlyWhenConnectionsTakeTurns() {
        final Schedule schedule =
                new Schedule(START_NS, START_NS + SECOND_NS, START_NS, 1_000, 4, new long[] {0, 0, 7, 0});
        for (int message = 0; message < 1_000; message++) {
            assertEquals(START_NS + message * 1_000_000L, schedule.dueNs(message % 4, message / 4));
        }
        assertEquals(schedule.dueNs(2, 3), schedule.dueNsOfTotal(2, 10));
        assertEquals(1_000, schedule.scheduled());
        assertFalse(schedule.unpaced());
    }

    @Test
    void shouldCountTheMessageThatFallsIntoTheLastMoment() {
        final Schedule schedule = new Schedule(0, SECOND_NS, 0, 1.5, 1, new long[1]);
        assertEquals(2, schedule.scheduled());
        assertTrue(schedule.dueNs(0, 1) < schedule.endNs());
        assertTrue(schedule.dueNs(0, 2) >= schedule.endNs());
    }

    @Test
    void shouldStayExactWhenItRunsForAnHour() {
        final Schedule schedule = new Schedule(0, 3_600 * SECOND_NS, 0, 1e6, 10, new long[10]);
        assertEquals(3_599_999_999_000L, schedule.dueNs(9, 359_999_999));
    }
}
