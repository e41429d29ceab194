package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Param;

/**
 * One way over plain TCP.
 *
 * <p>Million messages/s with 1, 2 and 4 senders, median of the three iterations of one fork, JDK 17.0.15, two cores,
 * commit e01d00b, {@code -f 1 -wi 3 -i 3}: Netty NIO 0.36, 0.42, 0.64; epoll 0.35, 0.40, 0.56; io_uring 0.86, 1.0, 1.0;
 * best on epoll 1.9, 2.0, 2.1; locked write 0.48, 0.43, 0.44; locked buffer that is never flushed 16.5, 15.4, 16.2;
 * Millrace 13.2 (12.7 to 14.5), 10.4 (8.7 to 12.3), 13.4 (12.3 to 13.7). A first look, one fork. The raw figures are in {@code results}.
 *
 * <p>At commit bc4fa93, {@code -f 3 -wi 2 -i 3}, 1 and 4 senders, mean (least and most of nine iterations): Millrace 14.0 (9.0
 * to 17.1) and 11.3 (10.9 to 12.2); Netty NIO 0.42 and 0.56, epoll 0.39 and 0.53, best on epoll 1.95 and 2.0; locked write 0.30 and
 * 0.28; locked buffer that is never flushed 15.3 and 12.6. So 33 and 20 times NIO, 36 and 22 times epoll, 7.2 and 5.7 times Netty at
 * its best, 46 and 40 times a locked write, 0.92 and 0.90 of the buffer. With one second of warm-up and the allocation profiler
 * Millrace gave 5 to 8, from 1.3 to 10; it allocated 0.04 to 0.12 B per message then, Netty 166 to 271.
 *
 * <p>2 senders, at commit 6f53939, likewise: Millrace 12.1 (9.8 to 13.3), Netty NIO 0.44, epoll 0.42, io_uring 0.95, best on NIO 1.82
 * and on epoll 1.96, locked write 0.32, locked buffer 13.7.
 *
 * <p>Half of the CPU time of four senders is the compare-and-set of the claim. Tried, one JVM each in turn, 4 senders, million
 * messages/s: as it is 7.5, 7.8, 9.8, 6.6, 9.7, 7.7; {@code Thread.yield} behind a lost compare-and-set 8.6, 9.3, 13.0, 11.5, 9.2, 9.0; with 2
 * senders 8.3, 8.4, 8.1, 8.0 and 10.1, 8.7, 9.8, 11.4, but in an earlier quarter of an hour 13.8, 14.1, 18.5 and 13.6, 13.1, 9.0. Not taken: an
 * offer may lose its core for a time slice by it. Pauses, twice as many each time up to 64: 7.9, 7.9, 7.5, 7.2 against 6.5, 7.0, 6.5, 7.3; up to
 * 1,024: 7.1, 5.2, 7.2, 7.3. An outbound ring of 64, 128, 256 KiB and 1 MiB: 1 sender 7.7, 8.3, 9.0, 9.8, 4 senders 6.4, 6.9, 7.6, 7.6.
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
        "baseline-socket-streams",
        "baseline-socket-buffered",
        "baseline-socket-streams-buffered",
        "millrace",
        "millrace-pull"
    })
    public String peer;

    @Override
    protected Link.Factory peer() {
        return Links.of(peer, Security.PLAIN);
    }
}
