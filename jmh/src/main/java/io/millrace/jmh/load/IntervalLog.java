package io.millrace.jmh.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** The latencies of a step, second by second. One thread. */
final class IntervalLog {
    private static final double US = 1e3;
    private static final int TICKS_PER_HALF_DISTANCE = 5;

    private final List<Histogram> intervals = new ArrayList<>();
    private long sinceMs = System.currentTimeMillis();

    /** Adds what was recorded since the last call; returns it. */
    Histogram add(final Histogram interval) {
        final long nowMs = System.currentTimeMillis();
        interval.setStartTimeStamp(sinceMs);
        interval.setEndTimeStamp(nowMs);
        sinceMs = nowMs;
        intervals.add(interval);
        return interval;
    }

    /**
     * Writes {@code name.hlog}, HdrHistogram's log in nanoseconds, and {@code name.hdr}, the percentiles of all in µs as its
     * plotter reads them.
     */
    void write(final Path folder, final String name) throws IOException {
        final Histogram all = Latencies.empty();
        try (PrintStream out = print(folder.resolve(name + ".hlog"))) {
            final HistogramLogWriter log = new HistogramLogWriter(out);
            log.outputLogFormatVersion();
            log.outputComment("[" + name + ", nanoseconds from the time each message was due]");
            log.outputStartTime(intervals.get(0).getStartTimeStamp());
            log.setBaseTime(intervals.get(0).getStartTimeStamp());
            log.outputLegend();
            for (final Histogram interval : intervals) {
                log.outputIntervalHistogram(interval);
                all.add(interval);
            }
        }
        try (PrintStream out = print(folder.resolve(name + ".hdr"))) {
            all.outputPercentileDistribution(out, TICKS_PER_HALF_DISTANCE, US);
        }
    }

    private static PrintStream print(final Path file) throws IOException {
        return new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
    }
}
