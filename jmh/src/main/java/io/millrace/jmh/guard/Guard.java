package io.millrace.jmh.guard;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Runs all contests, prints a table, and exits with 1 if one has failed. Takes a minute. */
public final class Guard {
    private static final long ROUND_NS = TimeUnit.MILLISECONDS.toNanos(300);

    private Guard() {}

    /**
     * Runs.
     *
     * @param args none.
     */
    public static void main(final String[] args) {
        final boolean held = run(Contests.all(), System.out, ROUND_NS, Others::look);
        System.exit(held ? 0 : 1);
    }

    /** Runs each contest, whatever became of the one before; returns whether all held. */
    static boolean run(
            final List<Contest> contests,
            final PrintStream out,
            final long roundNs,
            final Supplier<Others.Look> looks) {
        final long startNs = System.nanoTime();
        final List<String> complaints = new ArrayList<>();
        out.println(Verdict.HEADER);
        for (final Contest contest : contests) {
            try {
                final Verdict verdict = contest.decide(roundNs, looks);
                out.println(verdict.row());
                if (verdict.fails()) {
                    complaints.add(verdict.complaint());
                }
            } catch (final Exception ex) {
                complaints.add(contest.name() + " broke: " + ex + (ex.getCause() == null ? "" : ": " + ex.getCause()));
            }
        }
        complaints.forEach(complaint -> out.println("FAILED: " + complaint));
        out.println((contests.size() - complaints.size()) + " of " + contests.size() + " ratios did not fail, "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs) + " s");
        return complaints.isEmpty();
    }
}
