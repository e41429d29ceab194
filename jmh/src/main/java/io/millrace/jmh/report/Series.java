package io.millrace.jmh.report;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One thing that was measured, of one peer.
 *
 * @param benchmark that measured it: the simple name of its class.
 * @param params    of the benchmark, the peer among them.
 * @param metric    of the benchmark, {@code score} for its main one.
 * @param unit      of the values.
 * @param rounds    values of each JVM.
 */
record Series(String benchmark, Map<String, String> params, String metric, String unit, List<double[]> rounds) {
    static final String PEER = "peer";

    Series {
        params = Map.copyOf(params);
        rounds = List.copyOf(rounds);
    }

    String peer() {
        return params.getOrDefault(PEER, "");
    }

    boolean isOf(final String wanted, final Map<String, String> given, final String wantedMetric) {
        return benchmark.equals(wanted)
                && metric.equals(wantedMetric)
                && given.entrySet().stream().allMatch(entry -> entry.getValue().equals(params.get(entry.getKey())));
    }

    /** The mean of the rounds' means. */
    double mean() {
        return rounds.stream()
                .mapToDouble(round -> Arrays.stream(round).average().orElse(Double.NaN))
                .average()
                .orElse(Double.NaN);
    }

    double least() {
        return rounds.stream().flatMapToDouble(Arrays::stream).min().orElse(Double.NaN);
    }

    double most() {
        return rounds.stream().flatMapToDouble(Arrays::stream).max().orElse(Double.NaN);
    }

    int values() {
        return rounds.stream().mapToInt(round -> round.length).sum();
    }
}
