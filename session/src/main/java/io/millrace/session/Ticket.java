package io.millrace.session;

import java.util.Arrays;

/** A ticket's content: a slot id or secret bytes, read by none but its owner, who got it with one compare-and-set. */
final class Ticket {
    /** RFC 8446, 4.6.1: a client must not keep a ticket longer, whatever its lifetime says. */
    static final long MAX_LIFETIME_S = 604_800;

    final SessionKey key;
    /** Null for a slot. */
    final byte[] secret;

    final long slot;
    final long receivedAtMs;
    final long lifetimeS;

    Ticket(final SessionKey key, final byte[] secret, final long slot, final long receivedAtMs, final long lifetimeS) {
        this.key = key;
        this.secret = secret;
        this.slot = slot;
        this.receivedAtMs = receivedAtMs;
        this.lifetimeS = Math.min(lifetimeS, MAX_LIFETIME_S);
    }

    /** A clock that was set back makes the age unknown, so such a ticket has expired, too. */
    boolean isExpired(final long nowMs) {
        final long ageMs = nowMs - receivedAtMs;
        return ageMs < 0 || ageMs > lifetimeS * 1_000;
    }

    void zero() {
        if (secret != null) {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
