package io.millrace.session;

import org.agrona.concurrent.EpochClock;

/** Counts the tickets that nobody used, zeroes the bytes among them and tells the owner of the slots. */
final class TicketDiscards {
    private static final System.Logger LOGGER = System.getLogger(TicketDiscards.class.getName());

    private final DiscardListener listener;
    private final TicketCounters counters;

    TicketDiscards(final DiscardListener listener, final TicketCounters counters) {
        this.listener = listener;
        this.counters = counters;
    }

    /** Discards a part of a list. What has expired counts as that, whatever the cause. */
    void all(final Ticket from, final Ticket end, final DiscardCause otherwise, final long nowMs) {
        for (Ticket list = from; list != end; list = list.next()) {
            tell(list, list.isExpired(nowMs) ? DiscardCause.EXPIRED : otherwise);
        }
    }

    /** Discards a list; without a time, as it may be if the clock throws, nothing of it passes for expired. */
    void evicted(final Ticket from, final EpochClock clock) {
        final long nowMs;
        try {
            nowMs = clock.time();
        } catch (final Throwable ex) {
            for (Ticket list = from; list != null; list = list.next()) {
                tell(list, DiscardCause.EVICTED);
            }
            throw ex;
        }
        all(from, null, DiscardCause.EVICTED, nowMs);
    }

    /** Discards the expired of a list. */
    void expired(final Ticket from, final long nowMs) {
        for (Ticket list = from; list != null; list = list.next()) {
            if (list.isExpired(nowMs)) {
                tell(list, DiscardCause.EXPIRED);
            }
        }
    }

    /** Always false, for whoever wanted the ticket in the cache. */
    boolean one(final Ticket ticket, final DiscardCause cause) {
        tell(ticket, cause);
        return false;
    }

    private void tell(final Ticket ticket, final DiscardCause cause) {
        counters.add(cause.counter, 1);
        if (ticket.secret != null) {
            ticket.zero();
            return;
        }
        try {
            listener.onDiscard(ticket.key, ticket.slot, cause);
        } catch (final Throwable ex) {
            // Mostly of somebody else's ticket: the caller's own, and the permits in its hands, would be lost with it.
            LOGGER.log(System.Logger.Level.ERROR, "a discard listener failed", ex);
        }
    }
}
