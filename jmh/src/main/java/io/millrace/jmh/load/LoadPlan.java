package io.millrace.jmh.load;

import io.millrace.jmh.connection.Payload;
import io.millrace.jmh.connection.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What one JVM is to measure.
 *
 * @param label          of what is measured, for files and reports; may be empty.
 * @param peer           by the name that the benchmarks use.
 * @param security       below the messages.
 * @param connections    to one server.
 * @param senders        threads that share the connections out.
 * @param length         of a message in bytes, without its header.
 * @param rates          messages a second over all connections, a step each; 0 for as many as are accepted.
 * @param untilSaturated ends at the first step that could not be held.
 * @param warmUpSeconds  at the first rate, and not counted.
 * @param seconds        of each step.
 * @param fork           number of this JVM among those that measure the same.
 * @param serverJvm      whether the server has a JVM of its own.
 */
record LoadPlan(
        String label,
        String peer,
        Security security,
        int connections,
        int senders,
        int length,
        List<Double> rates,
        boolean untilSaturated,
        int warmUpSeconds,
        int seconds,
        int fork,
        boolean serverJvm) {
    private static final double MAX_RATE = 1e9;
    private static final int MAX_SECONDS = 3600;
    private static final int MAX_LENGTH = 64 * 1024 - 4;

    LoadPlan {
        if (!label.matches("[A-Za-z0-9]*")) {
            throw new IllegalArgumentException("label must be of letters and digits: label=" + label);
        }
        within("connections", connections, 1, Payload.MAX_SENDERS);
        within("senders", senders, 1, connections);
        within("length", length, Payload.MIN_LENGTH, MAX_LENGTH);
        within("seconds", seconds, 1, MAX_SECONDS);
        within("warm-up", warmUpSeconds, 0, MAX_SECONDS);
        if (serverJvm && security != Security.PLAIN) {
            throw new IllegalArgumentException("server-jvm is only for plain connections: security=" + security);
        }
        rates = List.copyOf(rates);
        if (rates.isEmpty()) {
            throw new IllegalArgumentException("rate is missing");
        }
        for (final double rate : rates) {
            if (!(rate >= 0 && rate <= MAX_RATE)) {
                throw new IllegalArgumentException("rate must be from 1 to 1e9, or max: rate=" + rate);
            }
        }
    }

    private static void within(final String name, final int value, final int least, final int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be from " + least + " to " + most + ": " + name + "=" + value);
        }
    }

    /** Options of the rig that say the same. */
    List<String> options() {
        final List<String> options = new ArrayList<>(List.of(
                "--peer", peer,
                "--security", security.name(),
                "--connections", Integer.toString(connections),
                "--senders", Integer.toString(senders),
                "--length", Integer.toString(length),
                "--rate", rates.stream().map(Rate::text).collect(Collectors.joining(",")),
                "--warm-up", Integer.toString(warmUpSeconds),
                "--seconds", Integer.toString(seconds),
                "--fork-number", Integer.toString(fork)));
        if (!label.isEmpty()) {
            options.addAll(List.of("--label", label));
        }
        if (untilSaturated) {
            options.add("--until-saturated");
        }
        if (serverJvm) {
            options.add("--server-jvm");
        }
        return options;
    }

    /** What the measuring takes, without opening and ending connections. */
    long totalSeconds() {
        return warmUpSeconds + (long) seconds * rates.size();
    }

    /** For files. */
    String name(final double rate) {
        return "load-" + (label.isEmpty() ? "" : label + "-") + name() + "-"
                + (rate == 0 ? "max" : Long.toString((long) rate)) + "-" + fork;
    }

    /** Without a rate. */
    String name() {
        return security.name().toLowerCase(Locale.ROOT) + "-" + connections + "c-" + length + "b-" + peer
                + (serverJvm ? "-server-jvm" : "");
    }
}
