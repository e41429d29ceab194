package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A peer's pings by a clock that the test turns, and that runs over. */
class PingLimitTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long START = Long.MAX_VALUE - SECOND / 2;

    private final PingLimit limit = new PingLimit(3);

    private void count(final int pings, final long nowNs) {
        for (int i = 0; i < pings; i++) {
            limit.count(START + nowNs);
        }
    }

    @Test
    void shouldTakeSoManyPingsInEachSecond() {
        for (int second = 0; second < 10; second++) {
            count(1, second * SECOND);
            count(2, second * SECOND + SECOND - 1);
        }
    }

    @Test
    void shouldEndWithOneMoreInASecond() {
        count(3, 0);
        final ProtocolException flood = assertThrows(ProtocolException.class, () -> count(1, SECOND - 1));

        assertEquals(CloseReason.PING_FLOOD, flood.reason());
        assertEquals(1008, CloseCodes.of(flood.reason()));
    }
}
