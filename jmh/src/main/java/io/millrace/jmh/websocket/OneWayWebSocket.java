package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.OneWayHarness;
import org.openjdk.jmh.annotations.Param;

/** One way over WebSocket, from client to server, so that every frame is masked. */
public class OneWayWebSocket extends OneWayHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-java-websocket",
        "baseline-java-websocket-best",
        "baseline-jetty",
        "baseline-jetty-best",
        "baseline-netty-nio",
        "baseline-netty-epoll",
        "baseline-netty-uring",
        "baseline-netty-nio-best",
        "baseline-netty-epoll-best",
        "millrace",
        "millrace-binary"
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
