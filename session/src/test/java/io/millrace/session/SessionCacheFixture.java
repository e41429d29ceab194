package io.millrace.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/** A cache whose clock the test moves, and which writes down what it discards. */
abstract class SessionCacheFixture {
    static final SessionKey A = key("a");
    static final SessionKey B = key("b");
    static final SessionKey C = key("c");

    final long[] nowMs = {1_000_000};
    final List<String> discarded = new ArrayList<>();
    final SessionCache cache = cache(100, 4, 100);

    static SessionKey key(final String host) {
        return SessionKey.builder(host, 443).build();
    }

    SessionCache cache(final int maxKeys, final int maxPerKey, final int maxTickets) {
        return new SessionCache(new SessionCacheContext()
                .maxKeys(maxKeys)
                .maxTicketsPerKey(maxPerKey)
                .maxTickets(maxTickets)
                .clock(() -> nowMs[0])
                .discardListener((key, slot, cause) -> discarded.add(slot + " " + cause)));
    }

    static long takeSlot(final SessionCache cache, final SessionKey key) {
        final TakenTicket taken = cache.take(key);
        return taken == null ? -1 : taken.spendSlot();
    }

    static void assertConserved(final SessionCache cache) {
        final SessionCacheStats s = cache.stats();
        assertEquals(
                s.put() + s.givenBack(),
                s.taken() + s.resident() + s.expired() + s.evicted() + s.refused(),
                s::toString);
    }
}
