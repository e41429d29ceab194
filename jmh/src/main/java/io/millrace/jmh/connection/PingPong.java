package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Param;

/** Ping-pong over plain TCP. */
public class PingPong extends PingPongHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-netty-nio",
        "baseline-netty-epoll",
        "baseline-netty-uring",
        "baseline-socket",
        "baseline-socket-spinning",
        "millrace",
        "millrace-parking",
        "millrace-spinning"
    })
    public String peer;

    @Override
    Link.Factory peer() {
        return Links.of(peer, Security.PLAIN);
    }
}
