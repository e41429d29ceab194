package io.millrace.jmh.demo;

import io.millrace.transport.TlsInfo;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The demo's two runs side by side. */
final class ResultTable {
    private static final String ABSENT = "-";

    private final PrintStream out;
    private final Optional<StreamRun.Result> millrace;
    private final Optional<StreamRun.Result> sslSocket;

    ResultTable(
            final PrintStream out,
            final Optional<StreamRun.Result> millrace,
            final Optional<StreamRun.Result> sslSocket) {
        this.out = out;
        this.millrace = millrace;
        this.sslSocket = sslSocket;
    }

    void print() {
        line("", "Millrace", "SSLSocket", "ratio");
        out.println("-".repeat(92));
        counts("records sent", StreamRun.Result::sent);
        counts("records received", StreamRun.Result::received);
        counts("bytes sent", StreamRun.Result::sentBytes);
        counts("bytes received", StreamRun.Result::receivedBytes);
        counts("lost", StreamRun.Result::lost);
        counts("corrupted", StreamRun.Result::corrupted);
        ratio("records/s", "%,.0f", StreamRun.Result::recordsPerSecond, false);
        ratio("MB/s", "%,.1f", StreamRun.Result::megabytesPerSecond, false);
        roundTrip("p50", 50);
        roundTrip("p90", 90);
        roundTrip("p99", 99);
        roundTrip("p99.9", 99.9);
        roundTrip("max", 100);
        text("TLS", result -> result.tls().map(TlsInfo::protocol).orElse("none"));
        text("cipher", result -> result.tls().map(TlsInfo::cipherSuite).orElse("none"));
    }

    private void roundTrip(final String name, final double percentile) {
        ratio(
                "round trip " + name + ", µs",
                "%,.1f",
                result -> result.roundTrips().getValueAtPercentile(percentile) / 1e3,
                true);
    }

    private void counts(final String name, final Function<StreamRun.Result, Long> value) {
        text(name, result -> String.format("%,d", value.apply(result)));
    }

    private void text(final String name, final Function<StreamRun.Result, String> value) {
        line(name, millrace.map(value).orElse(ABSENT), sslSocket.map(value).orElse(ABSENT), "");
    }

    /** The ratio says how many times better Millrace is. */
    private void ratio(
            final String name,
            final String format,
            final ToDoubleFunction<StreamRun.Result> value,
            final boolean lessIsBetter) {
        final Function<StreamRun.Result, String> cell = result -> String.format(format, value.applyAsDouble(result));
        final Optional<String> ratio = millrace.flatMap(ours -> sslSocket.map(theirs -> {
            final double quotient = value.applyAsDouble(ours) / value.applyAsDouble(theirs);
            return String.format("%.1f x", lessIsBetter ? 1 / quotient : quotient);
        }));
        line(name, millrace.map(cell).orElse(ABSENT), sslSocket.map(cell).orElse(ABSENT), ratio.orElse(ABSENT));
    }

    private void line(final String name, final String ours, final String theirs, final String ratio) {
        out.println(
                String.format("%-22s %28s %28s %11s", name, ours, theirs, ratio).stripTrailing());
    }
}
