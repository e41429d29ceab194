package io.millrace.jmh.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Sorts stacks, as {@code perf script} prints them and as the Flight Recorder records them, by the stage of a message's way that
 * they belong to. One thread.
 */
final class Stages {
    /** A stage and what a frame of it looks like; the first that any frame matches counts. */
    private record Rule(String stage, Pattern frame) {
        Rule(final String stage, final String frame) {
            this(stage, Pattern.compile(frame));
        }
    }

    private static final String OFFER = "offer: claim, copy, commit";
    private static final String YIELD = "waiting: yield, park, poll";
    private static final String HARNESS = "the benchmark itself";

    private static final Pattern YIELDS =
            Pattern.compile("sched_yield|JVM_Yield|Thread\\.yield|futex|Unsafe_Park|epoll_wait");

    /** Of threads in Java, and in native methods. */
    private static final Set<String> SAMPLES = Set.of("jdk.ExecutionSample", "jdk.NativeMethodSample");

    private static final String ASLEEP = "sun.nio.ch.EPoll.wait()";

    private static final List<Rule> SENDER = List.of(
            new Rule("waiting for room: yield", YIELDS.pattern()),
            new Rule(OFFER, "SendLane|RingCell|\\.ring\\.|\\.offer\\("),
            new Rule(HARNESS, "."));

    private static final List<Rule> CONNECTION = List.of(
            new Rule(YIELD, YIELDS.pattern()),
            new Rule("socket write", "FileDispatcherImpl\\.write|libc_write|ksys_write|\\bwrite0"),
            new Rule("socket read, in vain too", "SocketDispatcher\\.read|ksys_read|^read$|\\bread0"),
            new Rule("cipher", "(?i)galois|ghash|aescrypt|countermode|aes_"),
            new Rule("JSSE around the cipher", "sun\\.security\\.|javax\\.crypto|javax\\.net\\.ssl|com\\.sun\\.crypto"),
            new Rule(HARNESS, "Arrivals|jmh\\.connection\\.Payload|RoundTrips|HdrHistogram"),
            new Rule("clock", "clock_gettime|nanoTime|javaTimeNanos"),
            new Rule(OFFER, "SendLane"),
            new Rule("framing and hand-over", "decode|Inbound|Receiver"),
            new Rule("ring: regions, release", "\\.ring\\.|RingCell|Outbound"),
            new Rule("duty cycle", "."));

    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private int samples;

    /** A stack, innermost frame first, of a thread. Those that are neither senders nor connections don't count. */
    void add(final String thread, final List<String> frames) {
        final List<Rule> rules;
        if (thread.startsWith("sender")) {
            rules = SENDER;
        } else if (thread.startsWith("millrace")) {
            rules = CONNECTION;
        } else {
            return;
        }
        samples++;
        final String stage = rules.stream()
                .filter(rule -> frames.stream()
                        .anyMatch(frame -> rule.frame().matcher(frame).find()))
                .map(Rule::stage)
                .findFirst()
                .orElse("unknown");
        counts.merge((rules == SENDER ? "sender: " : "connection: ") + stage, 1, Integer::sum);
    }

    int samples() {
        return samples;
    }

    /** Parts of 100 by stage. */
    Map<String, Double> percents() {
        final Map<String, Double> percents = new LinkedHashMap<>();
        counts.forEach((stage, count) -> percents.put(stage, 100.0 * count / samples));
        return percents;
    }

    /** Reads what {@code perf script -F comm,ip,sym,dso} prints: a thread's name, its frames, an empty line. */
    void read(final Iterator<String> lines) {
        String thread = null;
        final List<String> frames = new ArrayList<>();
        while (lines.hasNext()) {
            final String line = lines.next();
            if (line.isBlank()) {
                if (thread != null) {
                    add(thread, frames);
                }
                thread = null;
                frames.clear();
            } else if (thread == null) {
                thread = line.trim();
            } else {
                frames.add(symbol(line.trim()));
            }
        }
        if (thread != null) {
            add(thread, frames);
        }
    }

    /** Reads the samples of a recording. */
    void read(final Path recording) throws IOException {
        try (RecordingFile events = new RecordingFile(recording)) {
            while (events.hasMoreEvents()) {
                final RecordedEvent event = events.readEvent();
                final RecordedThread thread =
                        SAMPLES.contains(event.getEventType().getName()) ? event.getThread("sampledThread") : null;
                if (thread != null && thread.getJavaName() != null && event.getStackTrace() != null) {
                    addAwake(
                            thread.getJavaName(),
                            event.getStackTrace().getFrames().stream()
                                    .map(Stages::symbol)
                                    .toList());
                }
            }
        }
    }

    /** The recorder takes a thread inside a native method for one that runs; one in epoll sleeps. */
    private void addAwake(final String thread, final List<String> frames) {
        if (frames.isEmpty() || !frames.get(0).equals(ASLEEP)) {
            add(thread, frames);
        }
    }

    /** As perf names it, without the types. */
    private static String symbol(final RecordedFrame frame) {
        final RecordedMethod method = frame.getMethod();
        return method.getType().getName() + "." + method.getName() + "()";
    }

    /** Between the address and the file in brackets. */
    private static String symbol(final String frame) {
        final int from = frame.indexOf(' ') + 1;
        final int to = frame.lastIndexOf(" (");
        return to > from ? frame.substring(from, to) : frame.substring(from);
    }
}
