package io.millrace.transport.tls;

/** Whether a server asks its clients for a certificate. */
public enum ClientAuthentication {
    /** It does not ask. */
    NONE,
    /** It asks, and lets a client in that has none; one that it does not trust is refused. */
    WANT,
    /** It asks, and refuses a client that has none. */
    NEED
}
