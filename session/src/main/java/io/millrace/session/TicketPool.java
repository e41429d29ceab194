package io.millrace.session;

/**
 * The tickets of one key and when they were last used, chained with those of other keys that fell into the same bucket.
 * Immutable: the bucket's one reference is where everything that happens to a key happens.
 */
final class TicketPool {
    /** The content of every bucket of a closed cache. */
    static final TicketPool CLOSED = new TicketPool(null, null, 0, null);

    final SessionKey key;
    final TicketList tickets;
    final long usedAtMs;
    final TicketPool next;

    TicketPool(final SessionKey key, final TicketList tickets, final long usedAtMs, final TicketPool next) {
        this.key = key;
        this.tickets = tickets;
        this.usedAtMs = usedAtMs;
        this.next = next;
    }

    static TicketPool find(final TicketPool chain, final SessionKey key) {
        TicketPool pool = chain;
        while (pool != null && !key.equals(pool.key)) {
            pool = pool.next;
        }
        return pool;
    }

    /** A chain without one of its pools. */
    static TicketPool without(final TicketPool chain, final TicketPool pool) {
        return chain == pool
                ? pool.next
                : new TicketPool(chain.key, chain.tickets, chain.usedAtMs, without(chain.next, pool));
    }
}
