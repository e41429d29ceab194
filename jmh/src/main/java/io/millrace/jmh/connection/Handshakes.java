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
 * in one JVM over loopback. JSSE takes many seconds to warm up. A row that resumes fails unless nearly all of its handshakes
 * were resumed, and the other one unless nearly none was.
 *
 * <p>A second, full and resumed, JDK 17, one fork of three iterations after 15 s of warm-up, near commit 47851f1, by dialers that were
 * rewritten since (there each thread of {@code SSLSocket} had a port of its own and checked the host name), so a first look that is to be repeated: Millrace 267 and 444, {@code SSLSocket} 403 and 753, Netty
 * 347 and 489, with tcnative 1,974 and 2,453, Millrace with Conscrypt - and 1,132. After 60 s full ones were 334 to 391 against 473 to 541 of
 * {@code SSLSocket}. {@code perf} then: of Millrace's time 76 % is compiled Java code, nearly all of it elliptic curves, 11 % the kernel, 5 % the JVM;
 * of {@code SSLSocket}'s 90, 6 and 3. A plain connection costs 430 to 500 µs of CPU at both ends; what of that
 * is the two threads that it begins was not separated. Next: threads that serve one connection after the other.
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
