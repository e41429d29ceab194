package io.millrace.jmh.connection;

import org.openjdk.jmh.annotations.Param;

/**
 * Ping-pong over plain TCP.
 *
 * <p>p50 in µs, the three forks of one run, JDK 17.0.15, two cores, commit 7ed7848, {@code -f 3 -wi 2 -i 2 -prof
 * io.millrace.jmh.connection.RoundTripProfiler}: Netty NIO 17.9, 18.0, 18.2; epoll 16.3, 19.9, 16.2; io_uring 17.8,
 * 20.5, 18.2; blocking socket 14.8, 15.2, 15.5; spinning socket 6.6, 6.4, 6.3; Millrace 6.7, 6.6, 6.8, parking 15.6,
 * 16.3, 16.2, spinning 7.4, 7.0, 6.5. So 2.7 times as fast as Netty on NIO and level with the bare spinning socket, which
 * is the floor: waking a thread cost some 5 µs that day, and 33 on the day when Netty's p50 was 77. Millrace's p99 is 36
 * to 40, Netty's 26 to 45, for once in a while a thread parks. The raw figures are in {@code results}.
 *
 * <p>At commit 3e64617, {@code -f 4 -wi 2 -i 2}, p50 of the four forks: Netty NIO 17.6, 17.9, 17.6, 16.6; epoll 17.4, 15.8,
 * 17.8, 18.7; spinning socket 6.3, 6.3, 6.5, 6.3; Millrace 7.0, 7.9, 7.4, 8.2, parking 18.3, 17.8, 22.9, 21.4, spinning 7.7, 7.4,
 * 7.1, 7.2. A fifth of Netty's would be 3.5, below the bare spinning socket. {@code perf} (cpu-clock) over Millrace spinning: of
 * the connections' own time 71 % is the kernel's TCP, 10 % the C library around its system calls, 3 % reading the clock, and 15 %
 * all Java code, the benchmark's too.
 *
 * <p>Pulled by one more thread at either end, at commit 4a7ee57, with other work on both cores (so that threads parked, and
 * waking one cost some 30 µs): p50 of the three forks 98, 99, 120 against 44, 43, 44 pushed. Four threads on two cores:
 * two hand-offs more.
 */
public class PingPong extends PingPongHarness {
    /** Who carries the messages. */
    @Param({
        "baseline-netty-nio",
        "baseline-netty-epoll",
        "baseline-netty-uring",
        "baseline-socket",
        "baseline-socket-streams",
        "baseline-socket-spinning",
        "millrace",
        "millrace-parking",
        "millrace-spinning",
        "millrace-pull"
    })
    public String peer;

    @Override
    protected Link.Factory peer() {
        return Links.of(peer, Security.PLAIN);
    }
}
