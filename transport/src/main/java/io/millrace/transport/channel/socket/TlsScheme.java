package io.millrace.transport.channel.socket;

/** {@code tls://host:port}: TCP, and TLS over it. */
public final class TlsScheme extends OverTcpScheme {
    /** Made by the service loader. */
    public TlsScheme() {
        super("tls", true, NO_USUAL_PORT);
    }
}
