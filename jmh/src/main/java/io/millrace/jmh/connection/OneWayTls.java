package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Param;

/**
 * One way over TLS 1.3, {@code TLS_AES_256_GCM_SHA384} throughout but with Conscrypt, whose own choice is
 * {@code TLS_AES_128_GCM_SHA256}; with the JDK's engine unless the name says which. {@code baseline-engine} is a bare
 * engine that wraps each message and writes it: with {@code -p length=16316 -p senders=1} the ceiling of 16 KiB records.
 */
public class OneWayTls extends OneWayHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-netty-nio",
        "baseline-netty-epoll",
        "baseline-netty-uring",
        "baseline-netty-epoll-tcnative",
        "baseline-netty-nio-best",
        "baseline-netty-epoll-best",
        "baseline-netty-epoll-tcnative-best",
        "baseline-engine",
        "baseline-socket",
        "baseline-socket-buffered",
        "millrace",
        "millrace-conscrypt"
    })
    public String peer;

    @Override
    Link.Factory peer() {
        return Links.of(peer, Security.TLS);
    }
}
