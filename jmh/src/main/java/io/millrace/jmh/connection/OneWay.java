package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Param;

/** One way over plain TCP. */
public class OneWay extends OneWayHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-netty-nio",
        "baseline-netty-epoll",
        "baseline-netty-uring",
        "baseline-netty-nio-best",
        "baseline-netty-epoll-best",
        "baseline-netty-uring-best",
        "baseline-socket",
        "baseline-socket-buffered",
        "millrace"
    })
    public String peer;

    @Override
    Link.Factory peer() {
        return Links.of(peer, Security.PLAIN);
    }
}
