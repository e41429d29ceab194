package io.millrace.session;

import java.util.Arrays;

/**
 * A ticket, and with it the tickets of its key that are older: a list, newest first, where null stands for none. In one
 * object, for each object is one more cache line to fetch from the core that put the ticket.
 *
 * <p>Nothing changes once a list is published. The content is a slot id or secret bytes, used by none but its owner, who
 * got it with one compare-and-set.
 */
final class Ticket {
    /** RFC 8446, 4.6.1: a client must not keep a ticket longer, whatever its lifetime says. */
    static final int MAX_LIFETIME_S = 604_800;

    final SessionKey key;
    /** Null for a slot. */
    final byte[] secret;

    final long slot;
    final long receivedAtMs;
    final int lifetimeS;
    private Ticket next;
    private int count = 1;

    Ticket(final SessionKey key, final byte[] secret, final long slot, final long receivedAtMs, final long lifetimeS) {
        this.key = key;
        this.secret = secret;
        this.slot = slot;
        this.receivedAtMs = receivedAtMs;
        this.lifetimeS = (int) Math.min(lifetimeS, MAX_LIFETIME_S);
    }

    /** The same ticket on top of no other: a list that was published must not be changed, even if it is one no more. */
    Ticket copy() {
        return new Ticket(key, secret, slot, receivedAtMs, lifetimeS);
    }

    /** The next older one, or null. */
    Ticket next() {
        return next;
    }

    static int count(final Ticket list) {
        return list == null ? 0 : list.count;
    }

    /** A list with one more, in its place: what is given back is older than what came meanwhile. */
    static Ticket insert(final Ticket list, final Ticket fresh) {
        return list == null || fresh.receivedAtMs >= list.receivedAtMs
                ? fresh.over(list)
                : list.copy().over(insert(list.next, fresh));
    }

    Ticket oldest() {
        Ticket last = this;
        while (last.next != null) {
            last = last.next;
        }
        return last;
    }

    Ticket withoutOldest() {
        return next == null ? null : copy().over(next.withoutOldest());
    }

    /** Where the newest one is that has not expired; null if all have. */
    Ticket newestLive(final long nowMs) {
        Ticket live = this;
        while (live != null && live.isExpired(nowMs)) {
            live = live.next;
        }
        return live;
    }

    /** What is left of a list when the expired are gone, sharing what it can; null if nothing is. */
    static Ticket live(final Ticket list, final long nowMs) {
        if (list == null) {
            return null;
        }
        final Ticket rest = live(list.next, nowMs);
        if (list.isExpired(nowMs)) {
            return rest;
        }
        return rest == list.next ? list : list.copy().over(rest);
    }

    /** A clock that was set back makes the age unknown, so such a ticket has expired, too. */
    boolean isExpired(final long nowMs) {
        final long ageMs = nowMs - receivedAtMs;
        return ageMs < 0 || ageMs > lifetimeS * 1_000L;
    }

    void zero() {
        if (secret != null) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private Ticket over(final Ticket older) {
        next = older;
        count = count(older) + 1;
        return this;
    }
}
