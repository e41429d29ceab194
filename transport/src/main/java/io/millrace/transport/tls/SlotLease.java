package io.millrace.transport.tls;

import io.millrace.session.SessionKey;

/**
 * One connection's slot: the port that its engine is told, under which JSSE files the tickets that come for it. No other
 * connection has it meanwhile. Once a ticket is there the slot is free for the next one: it is put into the cache then,
 * and once only, for this connection may get more tickets while the next has it already. The connection's thread.
 */
final class SlotLease {
    /** For a server, and where JSSE's own cache does what it does. */
    static final SlotLease NONE = new SlotLease(null, null, -1, false);

    private final ClientTickets tickets;
    private final SessionKey key;
    private final int slot;
    private final boolean hadTicket;
    private boolean offered;
    private boolean open;

    SlotLease(final ClientTickets tickets, final SessionKey key, final int slot, final boolean hadTicket) {
        this.tickets = tickets;
        this.key = key;
        this.slot = slot;
        this.hadTicket = hadTicket;
        offered = hadTicket;
        open = tickets != null;
    }

    int slot() {
        return slot;
    }

    void handshakeDone(final boolean isTls12, final HandshakeWatch watch, final boolean hasSessionId) {
        if (tickets == null) {
            return;
        }
        offered = hadTicket && (isTls12 || watch.isTicketOffered());
        tickets.handshakeDone(offered, watch.isResumed());
        if (isTls12 && hasSessionId) {
            // A session of TLS 1.2 is there with the handshake, and may be used again and again.
            ticketSeen();
        }
    }

    /** Whether the handshake offered, or may have offered, a session to resume. */
    boolean isOffered() {
        return offered;
    }

    void ticketSeen() {
        if (open) {
            open = false;
            tickets.put(key, slot);
        }
    }
}
