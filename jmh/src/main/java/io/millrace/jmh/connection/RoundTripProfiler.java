package io.millrace.jmh.connection;

import java.util.Collection;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Percentiles of {@link PingPongHarness}, one value an iteration: {@code -prof
 * io.millrace.jmh.connection.RoundTripProfiler}. JMH's own samples would time the benchmark's thread, and with it two
 * hand-offs that are none of the connection's.
 */
public final class RoundTripProfiler implements InternalProfiler {
    private static volatile Histogram source = new Histogram(3);

    /** Says where the round trips of this JVM are recorded. */
    static void source(final Histogram histogram) {
        source = histogram;
    }

    @Override
    public String getDescription() {
        return "Percentiles of the round trips of a ping-pong";
    }

    @Override
    public void beforeIteration(final BenchmarkParams benchmark, final IterationParams iteration) {
        source.reset();
    }

    @Override
    public Collection<? extends ScalarResult> afterIteration(
            final BenchmarkParams benchmark, final IterationParams iteration, final IterationResult result) {
        return List.of(percentile("p50", 50), percentile("p99", 99), percentile("p99.9", 99.9));
    }

    private static ScalarResult percentile(final String name, final double percentile) {
        return new ScalarResult(name, source.getValueAtPercentile(percentile) / 1000.0, "us", AggregationPolicy.AVG);
    }
}
