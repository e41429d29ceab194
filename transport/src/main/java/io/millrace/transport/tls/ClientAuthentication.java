package io.millrace.transport.tls;

/** Whether a server asks its clients for a certificate. */
public enum ClientAuthentication {
    /** It does not ask. */
    NONE,
    /** It asks, and lets a client in that has none; one that it does not trust is refused. */
    WANT,
    /**
     * It asks, and refuses a client that has none. By TLS 1.3 the client's handshake is done before its certificate is
     * looked at: one that is refused opens, may take messages, and ends with
     * {@link io.millrace.transport.CloseReason#TLS_ERROR} a moment later. The server's side never opens.
     */
    NEED
}
