package io.millrace.jmh.connection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Connections a second, from the connect to the first byte back, by four threads at once: TLS 1.3, P-256, client and server
 * in one JVM over loopback. All have the same kind of key, check the host's name, send tickets in either row, and agree on {@code TLS_AES_256_GCM_SHA384}, or {@code TLS_AES_128_GCM_SHA256} where BoringSSL chooses; a row fails otherwise. A row that resumes
 * fails, too, unless nearly all of its handshakes were resumed, and the other one unless nearly none was.
 *
 * <p>JDK 17, one fork of three iterations after 20 s of warm-up, in which C1 and C2 still take 0.35 to 0.45 cores, and the rates
 * still rise; before records came from the pool. CPU is that of both ends and the JVM but its compilers, kernel included:
 *
 * <pre>
 *                        resumed                          full
 *                        a second      CPU ms  KB alloc   a second      CPU ms  KB alloc
 * Millrace               496 to 528    3.0     535        188 to 301    5.6     554
 * SSLSocket              607 to 801    2.2     398        369 to 392    4.3     436
 * Netty NIO              463 to 488    3.2     395        174 to 208    6.5     429
 * Millrace, Conscrypt    401 to 662    1.7      74        291 to 440    2.5      80
 * Netty NIO, tcnative    474 to 695    1.3      20        537 to 638    1.4      41
 * </pre>
 *
 * <p>The full ones of Millrace and Netty had 1.8 and 1.6 cores, all native ones 1.0 to 1.2, perhaps for other work on the machine: of those
 * only the CPU counts.
 * Before, in a run of this benchmark with frame pointers and {@code perf} attached: 305 resumed and 183 full, {@code SSLSocket} 708
 * and 263. Then, in a resumed one, of samples without the compilers ({@code perf} saw less than half of two cores' time), 6.5 % {@code madvise} when a thread ends, 6 % yields and 9 % reads that
 * waited for the peer's handshake, 3 % page faults of new stacks; 52 % compiled Java, mostly elliptic curves; and CPU, beside other work and
 * cold, 5.2 ms, of which 1.7 in the kernel. Since connections are served one after the other by the same threads, and sleep at once while they
 * shake hands: 4.1 and 0.7, beside 3.6 and 0.6 of {@code SSLSocket}, whose client is the caller's own thread. What the rest
 * is was not profiled; Netty, with the same engine, has it, too.
 *
 * <p>By {@code perf trace} a resumed one made 160 system calls at both ends, of which 67 were reads in vain, and
 * {@code SSLSocket} 70: each new connection spun until the first byte came, on a core that the peer wanted. Since it begins without
 * (AdaptiveIdleStrategy), in turn, after 35 s of warm-up: 610 and 565 a second resumed instead of 510 and 455, and 3.2 and 3.5 ms of
 * CPU instead of 3.9 and 4.3; full 413 instead of 387. In the same hour {@code SSLSocket} had 510 and 780 resumed, and 460 full, and
 * Netty's NIO 850 resumed beside 744 of ours: the machine's own phases are larger than the difference.
 *
 * <p>JSSE gets faster for a minute: behind 50 s of warm-up, one fork of five iterations each, resumed a second 871 of Millrace (still rising),
 * 1,067 of {@code SSLSocket}, 1,006 of Netty's NIO; behind 20 s 519, 767 and 528, beside other work. KB allocated 441, 403 and 397.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 5)
@Measurement(iterations = 4, time = 3)
@Fork(3)
@Threads(4)
public class Handshakes {
    /** Who dials. */
    @Param({"baseline-socket", "baseline-netty-nio", "baseline-netty-nio-tcnative", "millrace", "millrace-conscrypt"})
    public String peer;

    /** Whether each thread resumes its last session. */
    @Param({"false", "true"})
    public boolean resumed;

    private final AtomicInteger threads = new AtomicInteger();
    private Dialer dialer;

    /** A thread's number. */
    @State(Scope.Thread)
    public static class Caller {
        private int number;

        /**
         * Takes a number.
         *
         * @param all of the benchmark.
         */
        @Setup(Level.Trial)
        public void count(final Handshakes all) {
            number = all.threads.getAndIncrement();
        }
    }

    /**
     * Starts the server.
     *
     * @throws Exception if the peer can't.
     */
    @Setup(Level.Trial)
    public void start() throws Exception {
        dialer = Dialer.of(peer, resumed);
    }

    /**
     * Connects once.
     *
     * @param caller who does.
     * @throws Exception if the connection fails.
     */
    @Benchmark
    public void dial(final Caller caller) throws Exception {
        dialer.dial(caller.number);
    }

    /**
     * Stops the server.
     *
     * @throws Exception if the peer can't.
     */
    @TearDown(Level.Trial)
    public void stop() throws Exception {
        dialer.close();
    }
}
