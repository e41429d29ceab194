package io.millrace.transport.tls;

import io.millrace.session.SessionCacheStats;

/**
 * What became of a client context's offers to resume a session. Read one number after another.
 *
 * @param offered handshakes that offered a session and have ended.
 * @param resumed those of them in which the server took it; in the others it refused, and a full handshake was done, or
 *                the handshake failed.
 * @param retried connections that were made once more without an offer, after a handshake that failed with one.
 * @param tickets what became of the tickets.
 */
public record ResumptionStats(long offered, long resumed, long retried, SessionCacheStats tickets) {
    /**
     * Offers that came to nothing.
     *
     * @return number of handshakes.
     */
    public long refused() {
        return offered - resumed;
    }
}
