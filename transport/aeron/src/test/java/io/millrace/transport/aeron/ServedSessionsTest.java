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
        for (int i = 1; i <= 64; i++) {
            sessions.add(i, () -> true);
            assertEquals(i % 64, sessions.size());
        }
        for (int i = 1; i <= 64; i++) {
            sessions.add(i, () -> false);
        }
        // No sooner than there are as many again, or it would look through all of them for each.
        for (int i = 65; i <= 128; i++) {
            sessions.add(i, () -> true);
            assertEquals(i == 128 ? 64 : i, sessions.size());
        }
        for (int i = 1; i <= 128; i++) {
            assertEquals(i <= 64, sessions.contains(i), "i=" + i);
        }
    }
}
