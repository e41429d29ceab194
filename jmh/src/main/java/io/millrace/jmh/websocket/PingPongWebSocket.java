package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.PingPongHarness;
import org.openjdk.jmh.annotations.Param;

/**
 * Ping-pong over WebSocket.
 *
 * <p>A first look on two cores with other work on them, 64 bytes, p50 in µs, two runs each: Millrace ws 16.1, 19.7, wss 44.9, 26.6 (plain
 * TCP 15.5, 19.0); Netty NIO ws 30.3, 28.8, wss 62.3, 30.7. Before threads learnt that spinning did not pay there, Millrace's were 178, 175
 * and 280, 200 (TCP 162, 165): both ends shared the one core that was left to them, and each spun on it while the other wanted it.
 */
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
