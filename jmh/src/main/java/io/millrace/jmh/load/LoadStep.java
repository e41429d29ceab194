package io.millrace.jmh.load;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * One rate, measured. Latencies count from the time a message was due, in µs; they are 0 when nothing was ever due, and
 * what was due and never sent counts with the time that it had waited by the end.
 *
 * @param label           of what was measured.
 * @param peer            who carried the messages.
 * @param security        below them.
 * @param connections     that took turns.
 * @param senders         threads.
 * @param length          of a message in bytes.
 * @param rate            asked for, messages a second; 0 for as many as are accepted.
 * @param fork            number of the JVM.
 * @param serverJvm       whether the server had a JVM of its own; what was used is of both.
 * @param seconds         that it took.
 * @param scheduled       messages due; 0 if none had a time.
 * @param sent            messages accepted by the peer.
 * @param received        messages that had arrived, whole and in order, when the step ended.
 * @param held            whether 99 % of those scheduled had.
 * @param messagesPerS    received.
 * @param perCore         the same for each core of the machine.
 * @param p50             and so on.
 * @param cpuUsPerMessage of both ends, the senders' waiting left out.
 * @param coresBusy       CPU time over time, the senders' waiting included.
 * @param bytesPerMessage allocated by both ends.
 * @param collections     of garbage meanwhile.
 * @param collectionMs    the time that they took.
 * @param jdkVersion      that ran it.
 */
record LoadStep(
        String label,
        String peer,
        String security,
        int connections,
        int senders,
        int length,
        double rate,
        int fork,
        boolean serverJvm,
        double seconds,
        long scheduled,
        long sent,
        long received,
        boolean held,
        double messagesPerS,
        double perCore,
        double p50,
        double p90,
        double p99,
        double p999,
        double p9999,
        double max,
        double cpuUsPerMessage,
        double coresBusy,
        double bytesPerMessage,
        long collections,
        long collectionMs,
        String jdkVersion) {
    private static final double HELD = 0.99;
    private static final double US = 1e3;

    static LoadStep of(
            final LoadPlan plan,
            final Schedule schedule,
            final long sent,
            final long received,
            final Usage usage,
            final double senderCpuNs,
            final double offerCpuNs,
            final Histogram latencies) {
        final double seconds = schedule.seconds();
        final long scheduled = schedule.unpaced() ? 0 : schedule.scheduled();
        return new LoadStep(
                plan.label(),
                plan.peer(),
                plan.security().name(),
                plan.connections(),
                plan.senders(),
                plan.length(),
                schedule.rate(),
                plan.fork(),
                plan.serverJvm(),
                seconds,
                scheduled,
                sent,
                received,
                received >= HELD * scheduled,
                received / seconds,
                received / seconds / Runtime.getRuntime().availableProcessors(),
                latencies.getValueAtPercentile(50) / US,
                latencies.getValueAtPercentile(90) / US,
                latencies.getValueAtPercentile(99) / US,
                latencies.getValueAtPercentile(99.9) / US,
                latencies.getValueAtPercentile(99.99) / US,
                latencies.getMaxValue() / US,
                (usage.cpuNs() - senderCpuNs + offerCpuNs) / US / Math.max(1, received),
                usage.cpuNs() / 1e9 / seconds,
                usage.allocatedBytes() / (double) Math.max(1, received),
                usage.collections(),
                usage.collectionMs(),
                System.getProperty("java.version"));
    }

    static String heading() {
        return String.format(
                "%-34s %6s %9s %11s %11s %9s %9s %9s %9s %8s %8s",
                "peer",
                "conns",
                "rate/s",
                "received/s",
                "p50 µs",
                "p99 µs",
                "p99.9 µs",
                "max µs",
                "CPU µs",
                "B/msg",
                "");
    }

    String row() {
        return String.format(
                        Locale.ROOT,
                        "%-34s %6d %9s %11.0f %11.1f %9.1f %9.1f %9.0f %9.2f %8.1f %8s",
                        peer + " " + security.toLowerCase(Locale.ROOT),
                        connections,
                        rate == 0 ? "max" : String.format(Locale.ROOT, "%.0f", rate),
                        messagesPerS,
                        p50,
                        p99,
                        p999,
                        max,
                        cpuUsPerMessage,
                        bytesPerMessage,
                        held ? "" : "NOT HELD")
                .stripTrailing();
    }
}
