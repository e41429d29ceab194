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
 * used for longest, by the clock's milliseconds and, in a cache of more than 256 keys, among a sample of 32. The bounds
 * are never exceeded; while other threads change a full cache, it may evict one key early or refuse a ticket.
 *
 * <p><b>Closed.</b> Takes find nothing and puts are refused.
 *
 * <p>Any thread. {@code take}, {@code put} and {@code giveBack} are lock-free: one compare-and-set on the bucket of the
 * key decides. Nothing blocks.
 */
public final class SessionCache implements AutoCloseable {
    private final int maxTicketsPerKey;
    private final boolean refusesAll;
    private final EpochClock clock;
    private final DiscardListener discardListener;
    private final TicketTable table;
    private final Permits keyPermits;
    private final Permits ticketPermits;
    private final TicketCounters counters = new TicketCounters();

    /**
     * Makes an empty cache.
     *
     * @param context bounds, clock and listener, read now.
     */
    public SessionCache(final SessionCacheContext context) {
        maxTicketsPerKey = context.maxTicketsPerKey();
        refusesAll = context.maxKeys() == 0 || context.maxTickets() == 0 || maxTicketsPerKey == 0;
        clock = context.clock();
        discardListener = context.discardListener();
        table = new TicketTable(Math.min(context.maxKeys(), context.maxTickets()));
        keyPermits = new Permits(context.maxKeys());
        ticketPermits = new Permits(context.maxTickets());
    }

    /**
     * Takes the newest ticket of a key. Lock-free.
     *
     * @param key that must match.
     * @return a ticket that no other caller has or will get, or null if there is none.
     */
    public TakenTicket take(final SessionKey key) {
        final int bucket = table.bucketOf(Objects.requireNonNull(key, "key"));
        final long nowMs = clock.time();
        while (true) {
            final TicketPool chain = table.get(bucket);
            final TicketPool pool = TicketPool.find(chain, key);
            if (pool == null) {
                return null;
            }
            TicketList live = pool.tickets;
            while (live != null && live.ticket.isExpired(nowMs)) {
                live = live.next;
            }
            final TicketList rest = live == null ? null : live.next;
            if (!table.compareAndSet(bucket, chain, replace(chain, pool, rest, nowMs))) {
                continue;
            }
            ticketPermits.release(pool.tickets.size - (rest == null ? 0 : rest.size));
            if (rest == null) {
                keyPermits.release(1);
            }
            if (live != null) {
                counters.add(TicketCounters.TAKEN, 1);
            }
            if (live != pool.tickets) {
                discard(pool.tickets, live, DiscardCause.EXPIRED, nowMs);
            }
            return live == null ? null : new TakenTicket(this, live.ticket);
        }
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
        return lifetimeS > 0 ? store(ticket, nowMs) : discard(ticket, DiscardCause.REFUSED);
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
        taken.giveBack();
        counters.add(TicketCounters.GIVEN_BACK, 1);
        final long nowMs = clock.time();
        if (taken.ticket.isExpired(nowMs)) {
            return discard(taken.ticket, DiscardCause.EXPIRED);
        }
        return store(taken.ticket, nowMs);
    }

    /**
     * Discards every ticket of the keys that a predicate names, for instance of a past epoch. Lock-free; visits every
     * bucket.
     *
     * @param predicate of the keys to drop: pure, for it may be asked again.
     * @return number of tickets dropped.
     */
    public int drop(final Predicate<? super SessionKey> predicate) {
        final long nowMs = clock.time();
        int dropped = 0;
        for (int bucket = 0; bucket < table.length(); bucket++) {
            for (TicketPool pool = table.get(bucket); isPool(pool); pool = pool.next) {
                if (predicate.test(pool.key)) {
                    dropped += remove(bucket, pool.key, nowMs);
                }
            }
        }
        return dropped;
    }

    /**
     * Discards every ticket whose lifetime is over, so that secrets do not outlive it; to be called now and then.
     * Lock-free; visits every bucket.
     *
     * @return number of tickets that had expired.
     */
    public int expire() {
        final long nowMs = clock.time();
        int expired = 0;
        for (int bucket = 0; bucket < table.length(); bucket++) {
            for (TicketPool pool = table.get(bucket); isPool(pool); pool = pool.next) {
                expired += expire(bucket, pool.key, nowMs);
            }
        }
        return expired;
    }

    /**
     * What became of all tickets. Wait-free; visits every bucket, for what is resident is counted and not derived.
     *
     * @return the counters.
     */
    public SessionCacheStats stats() {
        long resident = 0;
        for (int bucket = 0; bucket < table.length(); bucket++) {
            for (TicketPool pool = table.get(bucket); isPool(pool); pool = pool.next) {
                resident += pool.tickets.size;
            }
        }
        return new SessionCacheStats(
                counters.sum(TicketCounters.PUT),
                counters.sum(TicketCounters.GIVEN_BACK),
                counters.sum(TicketCounters.TAKEN),
                resident,
                counters.sum(TicketCounters.EXPIRED),
                counters.sum(TicketCounters.EVICTED),
                counters.sum(TicketCounters.REFUSED));
    }

    /** Discards everything, and refuses whatever comes later. Any thread, any number of times; wait-free. */
    @Override
    public void close() {
        final long nowMs = clock.time();
        for (int bucket = 0; bucket < table.length(); bucket++) {
            for (TicketPool pool = table.close(bucket); isPool(pool); pool = pool.next) {
                discard(pool.tickets, null, DiscardCause.EVICTED, nowMs);
            }
        }
    }

    private boolean store(final Ticket ticket, final long nowMs) {
        if (refusesAll) {
            return discard(ticket, DiscardCause.REFUSED);
        }
        final SessionKey key = ticket.key;
        final int bucket = table.bucketOf(key);
        boolean hasKeyPermit = false;
        boolean hasTicketPermit = false;
        boolean stored = false;
        Ticket dropped = null;
        // Permits first, then the ticket: so the bounds hold at every moment.
        while (true) {
            final TicketPool chain = table.get(bucket);
            if (chain == TicketPool.CLOSED) {
                break;
            }
            final TicketPool pool = TicketPool.find(chain, key);
            boolean full = pool != null && pool.tickets.size >= maxTicketsPerKey;
            if (pool == null && !hasKeyPermit) {
                hasKeyPermit = acquire(keyPermits, key, nowMs);
                if (!hasKeyPermit) {
                    break;
                }
                continue;
            }
            if (!full && !hasTicketPermit) {
                hasTicketPermit = acquire(ticketPermits, key, nowMs);
                if (hasTicketPermit) {
                    continue;
                }
                if (pool == null) {
                    break;
                }
                full = true;
            }
            TicketList tickets = TicketList.insert(pool == null ? null : pool.tickets, ticket);
            dropped = full ? tickets.oldest() : null;
            tickets = full ? tickets.withoutOldest() : tickets;
            if (table.compareAndSet(bucket, chain, replace(chain, pool, tickets, key, nowMs))) {
                stored = true;
                hasKeyPermit &= pool != null;
                hasTicketPermit &= full;
                break;
            }
        }
        if (hasKeyPermit) {
            keyPermits.release(1);
        }
        if (hasTicketPermit) {
            ticketPermits.release(1);
        }
        if (!stored) {
            return discard(ticket, DiscardCause.REFUSED);
        }
        if (dropped != null) {
            discard(dropped, dropped.isExpired(nowMs) ? DiscardCause.EXPIRED : DiscardCause.EVICTED);
        }
        // What is given back may be older than everything that came meanwhile.
        return dropped != ticket;
    }

    /** A permit, if need be by evicting other keys; none if the key itself is all there is. */
    private boolean acquire(final Permits permits, final SessionKey key, final long nowMs) {
        while (!permits.tryAcquire()) {
            final TicketPool least = table.leastRecentlyUsed(key);
            if (least == null) {
                return false;
            }
            remove(table.bucketOf(least.key), least.key, nowMs);
        }
        return true;
    }

    private int remove(final int bucket, final SessionKey key, final long nowMs) {
        while (true) {
            final TicketPool chain = table.get(bucket);
            final TicketPool pool = TicketPool.find(chain, key);
            if (pool == null) {
                return 0;
            }
            if (table.compareAndSet(bucket, chain, TicketPool.without(chain, pool))) {
                final int size = pool.tickets.size;
                ticketPermits.release(size);
                keyPermits.release(1);
                discard(pool.tickets, null, DiscardCause.EVICTED, nowMs);
                return size;
            }
        }
    }

    private int expire(final int bucket, final SessionKey key, final long nowMs) {
        while (true) {
            final TicketPool chain = table.get(bucket);
            final TicketPool pool = TicketPool.find(chain, key);
            if (pool == null) {
                return 0;
            }
            final TicketList live = TicketList.live(pool.tickets, nowMs);
            final int expired = pool.tickets.size - (live == null ? 0 : live.size);
            if (expired == 0) {
                return 0;
            }
            if (table.compareAndSet(bucket, chain, replace(chain, pool, live, pool.usedAtMs))) {
                ticketPermits.release(expired);
                if (live == null) {
                    keyPermits.release(1);
                }
                Throwable first = null;
                for (TicketList list = pool.tickets; list != null; list = list.next) {
                    first = list.ticket.isExpired(nowMs) ? tell(first, list.ticket, DiscardCause.EXPIRED) : first;
                }
                Errors.rethrow(first);
                return expired;
            }
        }
    }

    private static TicketPool replace(
            final TicketPool chain, final TicketPool pool, final TicketList tickets, final long usedAtMs) {
        return replace(chain, pool, tickets, pool.key, usedAtMs);
    }

    private static TicketPool replace(
            final TicketPool chain,
            final TicketPool pool,
            final TicketList tickets,
            final SessionKey key,
            final long usedAtMs) {
        final TicketPool others = pool == null ? chain : TicketPool.without(chain, pool);
        return tickets == null ? others : new TicketPool(key, tickets, usedAtMs, others);
    }

    private static boolean isPool(final TicketPool pool) {
        return pool != null && pool != TicketPool.CLOSED;
    }

    private void discard(final TicketList from, final TicketList end, final DiscardCause otherwise, final long nowMs) {
        Throwable first = null;
        for (TicketList list = from; list != end; list = list.next) {
            first = tell(first, list.ticket, list.ticket.isExpired(nowMs) ? DiscardCause.EXPIRED : otherwise);
        }
        Errors.rethrow(first);
    }

    private boolean discard(final Ticket ticket, final DiscardCause cause) {
        Errors.rethrow(tell(null, ticket, cause));
        return false;
    }

    private Throwable tell(final Throwable first, final Ticket ticket, final DiscardCause cause) {
        counters.add(cause.counter, 1);
        if (ticket.secret != null) {
            ticket.zero();
            return first;
        }
        try {
            discardListener.onDiscard(ticket.key, ticket.slot, cause);
            return first;
        } catch (final RuntimeException | Error ex) {
            return Errors.join(first, ex);
        }
    }
}
