package io.millrace.jmh.demo;

import io.millrace.transport.TlsInfo;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Runs the load and shows it on a page, until the time is over or somebody interrupts. */
final class LiveDemo {
    static final long INTERVAL_MS = 250;
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(INTERVAL_MS);
    private static final int SAMPLES_PER_MINUTE = (int) (TimeUnit.MINUTES.toMillis(1) / INTERVAL_MS);

    private final PrintStream out;
    private final AtomicBoolean interrupted;
    private final String run = UUID.randomUUID().toString();

    LiveDemo(final PrintStream out, final AtomicBoolean interrupted) {
        this.out = out;
        this.interrupted = interrupted;
    }

    /** Returns the exit status: 1 if something was lost or corrupted. */
    int run(final DemoInput input, final String scheme, final LiveSettings settings) throws Exception {
        try (LiveLoad load = new LiveLoad(input, scheme)) {
            final LiveSampler sampler = new LiveSampler(load.counts(0, 0), SAMPLES_PER_MINUTE);
            final String about = about(input, load);
            try (LivePage page = page(
                    settings,
                    () -> about
                            + sampler.minute().stream()
                                    .map(LiveSample::toJson)
                                    .collect(Collectors.joining(",", "[", "]}")),
                    () -> health(load))) {
                load.start();
                out.println("Live page: " + page.uri() + "  (Ctrl-C ends it)");
                out.flush();
                serve(load, sampler, page, settings);
            }
            return verdict(load);
        }
    }

    private static LivePage page(
            final LiveSettings settings, final Supplier<String> hello, final Supplier<String> health)
            throws DemoException, GeneralSecurityException {
        try {
            return new LivePage(settings.secure(), settings.port(), hello, health);
        } catch (final UncheckedIOException ex) {
            throw new DemoException("Port " + settings.port()
                    + " is not to be had: choose another by -Ddemo.port, 0 for any that is free.");
        }
    }

    private void serve(
            final LiveLoad load, final LiveSampler sampler, final LivePage page, final LiveSettings settings) {
        final long start = System.nanoTime();
        long due = start;
        while (!interrupted.get()
                && load.isRunning()
                && System.nanoTime() - start < settings.durationNs().orElse(Long.MAX_VALUE)) {
            due += INTERVAL_NS;
            while (due - System.nanoTime() > 0 && !interrupted.get()) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            page.publish(sampler.sample(load.counts(page.viewers(), page.missed()), load.roundTrips()));
            // A machine that stood still does not owe samples.
            due = Math.max(due, System.nanoTime() - INTERVAL_NS);
        }
    }

    private int verdict(final LiveLoad load) {
        final boolean broken = !load.isRunning();
        load.end();
        final LiveCounts end = load.counts(0, 0);
        out.println(String.format(
                "%,d messages received, %,d connections, %,d of them resumed, %,d offers back-pressured;"
                        + " lost %,d, corrupted %,d",
                end.messages(), end.opened(), end.resumed(), end.backPressured(), load.lost(), end.corrupted()));
        if (broken) {
            out.println("FAILED: a connection of the load ended before its time.");
        }
        return broken || load.lost() + end.corrupted() != 0 ? 1 : 0;
    }

    /** For who asks whether all is well: what the server has counted, now. */
    private static String health(final LiveLoad load) {
        final LiveCounts now = load.counts(0, 0);
        return "{\"status\":\"" + (load.isRunning() ? "ok" : "ending") + "\",\"messages\":" + now.messages()
                + ",\"opened\":" + now.opened() + ",\"resumed\":" + now.resumed()
                + ",\"backPressured\":" + now.backPressured() + ",\"missing\":" + now.missing()
                + ",\"corrupted\":" + now.corrupted() + "}\n";
    }

    /** The beginning of what a viewer is told first; the samples are still to come. */
    private String about(final DemoInput input, final LiveLoad load) {
        final String link = load.tls().map(LiveDemo::describe).orElse("TCP without TLS");
        return "{\"type\":\"hello\",\"run\":" + quoted(run) + ",\"intervalMs\":" + INTERVAL_MS
                + ",\"senders\":" + StreamRun.SENDERS + ",\"steadyRate\":" + LivePace.RATE
                + ",\"steadySeconds\":" + LivePace.STEADY_S + ",\"flatOutSeconds\":" + LivePace.FLAT_OUT_S
                + ",\"pingsPerSecond\":" + LiveLoad.PINGS_PER_SECOND
                + ",\"visitsPerSecond\":" + LiveLoad.VISITS_PER_SECOND
                + ",\"link\":" + quoted(link) + ",\"tls\":" + load.tls().isPresent()
                + ",\"input\":" + quoted(input.describe())
                + ",\"jdk\":" + quoted(Runtime.version().toString())
                + ",\"cores\":" + Runtime.getRuntime().availableProcessors() + ",\"samples\":";
    }

    private static String describe(final TlsInfo tls) {
        return tls.protocol() + ", " + tls.cipherSuite();
    }

    /** A JSON string. */
    static String quoted(final String text) {
        final StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", c));
            } else {
                json.append((char) c);
            }
        });
        return json.append('"').toString();
    }
}
