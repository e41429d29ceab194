package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import java.util.Map;
import java.util.TreeMap;

/** What a run of many seeds has come across: a simulation that never meets a danger proves nothing about it. */
final class SimulationTally {
    private final Map<String, Integer> counts = new TreeMap<>();

    void count(final String event) {
        counts.merge(event, 1, Integer::sum);
    }

    void closed(final CloseReason reason) {
        count(reason.name());
    }

    void refused(final long code) {
        count(code == Connection.BACK_PRESSURED || code == Connection.DROPPED ? "back pressure" : "refused " + code);
    }

    int of(final String event) {
        return counts.getOrDefault(event, 0);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
