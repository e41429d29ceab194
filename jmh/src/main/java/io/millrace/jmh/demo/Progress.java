package io.millrace.jmh.demo;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/** A live line on a terminal; elsewhere a plain line now and then. */
final class Progress {
    private static final long PLAIN_INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);

    private final PrintStream out;
    private final boolean terminal;
    private final String title;
    private long lastNs;
    private int width;

    Progress(final PrintStream out, final boolean terminal, final String title) {
        this.out = out;
        this.terminal = terminal;
        this.title = title;
    }

    void show(
            final long elapsedNs,
            final long records,
            final long bytes,
            final double recordsPerSecond,
            final String remark) {
        final String line = String.format(
                "%-10s %4.1f s  %,13d records  %8.1f MB  %,11.0f records/s  %s",
                title, elapsedNs / 1e9, records, bytes / 1e6, recordsPerSecond, remark);
        final long now = System.nanoTime();
        if (terminal) {
            width = Math.max(width, line.length());
            out.print("\r" + line + " ".repeat(width - line.length()));
            out.flush();
        } else if (now - lastNs >= PLAIN_INTERVAL_NS) {
            lastNs = now;
            out.println(line);
        }
    }

    void end() {
        if (terminal && width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            out.flush();
        }
    }
}
