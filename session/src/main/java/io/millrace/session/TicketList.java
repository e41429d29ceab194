package io.millrace.session;

/** The tickets of one key, newest first: an immutable list that is never empty, for null stands for that. */
final class TicketList {
    final Ticket ticket;
    final TicketList next;
    final int size;

    TicketList(final Ticket ticket, final TicketList next) {
        this.ticket = ticket;
        this.next = next;
        this.size = next == null ? 1 : next.size + 1;
    }

    /** A list with one more, in its place: what is given back is older than what came meanwhile. */
    static TicketList insert(final TicketList list, final Ticket ticket) {
        return list == null || ticket.receivedAtMs >= list.ticket.receivedAtMs
                ? new TicketList(ticket, list)
                : new TicketList(list.ticket, insert(list.next, ticket));
    }

    Ticket oldest() {
        TicketList last = this;
        while (last.next != null) {
            last = last.next;
        }
        return last.ticket;
    }

    TicketList withoutOldest() {
        return next == null ? null : new TicketList(ticket, next.withoutOldest());
    }

    /** What is left of a list when the expired are gone, sharing what it can; null if nothing is. */
    static TicketList live(final TicketList list, final long nowMs) {
        if (list == null) {
            return null;
        }
        final TicketList rest = live(list.next, nowMs);
        if (list.ticket.isExpired(nowMs)) {
            return rest;
        }
        return rest == list.next ? list : new TicketList(list.ticket, rest);
    }
}
