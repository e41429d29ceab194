package io.millrace.session;

import java.util.Objects;
import java.util.function.Predicate;
import org.agrona.concurrent.EpochClock;

/**
 * Tickets to resume sessions with, each for one connection: a ticket is <em>taken</em>, never looked at, so two
 * connections cannot use the same one (RFC 8446, C.4). What it hands out is shared with nobody.
 *
 * <p>Tickets of a key are taken newest first. A ticket is a slot id or bytes; bytes are copied in and zeroed when they are
 * discarded. Lifetimes are honoured (RFC 8446, 4.6.1): 0 discards at once, none counts past 604,800 seconds, and a ticket
 * as old as its lifetime is still good.
 *
 * <p><b>Full.</b> A key past its bound loses its oldest ticket. A cache past one of its bounds loses the key that was not
 * used for longest, by the clock's milliseconds and, in a cache of more than 256 keys, among a sample of 32. A
 * key whose tickets are all taken keeps its place until {@link #expire()} or until the room is needed, and goes first.
 * The bounds are never exceeded; while other threads change a full cache, it may evict one key early or refuse a ticket.
 *
 * <p><b>Closed.</b> Takes find nothing and puts are refused.
 *
 * <p>Any thread. {@code take}, {@code put} and {@code giveBack} are lock-free: one compare-and-set on the tickets of
 * the key decides. Nothing blocks.
 */
public final class SessionCache implements AutoCloseable {
    private final EpochClock clock;
    private final TicketTable table;
    private final TicketBounds bounds;
    private final TicketCounters counters = new TicketCounters();
    private final TicketDiscards discards;

    /**
     * Makes an empty cache.
     *
     * @param context bounds, clock and listener, read now.
     */
    public SessionCache(final SessionCacheContext context) {
        clock = context.clock();
        table = new TicketTable(Math.min(context.maxKeys(), context.maxTickets()));
        bounds = new TicketBounds(context);
        discards = new TicketDiscards(context.discardListener(), counters);
    }

    /**
     * Takes the newest ticket of a key. Lock-free.
     *
     * @param key that must match.
     * @return a ticket that no other caller has or will get, or null if there is none.
     */
    public TakenTicket take(final SessionKey key) {
        final TicketPool pool = table.find(Objects.requireNonNull(key, "key"));
        Ticket tickets = pool == null ? null : pool.tickets();
        while (tickets != null) {
            // After they were loaded: what was put later than the time says would pass for expired.
            final long nowMs = clock.time();
            final Ticket live = tickets.newestLive(nowMs);
            final Ticket rest = live == null ? null : live.next();
            if (pool.compareAndSet(tickets, rest, nowMs)) {
                bounds.shrunk(tickets, rest);
                if (live != null) {
                    counters.add(TicketCounters.TAKEN, 1);
                }
                discards.all(tickets, live, DiscardCause.EXPIRED, nowMs);
                return live == null ? null : new TakenTicket(this, live);
            }
            tickets = pool.tickets();
        }
        return null;
    }

    /**
     * Stores a slot. Lock-free.
     *
     * @param key       that must match.
     * @param slot      id of the slot: one that is not in the cache.
     * @param lifetimeS lifetime in seconds: not negative.
     * @return whether it was let in; if not, the discard listener was told.
     * @throws IllegalArgumentException if the lifetime is negative: nothing changed.
     */
    public boolean put(final SessionKey key, final long slot, final long lifetimeS) {
        return put(key, null, slot, lifetimeS);
    }

    /**
     * Stores bytes. Lock-free.
     *
     * @param key       that must match.
     * @param bytes     copied; the caller's array stays the caller's.
     * @param lifetimeS lifetime in seconds: not negative.
     * @return whether it was let in.
     * @throws IllegalArgumentException if the lifetime is negative: nothing changed.
     */
    public boolean put(final SessionKey key, final byte[] bytes, final long lifetimeS) {
        return put(key, bytes.clone(), 0, lifetimeS);
    }

    private boolean put(final SessionKey key, final byte[] secret, final long slot, final long lifetimeS) {
        Objects.requireNonNull(key, "key");
        if (lifetimeS < 0) {
            throw new IllegalArgumentException("a lifetime is not negative: lifetimeS=" + lifetimeS);
        }
        final long nowMs = clock.time();
        final Ticket ticket = new Ticket(key, secret, slot, nowMs, lifetimeS);
        counters.add(TicketCounters.PUT, 1);
        return lifetimeS > 0 ? store(ticket, nowMs) : discards.one(ticket, DiscardCause.REFUSED);
    }

    /**
     * Gives a ticket back unspent: it takes its old place among its key's tickets, and its lifetime goes on. Lock-free.
     *
     * @param taken ticket that this cache handed out, not spent, closed or given back.
     * @return whether it was let in again; if not, it is discarded.
     * @throws IllegalStateException    if the ticket is not held any more: nothing changed.
     * @throws IllegalArgumentException if the ticket is of another cache: nothing changed.
     */
    public boolean giveBack(final TakenTicket taken) {
        if (taken.cache != this) {
            throw new IllegalArgumentException("ticket of another cache: key=" + taken.key());
        }
        // First of all: if the clock throws, the ticket is still held.
        final long nowMs = clock.time();
        taken.giveBack();
        counters.add(TicketCounters.GIVEN_BACK, 1);
        if (taken.ticket.isExpired(nowMs)) {
            return discards.one(taken.ticket, DiscardCause.EXPIRED);
        }
        return store(taken.ticket.copy(), nowMs);
    }

    /**
     * Discards every ticket of the keys that a predicate names, for instance of a past epoch. Lock-free; visits every
     * bucket.
     *
     * @param predicate of the keys to drop: pure, for it may be asked again.
     * @return number of tickets dropped.
     */
    public int drop(final Predicate<? super SessionKey> predicate) {
        Objects.requireNonNull(predicate, "predicate");
        final int[] dropped = {0};
        table.forEach(pool -> dropped[0] += predicate.test(pool.key) ? evict(pool) : 0);
        return dropped[0];
    }

    /**
     * Discards every ticket whose lifetime is over, so that secrets do not outlive it; to be called now and then.
     * Lock-free; visits every bucket.
     *
     * @return number of tickets that had expired.
     */
    public int expire() {
        final int[] expired = {0};
        table.forEach(pool -> expired[0] += expire(pool));
        return expired[0];
    }

    /**
     * What became of all tickets. Wait-free; visits every bucket, for what is resident is counted and not derived.
     *
     * @return the counters.
     */
    public SessionCacheStats stats() {
        final long[] resident = {0};
        table.forEach(pool -> resident[0] += Ticket.count(pool.tickets()));
        return new SessionCacheStats(
                counters.sum(TicketCounters.PUT),
                counters.sum(TicketCounters.GIVEN_BACK),
                counters.sum(TicketCounters.TAKEN),
                resident[0],
                counters.sum(TicketCounters.EXPIRED),
                counters.sum(TicketCounters.EVICTED),
                counters.sum(TicketCounters.REFUSED));
    }

    /**
     * Discards everything, and refuses whatever comes later. Any thread, any number of times; wait-free. If the clock
     * throws, everything is discarded all the same, without a look at what had expired, and then this throws that.
     */
    @Override
    public void close() {
        table.close(this::bury);
    }

    /** For debugging: counts and bounds, neither keys nor tickets. Wait-free; visits every bucket, as {@link #stats()} does. */
    @Override
    public String toString() {
        return "SessionCache " + bounds + " " + stats();
    }

    private boolean store(final Ticket ticket, final long nowMs) {
        try {
            return insert(ticket, nowMs);
        } catch (final Throwable ex) {
            // The clock's: it is not read once the ticket is in.
            discards.one(ticket, DiscardCause.REFUSED);
            throw ex;
        }
    }

    private boolean insert(final Ticket ticket, final long nowMs) {
        boolean hasPermit = false;
        while (!bounds.refusesAll && !table.isClosed(ticket.key)) {
            final TicketPool pool = table.find(ticket.key);
            if (pool == null) {
                release(hasPermit);
                hasPermit = false;
                if (!acquirePool(ticket.key)) {
                    break;
                }
                // Inserted anew: an attempt on a pool that died since has left it on top of others.
                if (table.add(new TicketPool(ticket.key, Ticket.insert(null, ticket), nowMs))) {
                    return true;
                }
                bounds.killed(null);
                continue;
            }
            final Ticket before = pool.tickets();
            if (before == null && pool.isDead()) {
                table.remove(pool);
                continue;
            }
            final boolean roomless = before != null && Ticket.count(before) >= bounds.maxTicketsPerKey;
            // Its first ticket is paid for by the pool itself.
            if (before != null && !roomless && !hasPermit) {
                hasPermit = acquire(bounds.tickets, ticket.key);
            }
            final boolean grows = before == null || (!roomless && hasPermit);
            if (!grows) {
                release(hasPermit);
                hasPermit = false;
            }
            // Without a permit in hand, after the list was loaded and before it is changed: the clock may throw.
            final long dropMs = grows ? nowMs : clock.time();
            final Ticket all = Ticket.insert(before, ticket);
            final Ticket after = grows ? all : all.withoutOldest();
            if (pool.compareAndSet(before, after, nowMs)) {
                release(hasPermit && before == null);
                if (grows) {
                    return true;
                }
                final Ticket dropped = all.oldest();
                discards.one(dropped, dropped.isExpired(dropMs) ? DiscardCause.EXPIRED : DiscardCause.EVICTED);
                // What is given back may be older than everything that came meanwhile.
                return dropped != ticket;
            }
        }
        release(hasPermit);
        return discards.one(ticket, DiscardCause.REFUSED);
    }

    private void release(final boolean hasPermit) {
        if (hasPermit) {
            bounds.tickets.release(1);
        }
    }

    private boolean acquirePool(final SessionKey key) {
        if (!acquire(bounds.keys, key)) {
            return false;
        }
        boolean acquired = false;
        try {
            acquired = acquire(bounds.tickets, key);
        } finally {
            if (!acquired) {
                bounds.keys.release(1);
            }
        }
        return acquired;
    }

    /** A permit, if need be by evicting other keys; none if the key itself is all there is. */
    private boolean acquire(final Permits permits, final SessionKey key) {
        while (!permits.tryAcquire()) {
            final TicketPool least = table.leastRecentlyUsed(key);
            if (least == null) {
                return false;
            }
            evict(least);
        }
        return true;
    }

    private int evict(final TicketPool pool) {
        while (true) {
            final Ticket tickets = pool.tickets();
            final long nowMs = clock.time();
            if (pool.kill(tickets)) {
                bury(pool, tickets);
                discards.all(tickets, null, DiscardCause.EVICTED, nowMs);
                return Ticket.count(tickets);
            }
            if (pool.isDead()) {
                table.remove(pool);
                return 0;
            }
        }
    }

    private int expire(final TicketPool pool) {
        while (true) {
            final Ticket tickets = pool.tickets();
            final long nowMs = clock.time();
            final Ticket live = Ticket.live(tickets, nowMs);
            if (live == null
                    ? pool.kill(tickets)
                    : live == tickets || pool.compareAndSet(tickets, live, pool.usedAtMs())) {
                if (live == null) {
                    bury(pool, tickets);
                } else {
                    bounds.shrunk(tickets, live);
                }
                discards.expired(tickets, nowMs);
                return Ticket.count(tickets) - Ticket.count(live);
            }
            if (pool.isDead()) {
                return 0;
            }
        }
    }

    /** Of a pool that nobody finds any more: nobody else would discard its tickets, were they left for the clock's sake. */
    private void bury(final TicketPool pool) {
        Ticket tickets = pool.tickets();
        while (!pool.kill(tickets)) {
            if (pool.isDead()) {
                return;
            }
            tickets = pool.tickets();
        }
        bounds.killed(tickets);
        if (tickets != null) {
            discards.evicted(tickets, clock);
        }
    }

    private void bury(final TicketPool pool, final Ticket tickets) {
        table.remove(pool);
        bounds.killed(tickets);
    }
}
