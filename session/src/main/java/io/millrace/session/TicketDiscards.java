package io.millrace.session;

/** Counts the tickets that nobody used, zeroes the bytes among them and tells the owner of the slots. */
final class TicketDiscards {
    private final DiscardListener listener;
    private final TicketCounters counters;

    TicketDiscards(final DiscardListener listener, final TicketCounters counters) {
        this.listener = listener;
        this.counters = counters;
    }

    /** Discards a part of a list. What has expired counts as that, whatever the cause. */
    void all(final Ticket from, final Ticket end, final DiscardCause otherwise, final long nowMs) {
        Throwable first = null;
        for (Ticket list = from; list != end; list = list.next()) {
            first = tell(first, list, list.isExpired(nowMs) ? DiscardCause.EXPIRED : otherwise);
        }
        Errors.rethrow(first);
    }

    /** Discards the expired of a list. */
    void expired(final Ticket from, final long nowMs) {
        Throwable first = null;
        for (Ticket list = from; list != null; list = list.next()) {
            first = list.isExpired(nowMs) ? tell(first, list, DiscardCause.EXPIRED) : first;
        }
        Errors.rethrow(first);
    }

    /** Always false, for whoever wanted the ticket in the cache. */
    boolean one(final Ticket ticket, final DiscardCause cause) {
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
            listener.onDiscard(ticket.key, ticket.slot, cause);
            return first;
        } catch (final RuntimeException | Error ex) {
            return Errors.join(first, ex);
        }
    }
}
