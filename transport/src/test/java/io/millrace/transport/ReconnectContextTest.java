package io.millrace.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReconnectContextTest {
    @Test
    void shouldDrawFromAnyBound() {
        final ReconnectContext context = new ReconnectContext();
        assertEquals(0, context.jitter().applyAsLong(0));
        assertTrue(context.jitter().applyAsLong(Long.MAX_VALUE) >= 0);
    }
}
