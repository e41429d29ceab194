package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ServedSessionsTest {
    @Test
    void shouldServeASessionAgainWhenItIsOver() {
        final ServedSessions sessions = new ServedSessions();
        final AtomicBoolean isOver = new AtomicBoolean();
        assertFalse(sessions.contains(7));
        sessions.add(7, isOver::get);
        assertTrue(sessions.contains(7));
        assertFalse(sessions.contains(8));
        isOver.set(true);
        assertFalse(sessions.contains(7));
        sessions.add(7, () -> false);
        assertTrue(sessions.contains(7));
    }

    @Test
    void shouldLetGoOfThoseThatAreOverAndKeepAllOthers() {
        final ServedSessions sessions = new ServedSessions();
        for (int i = 0; i < 10_000; i++) {
            final boolean isOver = i % 10 != 0;
            sessions.add(i, () -> isOver);
            assertTrue(sessions.size() < Math.max(64, 2 * (i / 10 + 2)), "i=" + i);
        }
        for (int i = 0; i < 10_000; i++) {
            assertEquals(i % 10 == 0, sessions.contains(i), "i=" + i);
        }
    }
}
