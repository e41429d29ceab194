package io.millrace.session;

/** Why a {@link SessionCache} gave up a ticket that nobody used. */
public enum DiscardCause {
    /** Its lifetime is over. */
    EXPIRED(TicketCounters.EXPIRED),
    /** Made room, was dropped by a predicate, or was there when the cache closed. */
    EVICTED(TicketCounters.EVICTED),
    /** Was not let in: lifetime 0, no capacity, or the cache is closed. */
    REFUSED(TicketCounters.REFUSED);

    final int counter;

    DiscardCause(final int counter) {
        this.counter = counter;
    }
}
