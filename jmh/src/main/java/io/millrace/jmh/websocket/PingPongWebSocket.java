package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.PingPongHarness;
import org.openjdk.jmh.annotations.Param;

/** Ping-pong over WebSocket. */
public class PingPongWebSocket extends PingPongHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-java-websocket",
        "baseline-java-websocket-best",
        "baseline-jetty",
        "baseline-jetty-best",
        "baseline-netty-nio",
        "baseline-netty-epoll",
        "baseline-netty-uring",
        "millrace"
    })
    public String peer;

    /** With TLS or without. */
    @Param({"ws", "wss"})
    public String scheme;

    @Override
    protected Link.Factory peer() {
        return WebSocketLinks.of(peer, WebSocketLinks.security(scheme));
    }
}
