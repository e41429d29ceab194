package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Param;

/**
 * One way over TLS 1.3, {@code TLS_AES_256_GCM_SHA384} throughout but with Conscrypt, whose own choice is
 * {@code TLS_AES_128_GCM_SHA256}; with the JDK's engine unless the name says which. {@code baseline-engine} is a bare
 * engine that wraps each message and writes it: with {@code -p length=16316 -p senders=1} the ceiling of 16 KiB records.
 *
 * <p>Million messages/s with 1 / 2 / 4 senders, JDK 17, commit f5ee788, {@code -f 3 -wi 3 -i 3}, least and most of nine iterations in
 * brackets: Millrace 7.4 (5.2 to 9.5) / 5.9 (2.3 to 8.6) / 8.5 (6.2 to 10.0) and, in another run, 7.2 / - / 7.0; with Conscrypt 11.6 / - / 10.7; Netty NIO
 * 0.26 / 0.19 / 0.21, epoll - / 0.20 / -, best on NIO 2.4 / 2.4 / 2.2, best on epoll 2.1 / 2.2 / 1.9; {@code SSLSocket} flushed 0.56 / 0.49 / 0.45,
 * buffered and never flushed 9.8 / 8.8 / 10.0. Messages of 16,316 B, thousand/s, two forks: Millrace 89 (72 to 100), bare engine 84 (74 to 92), {@code
 * SSLSocket} 92, buffered 95, Netty at its best on NIO 54.
 */
public class OneWayTls extends OneWayHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-netty-nio",
        "baseline-netty-epoll",
        "baseline-netty-uring",
        "baseline-netty-nio-tcnative",
        "baseline-netty-epoll-tcnative",
        "baseline-netty-nio-best",
        "baseline-netty-epoll-best",
        "baseline-netty-uring-best",
        "baseline-netty-epoll-tcnative-best",
        "baseline-engine",
        "baseline-socket",
        "baseline-socket-buffered",
        "millrace",
        "millrace-conscrypt"
    })
    public String peer;

    @Override
    protected Link.Factory peer() {
        return Links.of(peer, Security.TLS);
    }
}
