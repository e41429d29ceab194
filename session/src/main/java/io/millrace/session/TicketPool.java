package io.millrace.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The tickets of one key and when they were last used. It stays when its last ticket is taken, for the next put, until
 * its room is needed; then it is <em>killed</em>, for good, and the key begins anew in another pool.
 *
 * <h2>Memory ordering</h2>
 *
 * {@code tickets}: changed by compare-and-set (volatile) alone, loaded with acquire: who finds a ticket finds it whole.
 * {@code usedAtMs} is opaque: late or lost, it makes another key the one to evict, no more.
 */
@SuppressWarnings("UnusedVariable") // Read through the VarHandles.
final class TicketPool {
    /** The tickets of a dead pool. */
    private static final Ticket DEAD = new Ticket(null, null, 0, 0, 0);

    private static final VarHandle TICKETS;
    private static final VarHandle USED_AT_MS;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            TICKETS = lookup.findVarHandle(TicketPool.class, "tickets", Ticket.class);
            USED_AT_MS = lookup.findVarHandle(TicketPool.class, "usedAtMs", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    final SessionKey key;
    private Ticket tickets;
    private long usedAtMs;

    TicketPool(final SessionKey key, final Ticket tickets, final long usedAtMs) {
        this.key = key;
        this.tickets = tickets;
        this.usedAtMs = usedAtMs;
    }

    /** Null if there are none, or if the pool is dead, which {@link #isDead} tells apart. */
    Ticket tickets() {
        final Ticket found = (Ticket) TICKETS.getAcquire(this);
        return found == DEAD ? null : found;
    }

    boolean isDead() {
        return TICKETS.getAcquire(this) == DEAD;
    }

    boolean compareAndSet(final Ticket before, final Ticket after, final long nowMs) {
        if (!TICKETS.compareAndSet(this, before, after)) {
            return false;
        }
        // Written once a millisecond at most: other threads read this line.
        if (usedAtMs() != nowMs) {
            USED_AT_MS.setOpaque(this, nowMs);
        }
        return true;
    }

    /** Takes all tickets and lets no more in: null if there were none. Answers false for all calls but one. */
    boolean kill(final Ticket before) {
        return TICKETS.compareAndSet(this, before, DEAD);
    }

    long usedAtMs() {
        return (long) USED_AT_MS.getOpaque(this);
    }
}
