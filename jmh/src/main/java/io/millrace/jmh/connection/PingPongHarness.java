package io.millrace.jmh.connection;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The mean round trip, one outstanding; {@link RoundTripProfiler} adds the percentiles. Threads that block are woken in a
 * few µs on their own core and in 30 µs and more on the other, so each fork may fall on either side: compare fork by
 * fork, and run many.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(5)
public abstract class PingPongHarness {
    /** Round trips of {@link #roundTrip}. */
    public static final int BATCH = 2_000;

    /** Of a payload, in bytes, to which four of length come. */
    @Param({"32", "64", "100", "1000", "16384"})
    public int length;

    private RoundTrips roundTrips;
    private Link link;

    /**
     * The peer to measure.
     *
     * @return the factory of its links.
     */
    protected abstract Link.Factory peer();

    /**
     * Connects.
     *
     * @throws Exception if the peer can't.
     */
    @Setup(Level.Trial)
    public void start() throws Exception {
        roundTrips = new RoundTrips(length);
        RoundTripProfiler.source(roundTrips.histogram());
        link = peer().open(Link.Receiver.ECHO, roundTrips);
    }

    /**
     * Does a batch.
     *
     * @throws IOException if the link breaks.
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void roundTrip() throws IOException {
        roundTrips.run(link.sender(), BATCH);
    }

    /**
     * Disconnects.
     *
     * @throws Exception if the peer can't.
     */
    @TearDown(Level.Trial)
    public void stop() throws Exception {
        link.close();
    }
}
