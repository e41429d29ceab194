package io.millrace.session;

/**
 * How many keys and tickets a {@link SessionCache} may have. A pool holds one key permit, and a ticket permit for each of
 * its tickets, but one at least: so the bounds hold at every moment, and taking and putting a key's only ticket moves no
 * permit.
 */
final class TicketBounds {
    final int maxTicketsPerKey;
    private final int maxKeys;
    private final int maxTickets;
    final boolean refusesAll;
    final Permits keys;
    final Permits tickets;

    TicketBounds(final SessionCacheContext context) {
        maxKeys = context.maxKeys();
        maxTickets = context.maxTickets();
        maxTicketsPerKey = context.maxTicketsPerKey();
        refusesAll = maxKeys == 0 || maxTickets == 0 || maxTicketsPerKey == 0;
        keys = new Permits(maxKeys);
        tickets = new Permits(maxTickets);
    }

    /** Gives back what a pool does not hold any more. */
    void shrunk(final Ticket before, final Ticket after) {
        final int spare = held(before) - held(after);
        if (spare > 0) {
            tickets.release(spare);
        }
    }

    /** Gives back all that a pool held. */
    void killed(final Ticket before) {
        keys.release(1);
        tickets.release(held(before));
    }

    @Override
    public String toString() {
        return "maxKeys=" + maxKeys + " maxTicketsPerKey=" + maxTicketsPerKey + " maxTickets=" + maxTickets;
    }

    private static int held(final Ticket list) {
        return Math.max(1, Ticket.count(list));
    }
}
