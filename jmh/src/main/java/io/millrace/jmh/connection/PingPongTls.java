package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Param;

/**
 * Ping-pong over TLS 1.3, {@code TLS_AES_256_GCM_SHA384} throughout but with Conscrypt, whose own choice is
 * {@code TLS_AES_128_GCM_SHA256}; with the JDK's engine unless the name says which. {@code baseline-socket-spinning} is a bare engine
 * in a loop that never sleeps.
 *
 * <p>p50 in µs, mean of three forks, JDK 17, commit 3498d7d, {@code -f 3 -wi 3 -i 2}: Millrace 10.9 (p99 47), spinning 13.0, with Conscrypt 12.0; bare
 * engine that spins 10.7; Netty NIO 28.2, epoll 22.6, epoll with tcnative 21.3. A fifth of Netty's would be below the bare engine. Why
 * spinning is slower than adapting was not looked into; its forks scatter from 12 to 34 in the mean, so that three spinners on two
 * cores are the first guess.
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
    protected Link.Factory peer() {
        return Links.of(peer, Security.TLS);
    }
}
