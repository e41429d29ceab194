package io.millrace.transport.channel.socket;

/** {@code ws://host:port/path}: TCP, and WebSocket over it. Port 80 if none is given. */
public final class WsScheme extends OverTcpScheme {
    /** Made by the service loader. */
    public WsScheme() {
        super("ws", false, 80);
    }
}
