package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A discard listener that throws is heard of in the log, and nowhere else. */
class SessionCacheListenerTest extends SessionCacheFixture {
    private final LogCapture log = new LogCapture(TicketDiscards.class);
    private boolean isSound;

    @AfterEach
    void close() {
        log.close();
    }

    private SessionCache broken(final int maxKeys, final int maxPerKey, final int maxTickets) {
        return new SessionCache(new SessionCacheContext()
                .maxKeys(maxKeys)
                .maxTicketsPerKey(maxPerKey)
                .maxTickets(maxTickets)
                .clock(() -> nowMs[0])
                .discardListener((key, slot, cause) -> {
                    if (!isSound) {
                        // Checked, as other languages than Java throw it.
                        Errors.rethrow(new IOException("slot=" + slot));
                    }
                }));
    }

    @Test
    void shouldLetTicketInWhenTheOneItReplacesCannotBeTold() {
        final SessionCache cache = broken(1, 1, 1);
        cache.put(A, 1, 60);

        assertTrue(cache.put(A, 2, 60));

        assertEquals(2, takeSlot(cache, A));
        assertConserved(cache);
        assertEquals(List.of("SEVERE a discard listener failed: java.io.IOException: slot=1"), log.lines);
    }

    @Test
    void shouldHandOutLiveTicketWhenTheExpiredAboveItCannotBeTold() {
        final SessionCache cache = broken(1, 2, 2);
        cache.put(A, 1, 600);
        cache.put(A, 2, 60);
        nowMs[0] += 60_001;

        assertEquals(1, takeSlot(cache, A));

        assertEquals(1, log.lines.size());
        assertConserved(cache);
    }

    @Test
    void shouldLoseNoRoomWhenEvictedCannotBeTold() {
        final SessionCache cache = broken(4, 8, 2);
        for (int i = 0; i < 10; i++) {
            assertTrue(cache.put(key("broken" + i), i, 60));
            nowMs[0]++;
        }
        assertEquals(8, log.lines.size());
        isSound = true;

        for (int i = 0; i < 10; i++) {
            assertTrue(cache.put(key("sound" + i), i, 60));
            nowMs[0]++;
        }

        assertEquals(2, cache.stats().resident());
        assertConserved(cache);
    }

    @Test
    void shouldRefuseTicketWithoutThrowingWhenItCannotBeTold() {
        assertFalse(broken(0, 1, 1).put(A, 1, 60));
        assertFalse(broken(1, 1, 1).put(A, 1, 0));
        assertEquals(2, log.lines.size());
    }

    @Test
    void shouldCloseEveryKeyWhenListenerThrows() {
        final SessionCache cache = broken(8, 2, 8);
        for (final SessionKey key : List.of(A, B, C)) {
            cache.put(key, 1, 60);
            cache.put(key, 2, 60);
        }

        cache.close();

        assertEquals(6, log.lines.size());
        assertEquals(new SessionCacheStats(6, 0, 0, 0, 0, 6, 0), cache.stats());
    }
}
