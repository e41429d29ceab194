package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Param;

/**
 * One way over plain TCP.
 *
 * <p>Million messages/s with 1, 2 and 4 senders, median of the three iterations of one fork, JDK 17.0.15, two cores,
 * commit e01d00b, {@code -f 1 -wi 3 -i 3}: Netty NIO 0.36, 0.42, 0.64; epoll 0.35, 0.40, 0.56; io_uring 0.86, 1.0, 1.0;
 * best on epoll 1.9, 2.0, 2.1; locked write 0.48, 0.43, 0.44; locked buffer that is never flushed 16.5, 15.4, 16.2;
 * Millrace 13.2 (12.7 to 14.5), 10.4 (8.7 to 12.3), 13.4 (12.3 to 13.7). A first look, one fork: later runs of Millrace
 * went from 6 to 14. The raw figures are in {@code results}.
 *
 * <p>Pulled by one more thread, at commit 4a7ee57, {@code -f 3 -wi 2 -i 3}, with other work on both cores, so that it is a
 * first look: 1 sender 4.4 (2.3 to 7.7 over all iterations) against 9.4 pushed (7.9 to 12.6), 2 senders 3.7 against 6.3.
 * Three threads share two cores then: pulling is for a thread that has a core of its own, or has to be the application's.
 */
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
        "millrace",
        "millrace-pull"
    })
    public String peer;

    @Override
    Link.Factory peer() {
        return Links.of(peer, Security.PLAIN);
    }
}
