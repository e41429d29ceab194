package io.millrace.transport.channel.socket;

/** {@code wss://host:port/path}: TCP, TLS, and WebSocket over them. Port 443 if none is given. */
public final class WssScheme extends OverTcpScheme {
    /** Made by the service loader. */
    public WssScheme() {
        super("wss", true, 443);
    }
}
