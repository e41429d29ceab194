package io.millrace.jmh.load;

/**
 * When each message of a step is due: message {@code index} of each connection, connections taking turns at even
 * distances. Both ends work it out by themselves, so that no message carries a time, and a late sender makes a message
 * late, not the schedule. Immutable.
 */
final class Schedule {
    private static final double SECOND_NS = 1e9;

    private final long startNs;
    private final long endNs;
    private final long recordFromNs;
    private final double rate;
    private final int connections;
    private final long[] base;

    /**
     * Plans a step.
     *
     * @param startNs      when the first message is due, by {@code System.nanoTime}.
     * @param endNs        when the step ends: nothing is due from then on.
     * @param recordFromNs messages due earlier are the lead-in, whose latency does not count.
     * @param rate         messages a second over all connections; 0 for as many as are accepted, which are never due.
     * @param connections  how many take turns.
     * @param base         messages that each connection sent before this step.
     */
    Schedule(
            final long startNs,
            final long endNs,
            final long recordFromNs,
            final double rate,
            final int connections,
            final long[] base) {
        this.startNs = startNs;
        this.endNs = endNs;
        this.recordFromNs = recordFromNs;
        this.rate = rate;
        this.connections = connections;
        this.base = base.clone();
    }

    /**
     * What {@link #text} wrote in another JVM of this machine: {@code System.nanoTime} is Linux's CLOCK_MONOTONIC, which all
     * processes have in common.
     *
     * @param text as written.
     * @param base messages that each connection sent before this step.
     * @return the same schedule.
     */
    static Schedule parse(final String text, final long[] base) {
        final String[] words = text.split(" ", -1);
        return new Schedule(
                Long.parseLong(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Double.parseDouble(words[3]),
                base.length,
                base);
    }

    /** All but the connections' counts. */
    String text() {
        return startNs + " " + endNs + " " + recordFromNs + " " + rate;
    }

    long endNs() {
        return endNs;
    }

    long recordFromNs() {
        return recordFromNs;
    }

    double rate() {
        return rate;
    }

    /** Nobody waits for anything. */
    boolean unpaced() {
        return rate == 0;
    }

    /** When a connection's message of this step is due. */
    long dueNs(final int connection, final long index) {
        return startNs + (long) ((index * connections + connection) * SECOND_NS / rate);
    }

    /** As {@link #dueNs}, for the messages a connection counts since it was opened. */
    long dueNsOfTotal(final int connection, final long total) {
        return dueNs(connection, total - base[connection]);
    }

    /** Messages that are due in all. */
    long scheduled() {
        return (long) Math.ceil((endNs - startNs) / SECOND_NS * rate);
    }

    double seconds() {
        return (endNs - startNs) / SECOND_NS;
    }
}
