package io.millrace.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A ticket in the hands of the one connection that took it. It ends in exactly one way: <em>spent</em>, when a hello is
 * built with it, <em>given back</em> unspent to its cache, or closed. After that this object gives out nothing more.
 *
 * <p>Any thread; of calls that race, one ends the ticket. Every method is wait-free.
 */
@SuppressWarnings("UnusedVariable") // Read through the VarHandle.
public final class TakenTicket implements AutoCloseable {
    private static final int HELD = 0;
    private static final int SPENT = 1;
    private static final int GIVEN_BACK = 2;
    private static final int CLOSED = 3;
    private static final String[] NAMES = {"held", "spent", "given back", "closed"};
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(TakenTicket.class, "state", int.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    final SessionCache cache;
    final Ticket ticket;
    private int state;

    TakenTicket(final SessionCache cache, final Ticket ticket) {
        this.cache = cache;
        this.ticket = ticket;
    }

    /**
     * The key it was taken for.
     *
     * @return the key.
     */
    public SessionKey key() {
        return ticket.key;
    }

    /**
     * When it came.
     *
     * @return time of the cache's clock when it was put, in milliseconds.
     */
    public long receivedAtMs() {
        return ticket.receivedAtMs;
    }

    /**
     * How long it may be used.
     *
     * @return lifetime in seconds from {@link #receivedAtMs()}, at most 604,800.
     */
    public long lifetimeS() {
        return ticket.lifetimeS;
    }

    /**
     * The slot, to prepare a connection with; it is not spent by that.
     *
     * @return the slot's id.
     * @throws IllegalStateException if the ticket is not held any more, or holds bytes.
     */
    public long slot() {
        requireSlot();
        requireHeld((int) STATE.getAcquire(this));
        return ticket.slot;
    }

    /**
     * Spends a slot: to be called before the hello is built.
     *
     * @return the slot's id.
     * @throws IllegalStateException if the ticket is not held any more, or holds bytes; nothing changed.
     */
    public long spendSlot() {
        requireSlot();
        end(SPENT);
        return ticket.slot;
    }

    /**
     * Spends bytes: to be called before the hello is built.
     *
     * @return the only copy, which now belongs to the caller: zero it after use.
     * @throws IllegalStateException if the ticket is not held any more, or holds a slot; nothing changed.
     */
    public byte[] spendBytes() {
        if (ticket.secret == null) {
            throw new IllegalStateException("holds a slot, not bytes: key=" + ticket.key);
        }
        end(SPENT);
        return ticket.secret;
    }

    /** Ends a ticket that is still held and zeroes its bytes; does nothing to one that is spent or given back. */
    @Override
    public void close() {
        if (STATE.compareAndSet(this, HELD, CLOSED)) {
            ticket.zero();
        }
    }

    /** For debugging: key and state, neither slot nor bytes. Wait-free. */
    @Override
    public String toString() {
        return "TakenTicket state=" + NAMES[(int) STATE.getAcquire(this)] + " key=" + ticket.key;
    }

    void giveBack() {
        end(GIVEN_BACK);
    }

    private void end(final int how) {
        requireHeld((int) STATE.compareAndExchange(this, HELD, how));
    }

    private void requireSlot() {
        if (ticket.secret != null) {
            throw new IllegalStateException("holds bytes, not a slot: key=" + ticket.key);
        }
    }

    private void requireHeld(final int found) {
        if (found != HELD) {
            throw new IllegalStateException("not held any more: state=" + NAMES[found] + " key=" + ticket.key);
        }
    }
}
