package io.millrace.transport;

/** How far a connection's life has come. It only ever goes on, and may pass over phases. */
public enum ConnectionPhase {
    /** No connection to the peer yet. */
    CONNECTING,
    /** Connected; with TLS, the handshake is not done. */
    HANDSHAKING,
    /** Ready to use; one direction may be at its end. */
    OPEN,
    /** Closed by one side; what was accepted is being flushed. */
    DRAINING,
    /** Over. */
    CLOSED
}
