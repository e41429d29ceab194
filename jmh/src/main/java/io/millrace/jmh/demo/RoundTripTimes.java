package io.millrace.jmh.demo;

import org.HdrHistogram.Histogram;

/**
 * Percentiles of some round trips, in nanoseconds.
 *
 * @param count of the round trips; the others are -1 if it is 0.
 * @param p50   half took at most this.
 * @param p99   of a hundred, all but one.
 * @param p999  of a thousand, all but one.
 * @param max   the longest.
 */
record RoundTripTimes(long count, long p50, long p99, long p999, long max) {
    private static final RoundTripTimes NONE = new RoundTripTimes(0, -1, -1, -1, -1);

    static RoundTripTimes of(final Histogram histogram) {
        return histogram.getTotalCount() == 0
                ? NONE
                : new RoundTripTimes(
                        histogram.getTotalCount(),
                        histogram.getValueAtPercentile(50),
                        histogram.getValueAtPercentile(99),
                        histogram.getValueAtPercentile(99.9),
                        histogram.getMaxValue());
    }
}
