package io.millrace.transport.tls;

import io.millrace.session.SessionCache;
import io.millrace.session.SessionCacheContext;
import io.millrace.session.SessionKey;
import io.millrace.session.TakenTicket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tickets of one context, by slot. A slot's number is used for one key only, as long as this process lives, so that
 * nothing JSSE has under it can ever serve another. Any thread; lock-free.
 */
final class ClientTickets {
    private static final int HIGHEST_PORT = 0xFFFF;
    private static final AtomicInteger LAST_SLOT = new AtomicInteger(HIGHEST_PORT);
    private static final AtomicLong LAST_EPOCH = new AtomicLong();

    private final SessionCache cache;
    private final long lifetimeS;
    private final EngineFactory engines;
    private final long epoch = LAST_EPOCH.incrementAndGet();
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong resumed = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();

    ClientTickets(final SessionCacheContext bounds, final long lifetimeS, final EngineFactory engines) {
        cache = new SessionCache(bounds);
        this.lifetimeS = lifetimeS;
        this.engines = engines;
    }

    /** A slot with a ticket, not spent yet; null if there is none. */
    TakenTicket take(final SessionKey key) {
        return cache.take(key);
    }

    void giveBack(final TakenTicket taken) {
        cache.giveBack(taken);
    }

    /** A slot that nobody has had: never a port, for JSSE may have tickets of its own user under those, nor -1. */
    static int newSlot() {
        int slot = LAST_SLOT.incrementAndGet();
        while (slot >= -1 && slot <= HIGHEST_PORT) {
            slot = LAST_SLOT.incrementAndGet();
        }
        return slot;
    }

    SessionKey key(final String host, final int port) {
        return SessionKey.builder(host, port)
                .epoch(epoch)
                .serverNames(List.of(host))
                .applicationProtocols(engines.applicationProtocols())
                .protocols(engines.protocols())
                .cipherSuites(engines.cipherSuites())
                .identification(engines.identification())
                .build();
    }

    void put(final SessionKey key, final int slot) {
        cache.put(key, slot, lifetimeS);
    }

    void handshakeDone(final boolean wasOffered, final boolean wasResumed) {
        if (wasOffered) {
            offered.incrementAndGet();
            if (wasResumed) {
                resumed.incrementAndGet();
            }
        }
    }

    void failedOffering() {
        offered.incrementAndGet();
    }

    void retried() {
        retried.incrementAndGet();
    }

    /** Forgets all tickets that are here. */
    void drop() {
        cache.drop(key -> true);
    }

    ResumptionStats stats() {
        final long offers = offered.get();
        return new ResumptionStats(offers, Math.min(offers, resumed.get()), retried.get(), cache.stats());
    }
}
