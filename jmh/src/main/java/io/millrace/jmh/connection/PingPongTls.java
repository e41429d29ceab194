package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Param;

/**
 * Ping-pong over TLS 1.3, {@code TLS_AES_256_GCM_SHA384} throughout but with Conscrypt, whose own choice is
 * {@code TLS_AES_128_GCM_SHA256}; with the JDK's engine unless the name says which. {@code baseline-socket-spinning} is a bare engine
 * in a loop that never sleeps.
 */
public class PingPongTls extends PingPongHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-netty-nio",
        "baseline-netty-epoll",
        "baseline-netty-uring",
        "baseline-netty-epoll-tcnative",
        "baseline-socket",
        "baseline-socket-spinning",
        "millrace",
        "millrace-conscrypt",
        "millrace-parking",
        "millrace-spinning"
    })
    public String peer;

    @Override
    Link.Factory peer() {
        return Links.of(peer, Security.TLS);
    }
}
