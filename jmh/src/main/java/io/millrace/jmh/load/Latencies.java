package io.millrace.jmh.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Collects latencies from the receiving threads, wait-free, and hands them to one reader. Connections share a few
 * recorders: one for each of 10,000 would not fit into any cache.
 */
final class Latencies {
    /** What is longer counts as this. */
    static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(60);

    private static final int DIGITS = 3;
    private static final int MAX_RECORDERS = 16;

    private final Recorder[] recorders;

    Latencies(final int connections) {
        recorders = new Recorder[Math.min(connections, MAX_RECORDERS)];
        for (int i = 0; i < recorders.length; i++) {
            recorders[i] = new Recorder(LONGEST_NS, DIGITS);
        }
    }

    /** Any thread. */
    void record(final int connection, final long latencyNs) {
        recorders[connection % recorders.length].recordValue(bounded(latencyNs));
    }

    /** As it can be recorded: a thread that reads the clock early, by some nanoseconds, is not before its time. */
    static long bounded(final long latencyNs) {
        return Math.max(0, Math.min(latencyNs, LONGEST_NS));
    }

    /** What was recorded since the last call. One thread. */
    Histogram take() {
        final Histogram sum = empty();
        for (final Recorder recorder : recorders) {
            sum.add(recorder.getIntervalHistogram());
        }
        return sum;
    }

    static Histogram empty() {
        return new Histogram(LONGEST_NS, DIGITS);
    }
}
